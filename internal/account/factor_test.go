package account_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// app sets up an authenticator app for a user, and returns its secret and the
// recovery codes.
func (h house) app(t *testing.T, actor account.Actor) (secret string, recovery []string) {
	t.Helper()
	begun := must(h.BeginTOTP(t.Context(), actor, world.Password))(t)
	recovery = must(h.ConfirmTOTP(t.Context(), actor, h.code(t, begun.Secret)))(t)
	return begun.Secret, recovery
}

// code returns what an app shows, a step later each time it is asked.
func (h house) code(t *testing.T, secret string) string {
	t.Helper()
	h.Clock.Set(h.Clock.Now().Add(30 * time.Second))
	return must(totp.GenerateCode(secret, h.Clock.Now()))(t)
}

// step signs in by password and returns what is wanted next.
func (h house) step(t *testing.T, email string) *account.SecondStep {
	t.Helper()
	_, _, _, err := h.SignIn(t.Context(), account.Login{Email: email, Password: world.Password, Addr: "1.2.3.4"})
	var step *account.SecondStep
	if !errors.As(err, &step) || !errs.Is(err, errs.Unauthenticated) {
		t.Fatalf("signing in: %v", err)
	}
	return step
}

func wantField(t *testing.T, err error, name string, code errs.Code) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != name || e.Fields[0].Code != code {
		t.Errorf("%v, want %s of %s", err, code, name)
	}
}

func TestTOTP(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, "a@example.com")
	actor, _ := h.enter(t, u)
	ctx := t.Context()

	_, err := h.BeginTOTP(ctx, actor, "wrong")
	wantField(t, err, "current", errs.Wrong)
	if _, err := h.ConfirmTOTP(ctx, actor, "123456"); !errs.Is(err, errs.NotFound) {
		t.Errorf("confirmed before it began: %v", err)
	}
	begun := must(h.BeginTOTP(ctx, actor, world.Password))(t)
	link := must(url.Parse(begun.URL))(t)
	if link.Scheme != "otpauth" || link.Query().Get("secret") != begun.Secret || len(begun.QR) < 100 {
		t.Errorf("%+v", begun)
	}
	_, err = h.ConfirmTOTP(ctx, actor, "000000")
	wantField(t, err, "code", errs.Wrong)
	if _, _, _, err := h.SignIn(ctx, account.Login{Email: u.Email, Password: world.Password}); err != nil {
		t.Errorf("an unconfirmed secret is asked for: %v", err)
	}
	stored := must(h.Store.TOTPOf(ctx, u.ID))(t)
	if strings.Contains(string(stored.Sealed), begun.Secret) {
		t.Error("the secret is stored as it is")
	}

	code := h.code(t, begun.Secret)
	recovery := must(h.ConfirmTOTP(ctx, actor, code))(t)
	if len(recovery) != 10 || len(recovery[0]) != 19 {
		t.Errorf("recovery codes %q", recovery)
	}
	if _, err := h.BeginTOTP(ctx, actor, world.Password); !errs.Is(err, errs.Conflict) {
		t.Errorf("begun again: %v", err)
	}

	step := h.step(t, u.Email)
	if !step.TOTP || step.Passkey {
		t.Errorf("%+v", step)
	}
	_, _, _, err = h.FinishSignIn(ctx, account.SecondLogin{Challenge: step.Challenge, Code: code})
	wantField(t, err, "code", errs.Wrong) // it was used
	in := account.SecondLogin{Challenge: step.Challenge, Code: h.code(t, begun.Secret), Label: "browser"}
	who, _, key, err := h.FinishSignIn(ctx, in)
	if err != nil || who.ID != u.ID || !who.SecondFactor {
		t.Fatalf("%+v, %v", who, err)
	}
	if a, err := h.AuthenticateSession(ctx, key); err != nil || a.User.ID != u.ID {
		t.Errorf("%+v, %v", a, err)
	}

	// A recovery code is good once, however it is typed.
	typed := strings.ToUpper(strings.ReplaceAll(recovery[3], "-", " "))
	for i, want := range []bool{true, false} {
		_, _, _, err := h.FinishSignIn(ctx, account.SecondLogin{Challenge: h.step(t, u.Email).Challenge, Code: typed})
		if (err == nil) != want {
			t.Errorf("recovery code, time %d: %v", i+1, err)
		}
	}
	if f := must(h.Factors(ctx, actor))(t); !f.TOTP || f.Recovery != 9 {
		t.Errorf("%+v", f)
	}
	again := must(h.NewRecoveryCodes(ctx, actor, world.Password))(t)
	if len(again) != 10 || again[0] == recovery[0] {
		t.Errorf("new recovery codes %q", again)
	}

	if err := h.RemoveTOTP(ctx, actor, world.Password); err != nil {
		t.Fatal(err)
	}
	if f := must(h.Factors(ctx, actor))(t); f.TOTP || f.Recovery != 0 {
		t.Errorf("%+v", f)
	}
	if _, err := h.NewRecoveryCodes(ctx, actor, world.Password); !errs.Is(err, errs.Conflict) {
		t.Errorf("codes for nothing: %v", err)
	}
	if _, _, _, err := h.SignIn(ctx, account.Login{Email: u.Email, Password: world.Password}); err != nil {
		t.Error(err)
	}
}

