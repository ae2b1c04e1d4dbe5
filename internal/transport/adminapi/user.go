package adminapi

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/panel"
)

func users(c Config) *Model {
	roles := roleChoices()
	change := func(ctx context.Context, actor account.Actor, id int64, in account.UserChange) error {
		_, err := c.Accounts.UpdateUser(ctx, actor, id, in)
		return err
	}
	m := &Model{
		Name: panel.Users, Label: "User", Plural: "Users", Icon: "users",
		View: account.Viewer, Edit: account.Administrator,
		Columns: []Column{
			{Name: "image", Label: "Picture", Kind: ImageColumn, Unsorted: true},
			{Name: "email", Label: "E-mail", Kind: TextColumn},
			{Name: "full_name", Label: "Full name", Kind: TextColumn},
			{Name: "role", Label: "Role", Kind: BadgeColumn},
			{Name: "active", Label: "Active", Kind: BoolColumn},
			{Name: "last_login_at", Label: "Last login", Kind: TimeColumn},
			{Name: "created_at", Label: "Joined", Kind: TimeColumn},
		},
		Detail: "email", Order: "-created_at", Search: []string{"email", "full_name"}, SearchHint: "E-mail or name",
		Filters: []Filter{
			{Name: "role", Label: "Role", Kind: ChoiceFilter, Choices: roles},
			{Name: "active", Label: "Active", Kind: BoolFilter},
			{Name: "created_at", Label: "Joined", Kind: DateFilter},
		},
		Fieldsets: []Fieldset{
			{Label: "Account", Fields: []Field{
				{Name: "email", Label: "E-mail", Kind: EmailField, Required: true, Max: account.MaxEmail},
				{Name: "verified", Label: "E-mail verified", Kind: BoolField, Help: "The address is known to be his."},
				{Name: "password", Label: "Password", Kind: PasswordField, Required: true, Max: account.MaxPassword,
					Help: "At least 8 characters, not only digits, nothing common, nothing like the e-mail. " +
						"Left out of a change, it stays; a new one signs the user out everywhere."},
			}},
			{Label: "Personal", Fields: []Field{
				{Name: "full_name", Label: "Full name", Kind: TextField, Required: true, Max: account.MaxFullName},
				{Name: "image", Label: "Picture", Kind: ImageField, Accept: imageFiles, On: ChangeForm},
			}},
			{Label: "Permissions", Fields: []Field{
				{Name: "active", Label: "Active", Kind: BoolField, On: ChangeForm, Help: "May sign in."},
				{Name: "role", Label: "Role", Kind: ChoiceField, Choices: roles,
					Help: "Viewers see this panel, editors also change the catalogue, admins may do everything."},
			}},
			{Label: "Elsewhere", Collapsed: true, Fields: []Field{
				{Name: "identities", Label: "Signs in by", Kind: TextField, On: ChangeForm, ReadOnly: true,
					Help: "The providers that this account is linked to."},
				{Name: "external_id", Label: "External id", Kind: TextField, On: ChangeForm, ReadOnly: true,
					Help: "What Clerk calls somebody who comes from there."},
			}},
			{Label: "Important dates", Fields: []Field{
				{Name: "last_login_at", Label: "Last login", Kind: TimeField, On: ChangeForm, ReadOnly: true},
				{Name: "created_at", Label: "Joined", Kind: TimeField, On: ChangeForm, ReadOnly: true},
			}},
		},
		Add: func(ctx context.Context, actor account.Actor, v Values) (int64, error) {
			role, _ := account.ParseRole(value[string](v, "role")) // a choice; a member if it was left out
			u, err := c.Accounts.Create(ctx, actor, account.NewUser{
				Email: value[string](v, "email"), FullName: value[string](v, "full_name"),
				Password: value[string](v, "password"), Verified: value[bool](v, "verified"), Role: role,
			})
			return u.ID, err
		},
		Change: func(ctx context.Context, actor account.Actor, id int64, v Values) error {
			in := account.UserChange{
				Email: given[string](v, "email"), FullName: given[string](v, "full_name"),
				Active: given[bool](v, "active"), Verified: given[bool](v, "verified"),
				Password: given[string](v, "password"),
				Image:    given[file.Upload](v, "image"), ClearImage: v.cleared("image"),
			}
			if name := given[string](v, "role"); name != nil {
				role, _ := account.ParseRole(*name)
				in.Role = &role
			}
			return change(ctx, actor, id, in)
		},
		Actions: []Action{
			{Name: "activate", Label: "Activate",
				Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
					return change(ctx, actor, id, account.UserChange{Active: new(true)})
				}},
			{Name: "deactivate", Label: "Deactivate", Danger: true, Confirm: "Sign these users out and keep them out?",
				Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
					return change(ctx, actor, id, account.UserChange{Active: new(false)})
				}},
		},
	}
	for i, role := range roles {
		m.Actions = append(m.Actions, Action{
			Name: "make_" + role.Value, Label: "Make " + role.Label, Confirm: "Give these users the role " + role.Label + "?",
			Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
				return change(ctx, actor, id, account.UserChange{Role: new(account.Role(i))})
			},
		})
	}
	m.Actions = append(m.Actions, Action{
		Name: "send_reset", Label: "Send a link to a new password", Confirm: "Send these users links by which they may set their passwords?",
		Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
			return c.Accounts.SendReset(ctx, actor, id)
		},
	}, Action{
		Name: "reset_factors", Label: "Remove second factors", Danger: true,
		Confirm: "Let these users sign in with their passwords alone? It is for those who have lost their second factors.",
		Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
			return c.Accounts.ResetFactors(ctx, actor, id)
		},
	}, Action{
		Name: deletion, Label: "Delete", Danger: true, Cascade: true,
		Confirm: "Delete these users with all their messages?",
		Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
			return c.Accounts.DeleteUser(ctx, actor, id)
		},
	})
	return m
}
