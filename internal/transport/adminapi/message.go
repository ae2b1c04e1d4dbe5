package adminapi

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// messages can be seen and removed. Nobody writes in another's name.
func messages(c Config) *Model {
	return &Model{
		Name: panel.Messages, Label: "Message", Plural: "Messages", Icon: "message",
		View: account.Viewer, Edit: account.Editor,
		Columns: []Column{
			{Name: "sender", Label: "Sender", Kind: RelationColumn, Model: panel.Users},
			{Name: "receiver", Label: "Receiver", Kind: RelationColumn, Model: panel.Users},
			{Name: "content", Label: "Content", Kind: TextColumn, Unsorted: true},
			{Name: "created_at", Label: "Created at", Kind: TimeColumn},
		},
		Detail: "sender", Order: "-created_at", Search: []string{"sender", "receiver", "content"}, SearchHint: "Sender, receiver or content",
		Filters: []Filter{
			{Name: "sender", Label: "Sender", Kind: RelationFilter, Model: panel.Users},
			{Name: "receiver", Label: "Receiver", Kind: RelationFilter, Model: panel.Users},
			// What the page of a user refers to.
			{Name: "party", Label: "Sender or receiver", Kind: RelationFilter, Model: panel.Users, Uncounted: true},
			createdAt(),
		},
		Fieldsets: []Fieldset{
			{Label: "Message details", Fields: []Field{
				{Name: "sender", Label: "Sender", Kind: RelationField, Model: panel.Users, ReadOnly: true},
				{Name: "receiver", Label: "Receiver", Kind: RelationField, Model: panel.Users, ReadOnly: true},
				{Name: "content", Label: "Content", Kind: TextareaField, ReadOnly: true},
			}},
			timestamps(),
		},
		Actions: []Action{{
			Name: deletion, Label: "Delete", Danger: true, Confirm: "Delete these messages for both sides?",
			Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
				return c.Chat.Remove(ctx, actor, id)
			},
		}},
	}
}