// Clients that know nothing of second factors send the code with the password.
func TestLoginWithCode(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, "a@example.com")
	actor, _ := h.enter(t, u)
	secret, _ := h.app(t, actor)
	try := account.Login{Email: u.Email, Password: world.Password}
	if _, _, err := h.Login(t.Context(), try); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("without: %v", err)
	}
	try.Code = "999999"
	_, _, err := h.Login(t.Context(), try)
	wantField(t, err, "code", errs.Wrong)
	try.Code = h.code(t, secret)
	if _, _, err := h.Login(t.Context(), try); err != nil {
		t.Error(err)
	}
	// The password is looked at first: who does not know it learns nothing.
	try.Password = "wrong"
	var step *account.SecondStep
	if _, _, err := h.Login(t.Context(), try); !errs.Is(err, errs.Unauthenticated) || errors.As(err, &step) {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestChallenge(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, "a@example.com")
	actor, _ := h.enter(t, u)
	secret, _ := h.app(t, actor)
	finish := func(challenge string) error {
		_, _, _, err := h.FinishSignIn(t.Context(), account.SecondLogin{Challenge: challenge, Code: h.code(t, secret)})
		return err
	}
	void := func(name, challenge string) {
		t.Helper()
		if err := finish(challenge); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	void("none", "")
	void("nonsense", "!!")
	void("forged", base64.RawURLEncoding.EncodeToString(make([]byte, 60)))

	late := h.step(t, u.Email).Challenge
	h.Clock.Set(h.Clock.Now().Add(6 * time.Minute))
	void("too late", late)

	former := h.step(t, u.Email).Challenge
	if err := h.ChangePassword(t.Context(), actor, "another-good-one-7"); err != nil {
		t.Fatal(err)
	}
	void("of a former password", former)
}

// Who knows the password cannot guess codes without end.
func TestCodesAreThrottled(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, "a@example.com")
	actor, _ := h.enter(t, u)
	h.app(t, actor)
	challenge := h.step(t, u.Email).Challenge
	var err error
	for range 40 {
		_, _, _, err = h.FinishSignIn(t.Context(), account.SecondLogin{Challenge: challenge, Code: "123123"})
	}
	if !errs.Is(err, errs.RateLimited) {
		t.Errorf("after 40 wrong codes: %v", err)
	}
}

