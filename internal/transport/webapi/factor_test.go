package webapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// signIn tries a password and returns the challenge that it is answered with.
func (s *server) challenge(email string) string {
	s.t.Helper()
	var refused struct {
		Error struct {
			Message string
			Details struct {
				Challenge     string
				TOTP, Passkey bool
			}
		}
	}
	s.do(request{method: "POST", path: "session", body: fmt.Sprintf(`{"email":%q,"password":%q}`, email, world.Password)}).is(401, &refused)
	d := refused.Error.Details
	if d.Challenge == "" || !d.TOTP || d.Passkey {
		s.t.Errorf("%+v", refused)
	}
	return d.Challenge
}

func TestAuthenticatorApp(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	current := fmt.Sprintf(`{"current":%q}`, world.Password)
	post := func(path, body string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: path, who: key, body: body})
	}
	code := func(secret string) string {
		t.Helper()
		s.Clock.Set(s.Clock.Now().Add(30 * time.Second))
		c, err := totp.GenerateCode(secret, s.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}

	var mine struct {
		TOTP          bool
		Passkeys      []any
		RecoveryCodes int
	}
	s.get("account/factors", key).is(200, &mine)
	if mine.TOTP || mine.Passkeys == nil || len(mine.Passkeys) > 0 {
		t.Errorf("%+v", mine)
	}
	post("account/factors/totp", `{"current":"wrong"}`).fails(400, "invalid", "current wrong")
	post("account/factors/recovery-codes", current).fails(409, "conflict", "")
	var begun struct{ Secret, URL, QR string }
	post("account/factors/totp", current).is(200, &begun)
	if !strings.HasPrefix(begun.QR, "data:image/png;base64,") || !strings.Contains(begun.URL, begun.Secret) {
		t.Errorf("%+v", begun)
	}
	confirm := func(code string) answer {
		t.Helper()
		return s.do(request{method: "PUT", path: "account/factors/totp", who: key, body: fmt.Sprintf(`{"code":%q}`, code)})
	}
	confirm("000000").fails(400, "invalid", "code wrong")
	var shown struct{ Codes []string }
	confirm(code(begun.Secret)).is(200, &shown)
	if len(shown.Codes) != 10 {
		t.Errorf("%+v", shown)
	}
	post("account/factors/totp", current).fails(409, "conflict", "")
	s.get("account/factors", key).is(200, &mine)
	if !mine.TOTP || mine.RecoveryCodes != 10 {
		t.Errorf("%+v", mine)
	}

	finish := func(challenge, code string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: "session/second-factor", body: fmt.Sprintf(`{"challenge":%q,"code":%q}`, challenge, code)})
	}
	challenge := s.challenge("ada@example.com")
	finish(challenge, "").fails(400, "invalid", "code required")
	finish(challenge, "111111").fails(400, "invalid", "code wrong")
	finish("nonsense", code(begun.Secret)).fails(401, "unauthenticated", "")
	var signed struct {
		Email        string
		SecondFactor bool
	}
	finish(challenge, code(begun.Secret)).is(200, &signed).cookie()
	if signed.Email != "ada@example.com" || !signed.SecondFactor {
		t.Errorf("%+v", signed)
	}
	finish(s.challenge("ada@example.com"), shown.Codes[0]).is(200, nil)
	s.do(request{method: "POST", path: "session/passkey", body: fmt.Sprintf(`{"challenge":%q}`, challenge)}).fails(404, "not_found", "")
	s.do(request{method: "POST", path: "session/passkey", body: `{"challenge":"x"}`}).fails(401, "unauthenticated", "")

	post("account/factors/totp/remove", current).is(204, nil)
	post("account/factors/totp/remove", current).fails(404, "not_found", "")
}

func TestPasskeyCeremony(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	var begun struct {
		Options struct {
			PublicKey struct {
				Challenge string
				RP        struct{ ID string }
			}
		}
		State string
	}
	s.do(request{method: "POST", path: "account/factors/passkeys", who: key, body: fmt.Sprintf(`{"current":%q}`, world.Password)}).is(200, &begun)
	if o := begun.Options.PublicKey; o.Challenge == "" || o.RP.ID != "example.com" || begun.State == "" {
		t.Errorf("%+v", begun)
	}
	finish := func(name string, passkey json.RawMessage) answer {
		t.Helper()
		body, err := json.Marshal(map[string]any{"state": begun.State, "name": name, "passkey": passkey})
		if err != nil {
			t.Fatal(err)
		}
		return s.do(request{method: "PUT", path: "account/factors/passkeys", who: key, body: string(body)})
	}
	finish("", json.RawMessage(`{}`)).fails(400, "invalid", "name required")
	finish("Phone", json.RawMessage(`{"id":"x"}`)).fails(400, "invalid", "passkey malformed")
	s.do(request{method: "POST", path: "account/factors/passkeys/7/remove", who: key, body: fmt.Sprintf(`{"current":%q}`, world.Password)}).
		fails(404, "not_found", "")
	s.do(request{method: "POST", path: "account/factors/passkeys", body: `{"current":""}`}).is(401, &jsonapi.Failure{})
}
