package adminapi

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
)

func tokens(c Config) *Model {
	return &Model{
		Name: panel.Tokens, Label: "Token", Plural: "Tokens", Icon: "key",
		View: account.Administrator, Edit: account.Administrator,
		Columns: []Column{
			{Name: "user", Label: "User", Kind: RelationColumn, Model: panel.Users},
			{Name: "label", Label: "Client", Kind: TextColumn},
			{Name: "created_at", Label: "Created at", Kind: TimeColumn},
			{Name: "last_used_at", Label: "Last used", Kind: TimeColumn},
		},
		Detail: "user", Order: "-created_at", Search: []string{"user", "label"}, SearchHint: "User or client",
		Filters: []Filter{
			{Name: "user", Label: "User", Kind: RelationFilter, Model: panel.Users},
			createdAt(),
			{Name: "last_used_at", Label: "Last used", Kind: DateFilter},
		},
		Fieldsets: []Fieldset{{Label: "Token", Fields: []Field{
			{Name: "user", Label: "User", Kind: RelationField, Model: panel.Users, ReadOnly: true},
			{Name: "label", Label: "Client", Kind: TextField, ReadOnly: true, Help: "What signed in, as it called itself."},
			{Name: "created_at", Label: "Created at", Kind: TimeField, ReadOnly: true},
			{Name: "last_used_at", Label: "Last used", Kind: TimeField, ReadOnly: true},
		}}},
		Actions: []Action{{
			Name: deletion, Label: "Revoke", Danger: true, Confirm: "Sign these clients out?",
			Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
				return c.Accounts.RevokeTokenOf(ctx, actor, id)
			},
		}},
	}
}
