package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"golang.org/x/term"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/errs"
)

type userCommand struct {
	Create       userCreate       `cmd:"" help:"Create an account; its e-mail counts as verified."`
	List         userList         `cmd:"" help:"List the accounts."`
	SetRole      userSetRole      `cmd:"" help:"Say how much an account may do."`
	SetAdmin     userSetAdmin     `cmd:"" help:"Give an account the admin right, or take it."`
	SetPassword  userSetPassword  `cmd:"" help:"Set an account's password and end its sessions."`
	ResetFactors userResetFactors `cmd:"" help:"Take the second factors from an account whose owner has lost them."`
	Deactivate   userDeactivate   `cmd:"" help:"Shut an account out, or let it in again."`
}

// password asks for a password, or reads it from the standard input if that is
// no terminal, so that it is never in the process list.
func password() (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return firstLine(os.Stdin)
	}
	fmt.Fprint(os.Stderr, "Password: ")
	p, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return string(p), err
}

// firstLine returns the first line of r without its end, whose kind does not
// matter. It need not end at all.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxLine)).ReadString('\n')
	if err != nil && (err != io.EOF || line == "") {
		return "", fmt.Errorf("read the password from the standard input: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// maxLine is more than any password has, in bytes.
const maxLine = 64 << 10

type userCreate struct {
	Email    string `arg:"" help:"E-mail address."`
	FullName string `arg:"" help:"Full name."`
	Role     role   `env:"-" default:"member" help:"What it may do: member, viewer (sees the admin panel), editor (also changes the catalogue) or admin."`
	Admin    bool   `env:"-" help:"Make it an admin: the same as --role=admin."`
}

// Run creates the account.
func (u userCreate) Run(ctx context.Context, c *config.Config) error {
	return open(ctx, c, func(a *app.App) error {
		p, err := password()
		if err != nil {
			return err
		}
		if u.Admin {
			u.Role = role(account.Administrator)
		}
		made, err := a.Accounts.Create(ctx, account.Operator(), account.NewUser{
			Email: u.Email, FullName: u.FullName, Password: p, Verified: true, Role: account.Role(u.Role),
		})
		if err != nil {
			return explain(err)
		}
		fmt.Println("created", made.Email)
		return nil
	})
}

type userList struct{}

// Run lists the accounts.
func (userList) Run(ctx context.Context, c *config.Config) error {
	return open(ctx, c, func(a *app.App) error {
		users, _, err := a.Accounts.Users(ctx, account.Operator(), account.UserFilter{})
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		if _, err := fmt.Fprintln(out, "ID\tE-MAIL\tNAME\tRIGHTS\tJOINED\tLAST LOGIN"); err != nil {
			return err
		}
		for _, u := range users {
			last := "never"
			if !u.LastLogin.IsZero() {
				last = u.LastLogin.Format(time.DateOnly)
			}
			_, err := fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%s\n",
				u.ID, plain(u.Email), plain(u.FullName), rights(u), u.Joined.Format(time.DateOnly), last)
			if err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// plain replaces what would upset the table or the terminal: people choose
// their names themselves.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

func rights(u account.User) string {
	switch {
	case !u.Active:
		return "deactivated"
	case u.Role() == account.Member:
		return "user"
	}
	return u.Role().String()
}

// role is a role as it is typed in.
type role account.Role

// UnmarshalText reads it.
func (r *role) UnmarshalText(text []byte) error {
	parsed, ok := account.ParseRole(string(text))
	if !ok {
		return fmt.Errorf("there is no role %q: it is member, viewer, editor or admin", text)
	}
	*r = role(parsed)
	return nil
}

type userSetRole struct {
	Email string `arg:"" help:"E-mail address."`
	Role  role   `arg:"" help:"member, viewer, editor or admin."`
}

// Run gives the account the role.
func (u userSetRole) Run(ctx context.Context, c *config.Config) error {
	return forUser(ctx, c, u.Email, func(a *app.App, who account.User) error {
		_, err := a.Accounts.UpdateUser(ctx, account.Operator(), who.ID, account.UserChange{Role: (*account.Role)(&u.Role)})
		return err
	})
}

type userSetAdmin struct {
	Email string `arg:"" help:"E-mail address."`
	Off   bool   `env:"-" help:"Take the right instead."`
}

// Run gives or takes the admin right.
func (u userSetAdmin) Run(ctx context.Context, c *config.Config) error {
	return forUser(ctx, c, u.Email, func(a *app.App, who account.User) error {
		return a.Accounts.SetAdmin(ctx, account.Operator(), who.ID, !u.Off)
	})
}

type userSetPassword struct {
	Email string `arg:"" help:"E-mail address."`
}

// Run sets the password.
func (u userSetPassword) Run(ctx context.Context, c *config.Config) error {
	return forUser(ctx, c, u.Email, func(a *app.App, who account.User) error {
		p, err := password()
		if err != nil {
			return err
		}
		return a.Accounts.SetPassword(ctx, account.Operator(), who.ID, p)
	})
}

type userDeactivate struct {
	Email string `arg:"" help:"E-mail address."`
	Undo  bool   `env:"-" help:"Let it in again."`
}

// Run switches the account off or on.
func (u userDeactivate) Run(ctx context.Context, c *config.Config) error {
	return forUser(ctx, c, u.Email, func(a *app.App, who account.User) error {
		return a.Accounts.SetActive(ctx, account.Operator(), who.ID, u.Undo)
	})
}

type userResetFactors struct {
	Email string `arg:"" help:"E-mail address."`
}

// Run takes the second factors.
func (u userResetFactors) Run(ctx context.Context, c *config.Config) error {
	return forUser(ctx, c, u.Email, func(a *app.App, who account.User) error {
		return a.Accounts.ResetFactors(ctx, account.Operator(), who.ID)
	})
}

func forUser(ctx context.Context, c *config.Config, email string, do func(*app.App, account.User) error) error {
	return open(ctx, c, func(a *app.App) error {
		u, err := a.Accounts.UserByEmail(ctx, account.Operator(), email)
		if errs.Is(err, errs.NotFound) {
			return fmt.Errorf("no account has the e-mail %s", email)
		}
		if err != nil {
			return err
		}
		if err := do(a, u); err != nil {
			return explain(err)
		}
		fmt.Println("done")
		return nil
	})
}

// explain words what is wrong with the fields for somebody at a terminal.
func explain(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	var parts []string
	for _, f := range e.Fields {
		text := strings.ReplaceAll(f.Name, "_", " ") + ": " + strings.ReplaceAll(string(f.Code), "_", " ")
		if f.Limit > 0 {
			text += fmt.Sprintf(" (the limit is %d)", f.Limit)
		}
		parts = append(parts, text)
	}
	return errors.New(strings.Join(parts, "; "))
}