func TestPasskey(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "a@example.com")
	actor, _ := h.enter(t, u)
	other, _ := h.enter(t, h.join(t, "b@example.com"))
	site := account.Site{Host: "music.example.org", Origin: "https://music.example.org"}
	device := newAuthenticator(t, site)

	_, err := h.BeginPasskey(ctx, actor, world.Password, account.Site{Host: "192.0.2.1", Origin: "http://192.0.2.1"})
	wantField(t, err, "passkey", errs.Malformed)
	begun := must(h.BeginPasskey(ctx, actor, world.Password, site))(t)
	answer := device.create(t, begun.Options)
	_, _, err = h.FinishPasskey(ctx, actor, begun.State, " ", answer, site)
	wantField(t, err, "name", errs.Required)
	_, _, err = h.FinishPasskey(ctx, other, begun.State, "Phone", answer, site)
	wantField(t, err, "passkey", errs.Malformed)
	_, _, err = h.FinishPasskey(ctx, actor, begun.State, "Phone", answer, account.Site{Host: "evil.example", Origin: "https://evil.example"})
	wantField(t, err, "passkey", errs.Malformed)
	_, _, err = h.FinishPasskey(ctx, actor, begun.State, "Phone", []byte(`{}`), site)
	wantField(t, err, "passkey", errs.Malformed)
	p, recovery, err := h.FinishPasskey(ctx, actor, begun.State, "Phone", answer, site)
	if err != nil || p.Name != "Phone" || len(recovery) != 10 {
		t.Fatalf("%+v, %q, %v", p, recovery, err)
	}
	if _, _, err := h.FinishPasskey(ctx, actor, begun.State, "Phone", answer, site); !errs.Is(err, errs.Conflict) {
		t.Errorf("registered twice: %v", err)
	}

	use := func(d *authenticator) (account.User, error) {
		step := h.step(t, u.Email)
		ceremony := must(h.BeginPasskeySignIn(ctx, step.Challenge, site))(t)
		who, _, _, err := h.FinishSignIn(ctx, account.SecondLogin{
			Challenge: step.Challenge, State: ceremony.State, Passkey: d.get(t, ceremony.Options), Site: site, Addr: "1.2.3.4",
		})
		return who, err
	}
	for range 2 {
		if who, err := use(device); err != nil || who.ID != u.ID {
			t.Errorf("%+v, %v", who, err)
		}
	}
	if f := must(h.Factors(ctx, actor))(t); len(f.Passkeys) != 1 || f.Passkeys[0].LastUsed.IsZero() {
		t.Errorf("%+v", f)
	}
	stranger := newAuthenticator(t, site)
	stranger.id = device.id
	_, err = use(stranger)
	wantField(t, err, "passkey", errs.Wrong)
	cloned := *device
	cloned.counter = 0
	_, err = use(&cloned)
	wantField(t, err, "passkey", errs.Wrong)

	if err := h.RemovePasskey(ctx, other, p.ID, world.Password); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := h.RemovePasskey(ctx, actor, p.ID, world.Password); err != nil {
		t.Error(err)
	}
	if _, _, _, err := h.SignIn(ctx, account.Login{Email: u.Email, Password: world.Password}); err != nil {
		t.Errorf("without a factor: %v", err)
	}
}

// An admin helps whoever has lost his factors, and nobody else does.
func TestResetFactors(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, "a@example.com")
	actor, _ := h.enter(t, u)
	h.app(t, actor)
	if err := h.ResetFactors(t.Context(), actor, u.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("by himself: %v", err)
	}
	if err := h.ResetFactors(t.Context(), account.Operator(), u.ID); err != nil {
		t.Fatal(err)
	}
	h.wantLog(t, "users", u.ID, "command line changed a@example.com: second_factor true > false")
	if _, _, _, err := h.SignIn(t.Context(), account.Login{Email: u.Email, Password: world.Password}); err != nil {
		t.Error(err)
	}
}

// Where admins need a second factor, their rights wait until they have one.
func TestAdminFactor(t *testing.T) {
	w := world.New(t, "sqlite")
	h := house{w, account.NewService(account.Config{
		Keys: world.Keys(), Store: w.Store, Files: w.Files, Audit: w.Audit, IDs: oid.NewSource(w.Clock.Now), Now: w.Clock.Now, Log: w.Log,
		AdminFactor: true, Hasher: account.NewFastHasher(), Throttle: account.NewThrottle(w.Clock.Now),
	})}
	admin := must(h.Create(t.Context(), account.Operator(), account.NewUser{
		Email: "a@example.com", FullName: "A", Password: world.Password, Role: account.Administrator,
	}))(t)
	actor, key := h.enter(t, admin)
	if actor.Admin() || !actor.User.Restricted || actor.User.Role() != account.Member {
		t.Errorf("%+v", actor)
	}
	h.app(t, actor)
	if actor := must(h.AuthenticateToken(t.Context(), key))(t); !actor.Admin() || actor.User.Restricted {
		t.Errorf("%+v", actor)
	}
}
