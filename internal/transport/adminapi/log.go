package adminapi

import (
	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// changes is the log of who changed what, which nobody changes.
func changes() *Model {
	return &Model{
		Name: panel.Log, Label: "Change", Plural: "Changes", Icon: "history",
		View: account.Viewer, Edit: account.Administrator,
		Columns: []Column{
			{Name: "created_at", Label: "At", Kind: TimeColumn},
			{Name: "actor", Label: "By", Kind: TextColumn},
			{Name: "action", Label: "Action", Kind: BadgeColumn},
			{Name: "model", Label: "Kind", Kind: BadgeColumn},
			{Name: "object", Label: "Object", Kind: TextColumn},
		},
		Order: "-created_at", Search: []string{"actor", "object"}, SearchHint: "Who or what",
		Filters: []Filter{
			{Name: "action", Label: "Action", Kind: ChoiceFilter, Choices: []Choice{
				{string(audit.Added), "Added"}, {string(audit.Changed), "Changed"}, {string(audit.Deleted), "Deleted"},
			}},
			{Name: "model", Label: "Kind", Kind: ChoiceFilter, Choices: []Choice{
				{audit.Songs, "Songs"}, {audit.Albums, "Albums"}, {audit.Users, "Users"},
				{audit.Messages, "Messages"}, {audit.Tokens, "Tokens"}, {audit.Sessions, "Sessions"},
				{audit.Invitations, "Invitations"},
			}},
			{Name: "actor", Label: "By", Kind: ChoiceFilter},
			createdAt(),
		},
		Fieldsets: []Fieldset{{Label: "Change", Fields: []Field{
			{Name: "created_at", Label: "At", Kind: TimeField, ReadOnly: true},
			{Name: "actor", Label: "By", Kind: TextField, ReadOnly: true},
			{Name: "action", Label: "Action", Kind: TextField, ReadOnly: true},
			{Name: "model", Label: "Kind", Kind: TextField, ReadOnly: true},
			{Name: "object_id", Label: "Id", Kind: TextField, ReadOnly: true},
			{Name: "object", Label: "Object", Kind: TextField, ReadOnly: true},
			{Name: "changes", Label: "Changes", Kind: TextareaField, ReadOnly: true},
		}}},
	}
}
