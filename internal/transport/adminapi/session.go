package adminapi

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
)

func sessions(c Config) *Model {
	return &Model{
		Name: panel.Sessions, Label: "Session", Plural: "Sessions", Icon: "globe",
		View: account.Administrator, Edit: account.Administrator,
		Columns: []Column{
			{Name: "user", Label: "User", Kind: RelationColumn, Model: panel.Users},
			{Name: "label", Label: "Browser", Kind: TextColumn},
			{Name: "created_at", Label: "Created at", Kind: TimeColumn},
			{Name: "expires_at", Label: "Expires at", Kind: TimeColumn},
		},
		Detail: "user", Order: "-created_at", Search: []string{"user", "label"}, SearchHint: "User or browser",
		Filters: []Filter{
			{Name: "user", Label: "User", Kind: RelationFilter, Model: panel.Users},
			createdAt(),
		},
		Fieldsets: []Fieldset{{Label: "Session", Fields: []Field{
			{Name: "user", Label: "User", Kind: RelationField, Model: panel.Users, ReadOnly: true},
			{Name: "label", Label: "Browser", Kind: TextField, ReadOnly: true, Help: "As it called itself."},
			{Name: "created_at", Label: "Created at", Kind: TimeField, ReadOnly: true},
			{Name: "expires_at", Label: "Expires at", Kind: TimeField, ReadOnly: true},
		}}},
		Actions: []Action{{
			Name: deletion, Label: "End", Danger: true, Confirm: "Sign these browsers out?",
			Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
				return c.Accounts.RevokeSessionOf(ctx, actor, id)
			},
		}},
	}
}
