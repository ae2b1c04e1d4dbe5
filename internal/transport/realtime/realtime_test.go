package realtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/socketio/client"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest"
)

func TestHTTP(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	wiretest.Run(t, wiretest.Options{BaseURL: h.url, Scripts: os.DirFS("testdata"), Glob: "http_*.txt"})
}

func TestCredentials(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann, bob := h.people["ann"], h.people["bob"]
	_, session, err := h.Accounts.OpenSession(t.Context(), ann.ID, "browser")
	check(t, err)
	type auth map[string]any
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	tests := []struct {
		name   string
		auth   any
		header http.Header
		who    string // "" for nobody
	}{
		{"nothing", nil, nil, ""},
		{"a token", auth{"token": ann.key}, nil, "ann"},
		{"a token and oneself", auth{"token": ann.key, "userId": ann.ExternalID}, nil, "ann"},
		{"a token and nobody", auth{"token": ann.key, "userId": nil}, nil, "ann"},
		{"a token and another", auth{"token": ann.key, "userId": bob.ExternalID}, nil, ""},
		{"a token and a number", auth{"token": ann.key, "userId": 7}, nil, ""},
		{"no more than a claim", auth{"userId": ann.ExternalID}, nil, ""},
		{"an unknown token", auth{"token": "nope"}, nil, ""},
		{"a token that is none", auth{"token": []int{1}}, nil, ""},
		{"Bearer", nil, header("Authorization", "Bearer "+ann.key), "ann"},
		{"Token", nil, header("Authorization", "Token "+ann.key), "ann"},
		{"Basic", nil, header("Authorization", "Basic "+ann.key), ""},
		{"a session", nil, header("Cookie", "sessionid="+session), "ann"},
		{"a session in the other cookie", nil, header("Cookie", "__session="+session), "ann"},
		{"a token in a cookie", nil, header("Cookie", "__session="+ann.key), "ann"},
		{"the token goes first", auth{"token": ann.key}, header("Authorization", "Bearer "+bob.key), "ann"},
		{"then the header", nil, header("Authorization", "Bearer "+bob.key, "Cookie", "sessionid="+session), "bob"},
		{"then the session", nil, header("Cookie", "__session="+bob.key+"; sessionid="+session), "ann"},
		{"what is stale is passed over", auth{"token": "old"}, header("Authorization", "Bearer old", "Cookie", "sessionid=old; __session="+bob.key), "bob"},
		{"a page of ours", nil, header("Origin", origin, "Cookie", "sessionid="+session), "ann"},
		{"the server's own page", nil, header("Origin", h.url, "Cookie", "sessionid="+session), "ann"},
	}
	foreign := []struct {
		name   string
		auth   any
		header http.Header
		who    string
	}{
		{"a foreign page with cookies", nil, header("Origin", "http://evil.example", "Cookie", "sessionid="+session), ""},
		{"a foreign page with a token", auth{"token": ann.key}, header("Origin", "http://evil.example"), "ann"},
		{"a foreign page's script", nil, header("Sec-Fetch-Site", "cross-site", "Cookie", "sessionid="+session), ""},
		{"a page of no origin", nil, header("Origin", "null", "Cookie", "sessionid="+session), ""},
	}
	for _, transport := range []string{"websocket", "polling"} {
		list := tests
		if transport == "polling" {
			list = slices.Concat(tests, foreign)
		}
		for _, tt := range list {
			t.Run(tt.name+" by "+transport, func(t *testing.T) {
				l, err := h.dial("?", client.Options{Auth: tt.auth, Header: tt.header, Transport: transport})
				if tt.who == "" {
					var refused *client.ConnectError
					if !errors.As(err, &refused) || refused.Message != "Unauthorized" || refused.Data != nil {
						t.Errorf("got %v", err)
					}
					return
				}
				check(t, err)
				l.send(h.fill(`421["update_activity",{"userId":"{` + tt.who + `}","activity":"Idle"}]`))
				l.until(`431[{"ok":true}]`)
				l.Close()
			})
		}
	}
}

