package adminapi

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
)

func invitations(c Config) *Model {
	roles := roleChoices()
	return &Model{
		Name: panel.Invitations, Label: "Invitation", Plural: "Invitations", Icon: "mail",
		View: account.Administrator, Edit: account.Administrator,
		Columns: []Column{
			{Name: "email", Label: "E-mail", Kind: TextColumn},
			{Name: "role", Label: "Role", Kind: BadgeColumn},
			{Name: "inviter", Label: "Invited by", Kind: TextColumn},
			{Name: "created_at", Label: "Created at", Kind: TimeColumn},
			{Name: "expires_at", Label: "Expires at", Kind: TimeColumn},
			{Name: "state", Label: "State", Kind: BadgeColumn, Unsorted: true, Of: invitationState},
		},
		Detail: "role", Order: "-created_at", Search: []string{"email", "inviter"}, SearchHint: "E-mail or who invited",
		Filters: []Filter{
			{Name: "role", Label: "Role", Kind: ChoiceFilter, Choices: roles},
			{Name: "inviter", Label: "Invited by", Kind: ChoiceFilter},
			createdAt(),
		},
		Fieldsets: []Fieldset{{Label: "Invitation", Fields: []Field{
			{Name: "email", Label: "E-mail", Kind: EmailField, Required: true, Max: account.MaxEmail,
				Help: "Gets a link by which its owner can make an account."},
			{Name: "role", Label: "Role", Kind: ChoiceField, Choices: roles,
				Help: "Viewers see this panel, editors also change the catalogue, admins may do everything."},
			{Name: "inviter", Label: "Invited by", Kind: TextField, On: ChangeForm, ReadOnly: true},
			{Name: "created_at", Label: "Created at", Kind: TimeField, On: ChangeForm, ReadOnly: true},
			{Name: "expires_at", Label: "Expires at", Kind: TimeField, On: ChangeForm, ReadOnly: true},
		}}},
		Add: func(ctx context.Context, actor account.Actor, v Values) (int64, error) {
			role, _ := account.ParseRole(value[string](v, "role")) // a choice; a member if it was left out
			i, err := c.Accounts.Invite(ctx, actor, account.NewInvitation{Email: value[string](v, "email"), Role: role})
			return i.ID, err
		},
		Actions: []Action{
			{Name: "send_again", Label: "Send again", Confirm: "Send these people new links in place of those that they have?",
				Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
					return c.Accounts.Reinvite(ctx, actor, id)
				}},
			{Name: deletion, Label: "Take back", Danger: true, Confirm: "Take these invitations back?",
				Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
					return c.Accounts.Uninvite(ctx, actor, id)
				}},
		},
	}
}

// invitationState tells the invitations that wait for an answer from those whose
// time is over. Those that were accepted are gone.
func invitationState(values map[string]any, now time.Time) any {
	if expires, ok := values["expires_at"].(time.Time); ok && !now.Before(expires) {
		return "expired"
	}
	return "open"
}

// roleChoices are all roles, the least first.
func roleChoices() []Choice {
	return []Choice{
		{account.Member.String(), "Member"},
		{account.Viewer.String(), "Viewer"},
		{account.Editor.String(), "Editor"},
		{account.Administrator.String(), "Admin"},
	}
}
