package realtime

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/socketio/client"
)

// Clerk's tokens are good wherever keys of our own are.
func TestClerkCredentials(t *testing.T) {
	var there *clerktest.Instance
	h := newHouse(t, "sqlite", nil, func(c *account.Config) { there, c.Outside = clerktest.Trusted(t, c.Now) })
	there.Put("user_zoe", clerktest.Person{FirstName: "Zoe", Email: "zoe@example.com"})
	there.Put("user_ann", clerktest.Person{FirstName: "Ann", Email: "ann@example.com", Unverified: true})
	token := there.Token("user_zoe")
	now := h.Clock.Now().Unix()
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	cookies := func(since int64) http.Header {
		return header("Cookie", "__session="+token+"; __client_uat="+strconv.FormatInt(since, 10))
	}
	type auth map[string]any
	for _, tt := range []struct {
		name   string
		auth   any
		header http.Header
		good   bool
	}{
		{"a token", auth{"token": token}, nil, true},
		{"a token and oneself", auth{"token": token, "userId": "user_zoe"}, nil, true},
		{"a token and another", auth{"token": token, "userId": h.people["ann"].ExternalID}, nil, false},
		{"a claim", auth{"userId": "user_zoe"}, nil, false},
		{"an old token", auth{"token": there.Token("user_zoe", func(c jwt.MapClaims) { c["exp"] = now - 6 })}, nil, false},
		{"a token of nobody's", auth{"token": there.Token("user_nobody")}, nil, false},
		{"a token of who is refused", auth{"token": there.Token("user_ann")}, nil, false},
		{"a header", nil, header("Authorization", "Bearer "+token), true},
		{"a bare header", nil, header("Authorization", token), true},
		{"cookies", nil, cookies(now - 1), true},
		{"a cookie alone", nil, header("Cookie", "__session="+token), false},
		{"a cookie from before", nil, cookies(now + 60), false},
		{"a cookie of who has signed out", nil, cookies(0), false},
	} {
		for _, transport := range []string{"websocket", "polling"} {
			l, err := h.dial("?", client.Options{Auth: tt.auth, Header: tt.header, Transport: transport})
			var refused *client.ConnectError
			switch {
			case !tt.good && (!errors.As(err, &refused) || refused.Message != "Unauthorized"):
				t.Errorf("%s by %s: %v", tt.name, transport, err)
			case tt.good && err != nil:
				t.Errorf("%s by %s: %v", tt.name, transport, err)
			case tt.good:
				l.send(`421["update_activity",{"userId":"user_zoe","activity":"Idle"}]`)
				l.until(`431[{"ok":true}]`)
				l.Close()
			}
		}
	}
}

// A token lasts a minute, and the connection that it began a day; it ends when
// its user is switched off.
func TestClerkConnectionEnds(t *testing.T) {
	var there *clerktest.Instance
	h := newHouse(t, "sqlite", nil, func(c *account.Config) { there, c.Outside = clerktest.Trusted(t, c.Now) })
	for _, subject := range []string{"user_zoe", "user_yan"} {
		there.Put(subject, clerktest.Person{FirstName: subject})
	}
	dial := func(subject string) *line {
		t.Helper()
		l, err := h.dial(subject, client.Options{Auth: map[string]any{"token": there.Token(subject)}})
		check(t, err)
		return l
	}
	zoe, yan := dial("user_zoe"), dial("user_yan")
	h.Clock.Set(h.Clock.Now().Add(time.Hour))
	check(t, h.rt.dismiss(t.Context()))
	zoe.quiet()
	u, err := h.Store.UserByExternalID(t.Context(), "user_yan")
	check(t, err)
	check(t, h.Accounts.SetActive(t.Context(), account.Operator(), u.ID, false))
	_ = yan.ended()
	zoe.quiet()
	h.Clock.Set(h.Clock.Now().Add(23 * time.Hour))
	check(t, h.rt.dismiss(t.Context()))
	if err := zoe.ended(); !errors.Is(err, client.ErrDisconnected) {
		t.Errorf("the end of the day is told as %v", err)
	}
}