func TestLeaving(t *testing.T) {
	h := newHouse(t, "sqlite", soonGone)
	ann, tab, bob := h.announce("ann"), h.announce("ann"), h.announce("bob")
	bob.send(`421["update_activity",{"activity":"Playing X"}]`)
	bob.until(`431[{"ok":true}]`)
	ann.Close() // the other tab stays
	tab.until(packet("activity_updated", activityUpdated{h.people["bob"].ExternalID, "Playing X"}))
	tab.Drop()
	bob.want(packet("user_disconnected", h.people["ann"].ExternalID))
	eve := h.enter("eve")
	bob.Close()
	eve.want(packet("user_disconnected", h.people["bob"].ExternalID))
	h.announce("bob") // without the activity that he had
	eve.want(packet("user_connected", h.people["bob"].ExternalID))
	eve.send(`42["user_connected"]`)
	eve.until(packet("activities", [][2]string{{h.people["bob"].ExternalID, "Idle"}, {h.people["eve"].ExternalID, "Idle"}}))
}

// A page that is loaded again is not seen to go and come.
func TestReload(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann, bob := h.announce("ann"), h.announce("bob")
	ann.until(packet("user_connected", h.people["bob"].ExternalID))
	bob.send(`421["update_activity",{"activity":"Playing X"}]`)
	bob.until(`431[{"ok":true}]`)
	ann.want(packet("activity_updated", activityUpdated{h.people["bob"].ExternalID, "Playing X"}))
	bob.Close()
	_ = bob.ended()
	bob = h.enter("bob")
	bob.send(`420["user_connected"]`)
	bob.want(
		packet("users_online", []string{h.people["ann"].ExternalID, h.people["bob"].ExternalID}),
		packet("activities", [][2]string{{h.people["ann"].ExternalID, "Idle"}, {h.people["bob"].ExternalID, "Playing X"}}),
		`430[{"ok":true}]`)
	ann.quiet()
}

func TestRevocation(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ctx := t.Context()
	key, err := h.Accounts.IssueToken(ctx, h.people["ann"].ID, "phone")
	check(t, err)
	phone, err := h.dial("phone", client.Options{Auth: map[string]any{"token": key}})
	check(t, err)
	sess, cookie, err := h.Accounts.OpenSession(ctx, h.people["eve"].ID, "browser")
	check(t, err)
	browser, err := h.dial("browser", client.Options{Header: http.Header{"Cookie": {"sessionid=" + cookie}}})
	check(t, err)
	ann, bob, tab := h.enter("ann"), h.enter("bob"), h.enter("bob")

	actor, err := h.Accounts.AuthenticateToken(ctx, key)
	check(t, err)
	check(t, h.Accounts.Logout(ctx, actor))
	_ = phone.ended()
	check(t, h.Accounts.SetActive(ctx, account.Operator(), h.people["bob"].ID, false))
	_ = bob.ended()
	_ = tab.ended()
	ann.quiet()
	browser.quiet()

	h.Clock.Set(sess.Expires.Add(time.Second))
	check(t, h.rt.dismiss(ctx)) // which comes by itself, but late
	if err := browser.ended(); !errors.Is(err, client.ErrDisconnected) {
		t.Errorf("the session's end is told as %v", err)
	}
	ann.quiet()
	if _, err := h.dial("bob", client.Options{Auth: h.auth("bob")}); err == nil {
		t.Error("he came in again")
	}
}

// A credential may end after it was looked at and before its socket is listed.
func TestRevocationWhileConnecting(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	h.enter("ann")
	for s := range h.rt.sockets.Sockets() {
		personOf(s).revision--
		h.rt.connected(s)
	}
	if !h.rt.recheck.Load() {
		t.Error("nobody would look again")
	}
}

func recovering(c *Config) { c.RecoveryWindow, c.RecoveryMemory = time.Minute, 1<<20 }

func TestRecovery(t *testing.T) {
	h := newHouse(t, "sqlite", func(c *Config) { recovering(c); soonGone(c) })
	bob, err := h.dial("bob", client.Options{Auth: h.auth("bob")})
	check(t, err)
	bob.send(`420["user_connected"]`)
	for p := bob.next(); p != `430[{"ok":true}]`; p = bob.next() {
	}
	ann := h.enter("ann")
	pid := bob.PID()
	bob.Drop()
	for !strings.HasPrefix(ann.next(), `42["user_disconnected"`) { // he is announced as gone
	}
	const n = 20
	for i := range n {
		ann.send(packet("send_message", map[string]any{"receiverId": h.people["bob"].ExternalID, "content": fmt.Sprint(i)}))
		if p := ann.next(); !strings.HasPrefix(p, `42["message_sent"`) {
			t.Fatal(p)
		}
	}
	back, err := h.dial("bob", client.Options{Auth: h.auth("bob"), PID: pid})
	check(t, err)
	if !back.Recovered() {
		t.Fatal("not recovered")
	}
	for i := 0; i < n; {
		if p := back.next(); strings.HasPrefix(p, `42["receive_message"`) {
			if !strings.Contains(p, fmt.Sprintf(`"content":"%d"`, i)) {
				t.Fatalf("message %d is %s", i, p)
			}
			i++
		}
	}
	// He has not said again that he is there, but he is.
	for !strings.HasPrefix(ann.next(), `42["user_connected"`) {
	}
	back.send(`421["update_activity",{"activity":"Playing X"}]`)
	for !strings.HasPrefix(ann.next(), `42["activity_updated"`) {
	}

	if _, err := h.dial("eve", client.Options{Auth: h.auth("eve"), PID: back.PID()}); err != nil {
		t.Fatal(err)
	} else if eve := h.lines[len(h.lines)-1]; eve.Recovered() {
		t.Error("somebody else took up the session")
	}
}

// Clients in Dart show the offset to the application.
func TestNoRecoveryForDart(t *testing.T) {
	h := newHouse(t, "sqlite", recovering)
	dart, err := h.dial("ann", client.Options{Auth: h.auth("ann"), Header: http.Header{"User-Agent": {"Dart/3.5 (dart:io)"}}})
	check(t, err)
	other, err := h.dial("bob", client.Options{Auth: h.auth("bob")})
	check(t, err)
	if dart.PID() != "" || other.PID() == "" {
		t.Errorf("offered %q and %q", dart.PID(), other.PID())
	}
	dart.send(`42["user_connected"]`)
	dart.want(packet("user_connected", h.people["ann"].ExternalID))
	if p := other.next(); !strings.HasPrefix(p, h.fill(`42["user_connected","{ann}","`)) {
		t.Errorf("without an offset: %s", p)
	}
}

// What came by the REST API arrives at the sockets too.
func TestOtherDoor(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann := h.enter("ann")
	bob := account.Actor{User: h.people["bob"].User, Via: account.ViaToken}
	m, err := h.Chat.Send(t.Context(), bob, h.people["ann"].ID, "by REST")
	check(t, err)
	ann.want(packet("receive_message", json.RawMessage(appendMessage(nil, m, h.people["bob"].ExternalID, h.people["ann"].ExternalID))))
	_, err = h.Chat.Send(t.Context(), bob, h.people["eve"].ID, "of no concern")
	check(t, err)
	ann.quiet()
}

func TestOrder(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann, bob := h.enter("ann"), h.enter("bob")
	const n = 300
	for i := range n {
		ann.send(fmt.Sprintf(`42%d`, i) + packet("send_message", map[string]any{
			"receiverId": h.people["bob"].ExternalID, "content": fmt.Sprintf("no. %d", i),
		})[2:])
	}
	for i := range n {
		content := fmt.Sprintf(`"content":"no. %d"`, i)
		for _, got := range []struct{ text, kind string }{
			{bob.next(), `42["receive_message"`}, {ann.next(), `42["message_sent"`}, {ann.next(), fmt.Sprintf(`43%d[{"ok":true`, i)},
		} {
			if !strings.HasPrefix(got.text, got.kind) || !strings.Contains(got.text, content) {
				t.Fatalf("message %d: %s", i, got.text)
			}
		}
	}
}

func TestLongMessage(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann := h.enter("ann")
	send := func(content string) string {
		ann.send(packet("send_message", map[string]any{"receiverId": h.people["bob"].ExternalID, "content": content}))
		return ann.next()
	}
	if p := send(strings.Repeat("é", 10_000)); !strings.HasPrefix(p, `42["message_sent"`) {
		t.Errorf("10,000 characters: %.80s", p)
	}
	if p, want := send(strings.Repeat("é", 10_001)), packet("message_error",
		"Message validation failed: content: Path `content` is longer than the maximum allowed length (10000)."); p != want {
		t.Errorf("one more: %.80s", p)
	}
}

func TestBinary(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann := h.enter("ann")
	check(t, ann.Emit("send_message", []byte("hello")))
	ann.want(packet("message_error", "Message validation failed: senderId: Path `senderId` is required.,"+
		" receiverId: Path `receiverId` is required., content: Path `content` is required."))
	ann.quiet()
}

func TestFlood(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann := h.enter("ann")
	warned := 0
	for range 100_000 {
		if ann.SendPacket([]byte(`2["update_activity"]`)) != nil {
			break
		}
	}
	_ = ann.ended()
	for len(ann.packets) > 0 {
		if <-ann.packets == packet("message_error", textFlood) {
			warned++
		}
	}
	if warned == 0 {
		t.Error("ended without a warning")
	}
}

// Everybody who comes in a storm ends up knowing everybody.
func TestStorm(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	const n = 60
	ids := make([]string, n)
	lines := make([]*line, n)
	for i := range n {
		name := fmt.Sprintf("p%d", i)
		u, key := h.AddUser(t, name+"@example.com", name, false)
		h.people[name] = resident{u, key}
		ids[i] = u.ExternalID
		lines[i] = h.enter(name)
	}
	for _, l := range lines {
		l.send(`420["user_connected"]`)
	}
	slices.Sort(ids)
	for _, l := range lines {
		known := map[string]bool{}
		for len(known) < n {
			var event []json.RawMessage
			p := l.next()
			if p == `430[{"ok":true}]` {
				continue
			}
			check(t, json.Unmarshal([]byte(p[2:]), &event))
			switch string(event[0]) {
			case `"user_connected"`:
				var id string
				check(t, json.Unmarshal(event[1], &id))
				known[id] = true
			case `"users_online"`:
				var all []string
				check(t, json.Unmarshal(event[1], &all))
				for _, id := range all {
					known[id] = true
				}
			}
		}
	}
}

func TestPrivacy(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	id := func(name string) string { return h.people[name].ExternalID }
	ann := h.announce("ann")
	actor := account.Actor{User: h.people["ann"].User, Via: account.ViaToken}
	check(t, h.Presence.SetAudience(t.Context(), actor, account.Acquaintances))
	ann.send(`421["update_activity",{"activity":"Playing X"}]`)
	ann.until(`431[{"ok":true}]`)
	bob, eve := h.announce("bob"), h.enter("eve")
	bob.quiet()
	// Both come to see that she is idle, and Bob what she does once they have written.
	eve.send(`420["user_connected"]`)
	eve.until(packet("activities", [][2]string{{id("ann"), "Idle"}, {id("bob"), "Idle"}, {id("eve"), "Idle"}}))
	eve.until(`430[{"ok":true}]`)
	bob.until(packet("user_connected", id("eve")))
	bob.send(packet("send_message", map[string]any{"receiverId": id("ann"), "content": "hi"}))
	bob.want(packet("activity_updated", activityUpdated{id("ann"), "Playing X"}))
	eve.quiet()
	bob.send(`429["user_connected"]`)
	bob.until(packet("activities", [][2]string{{id("ann"), "Playing X"}, {id("bob"), "Idle"}, {id("eve"), "Idle"}}))
}

// When the server stops, clients are told that it will be back.
func TestStop(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	ann := h.announce("ann")
	h.stop()
	var closed *client.CloseError
	if err := ann.ended(); !errors.As(err, &closed) || closed.Code != 1012 {
		t.Errorf("told %v", err)
	}
}

func TestWord(t *testing.T) {
	h := newHouse(t, "sqlite", nil)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&mongoose.Error{Message: "x"}, "x"},
		{errs.New(errs.Invalid, "y"), "y"},
		{&errs.Error{Kind: errs.Invalid}, "Invalid request"},
		{&errs.Error{Kind: errs.NotFound}, textNotFound},
		{&errs.Error{Kind: errs.Conflict}, textConflict},
		{&errs.Error{Kind: errs.Unauthenticated}, textSignedOut},
		{&errs.Error{Kind: errs.Forbidden}, textForbidden},
		{&errs.Error{Kind: errs.RateLimited}, textFlood},
		{&errs.Error{Kind: errs.Unavailable}, textUnavailable},
		{errors.New("secret"), textInternal},
	} {
		if got := h.rt.word(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
	err := refused(messageModel, errs.InvalidFields(
		errs.Field{Name: "receiver", Code: errs.Required}, errs.Field{Name: "content", Code: errs.TooLong, Limit: 5}))
	if want := "Message validation failed: receiverId: Path `receiverId` is required.," +
		" content: Path `content` is longer than the maximum allowed length (5)."; err.Error() != want {
		t.Errorf("got %v", err)
	}
}
