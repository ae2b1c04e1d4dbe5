package webapi_test

import (
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// cookie returns the session cookie that an answer sets.
func (a answer) cookie() *http.Cookie {
	a.t.Helper()
	cookies := a.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != kit.SessionCookie {
		a.t.Fatalf("cookies %v, want the session's alone", cookies)
	}
	return cookies[0]
}

func TestSession(t *testing.T) {
	s := newServer(t)
	ada, key := s.AddUser(t, "ada@example.com", "Ada", true)

	var nobody, somebody struct {
		Me      *me
		Version string
	}
	s.get("session", "").is(200, &nobody)
	if nobody.Me != nil || nobody.Version != "1.2.3" {
		t.Errorf("anonymous: %+v", nobody)
	}
	s.get("session", "unknown").is(200, &nobody)
	s.get("session", key).is(200, &somebody)
	if m := somebody.Me; m == nil || m.ID != ada.ExternalID || m.Role != "admin" || m.ActivityVisibleTo != "everyone" || !m.Verified {
		t.Errorf("known: %+v", somebody.Me)
	}

	login := func(email, password string, header map[string]string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: "session", header: header,
			body: fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)})
	}
	var signed me
	got := login("ADA@example.com", world.Password, nil).is(200, &signed)
	c := got.cookie()
	if signed.Email != "ada@example.com" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || c.MaxAge != 14*24*3600 {
		t.Errorf("%+v, %+v", signed, c)
	}
	login("ada@example.com", "wrong", nil).fails(401, "unauthenticated", "")
	login("nobody@example.com", "wrong", nil).fails(401, "unauthenticated", "")
	login("", "", nil).fails(400, "invalid", "email required")
	s.do(request{method: "POST", path: "session", body: `{"email":1}`}).fails(400, "invalid", "email malformed")
	s.do(request{method: "POST", path: "session", body: `{"mail":""}`}).fails(400, "invalid", "mail unknown_field")
	s.do(request{method: "POST", path: "session", body: `{}{}`}).fails(400, "invalid", "")
	s.do(request{method: "POST", path: "session", body: `[]`}).fails(400, "invalid", "")
	s.do(request{method: "POST", path: "session", body: `{"email":"` + strings.Repeat("x", 1<<20) + `"}`}).fails(413, "too_large", "body too_big")
	s.do(request{method: "POST", path: "session", body: `{}`, header: map[string]string{"Content-Type": "text/plain"}}).fails(415, "unsupported", "")

	// Whoever signs in from another site's page would be somebody else without
	// noticing.
	cross := map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
	login("ada@example.com", world.Password, cross).fails(403, "forbidden", "")

	// The cookie holds until the end of the session, but not for other sites.
	cookie := map[string]string{"Cookie": c.Name + "=" + c.Value}
	with := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{cookie, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	s.do(request{method: "DELETE", path: "session", header: with(cross)}).fails(403, "forbidden", "")
	s.do(request{method: "PATCH", path: "account", body: `{"name":"X"}`, header: with(map[string]string{"Origin": "https://elsewhere.example"})}).
		fails(403, "forbidden", "")
	s.do(request{method: "PATCH", path: "account", body: `{"name":"Ada L."}`, header: with(map[string]string{"Sec-Fetch-Site": "same-origin"})}).is(200, &signed)
	if signed.Name != "Ada L." {
		t.Errorf("name %q", signed.Name)
	}
	out := s.do(request{method: "DELETE", path: "session", header: cookie}).is(204, nil)
	if gone := out.cookie(); gone.MaxAge >= 0 {
		t.Errorf("the cookie stays: %+v", gone)
	}
	s.do(request{method: "GET", path: "people", header: cookie}).fails(401, "unauthenticated", "")
}

func TestGuessingIsThrottled(t *testing.T) {
	s := newServer(t)
	s.AddUser(t, "ada@example.com", "Ada", false)
	q := request{method: "POST", path: "session", body: `{"email":"ada@example.com","password":"guess"}`}
	for range 30 {
		s.do(q).fails(401, "unauthenticated", "")
	}
	got := s.do(q).fails(429, "rate_limited", "")
	if after := got.Header().Get("Retry-After"); after == "" || after == "0" {
		t.Errorf("Retry-After %q", after)
	}
}

func TestRegister(t *testing.T) {
	s := newServer(t)
	register := func(body string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: "account", body: body})
	}
	var m me
	c := register(`{"email":"zoe@example.com","fullName":"Zoë","password":"five quiet oboes"}`).is(201, &m).cookie()
	if m.Name != "Zoë" || m.Role != "member" || m.Verified || m.Image != nil {
		t.Errorf("%+v", m)
	}
	var known struct{ Me *me }
	s.do(request{method: "GET", path: "session", header: map[string]string{"Cookie": c.Name + "=" + c.Value}}).is(200, &known)
	if known.Me == nil || known.Me.Email != "zoe@example.com" {
		t.Errorf("the cookie is of %+v", known.Me)
	}
	register(`{"email":"ZOE@example.com","fullName":"Z","password":"five quiet oboes"}`).fails(409, "conflict", "email taken")
	register(`{"email":"x","fullName":"Z","password":"five quiet oboes"}`).fails(400, "invalid", "email malformed")
	register(`{"email":"x@example.com","fullName":" ","password":"five quiet oboes"}`).fails(400, "invalid", "fullName required")
	register(`{"email":"x@example.com","fullName":"Z","password":"12345678"}`).is(400, nil)
}

func TestUpdateAccount(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	s.AddUser(t, "bob@example.com", "Bob", false)
	change := func(body string) answer {
		t.Helper()
		return s.do(request{method: "PATCH", path: "account", who: key, body: body})
	}
	var m me
	change(`{"name":" Ada Lovelace ","activityVisibleTo":"nobody"}`).is(200, &m)
	if m.Name != "Ada Lovelace" || m.ActivityVisibleTo != "nobody" || !m.Verified {
		t.Errorf("%+v", m)
	}
	change(`{"email":"lovelace@example.com"}`).is(200, &m)
	if m.Email != "lovelace@example.com" || m.Verified || m.ActivityVisibleTo != "nobody" {
		t.Errorf("%+v", m)
	}
	change(`{}`).is(200, nil)
	change(`{"email":"bob@example.com"}`).fails(409, "conflict", "email taken")
	change(`{"name":""}`).fails(400, "invalid", "name required")
	change(`{"name":"\u0000"}`).fails(400, "invalid", "name malformed")
	change(`{"activityVisibleTo":"friends"}`).fails(400, "invalid", "activityVisibleTo unknown")
	s.do(request{method: "PATCH", path: "account", body: `{}`}).fails(401, "unauthenticated", "")

	form := func(fill func(w *multipart.Writer)) answer {
		t.Helper()
		return s.do(request{method: "PATCH", path: "account", who: key, form: fill})
	}
	file := func(field string, content []byte) func(w *multipart.Writer) {
		return func(w *multipart.Writer) {
			part, err := w.CreateFormFile(field, "me.png")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = part.Write(content)
			_ = w.WriteField("name", "Countess")
		}
	}
	fixtures := world.Fixtures()
	form(file("image", fixtures["cover.png"])).is(200, &m)
	if m.Name != "Countess" || m.Image == nil || !strings.HasPrefix(*m.Image, "/media/user_images/") {
		t.Errorf("%+v", m)
	}
	form(file("image", fixtures["text.txt"])).fails(400, "invalid", "image not_image")
	form(file("image", make([]byte, imageLimit+1))).fails(413, "too_large", "image too_big")
	form(file("other", fixtures["cover.png"])).fails(400, "invalid", "")
	form(func(w *multipart.Writer) { _ = w.WriteField("role", "admin") }).fails(400, "invalid", "role unknown_field")
	form(func(w *multipart.Writer) { _ = w.WriteField("clearImage", "yes") }).fails(400, "invalid", "clearImage malformed")
	form(func(w *multipart.Writer) { _ = w.WriteField("clearImage", "true") }).is(200, &m)
	if m.Image != nil {
		t.Errorf("the picture stays: %s", *m.Image)
	}
}

func TestChangePassword(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	change := func(who, current, password string) answer {
		t.Helper()
		return s.do(request{method: "PUT", path: "account/password", who: who,
			body: fmt.Sprintf(`{"current":%q,"password":%q}`, current, password)})
	}
	change("", world.Password, "five quiet oboes").fails(401, "unauthenticated", "")
	change(key, "wrong", "five quiet oboes").fails(400, "invalid", "current wrong")
	change(key, "", "").fails(400, "invalid", "current required")
	change(key, world.Password, "password").fails(400, "invalid", "password common")
	change(key, world.Password, "five quiet oboes").is(204, nil)
	s.do(request{method: "POST", path: "session", body: `{"email":"ada@example.com","password":"five quiet oboes"}`}).is(200, nil)
}

func TestSignIns(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	_, other := s.AddUser(t, "bob@example.com", "Bob", false)
	c := s.do(request{method: "POST", path: "session", header: map[string]string{"User-Agent": "Browser"},
		body: `{"email":"ada@example.com","password":"` + world.Password + `"}`}).is(200, nil).cookie()
	type entry struct {
		ID          int64
		Kind, Label string
		Current     bool
	}
	var list []entry
	s.get("account/sign-ins", key).is(200, &list)
	if len(list) != 2 || list[0].Kind != "session" || list[0].Label != "Browser" || list[0].Current || list[1].Kind != "token" || !list[1].Current {
		t.Fatalf("%+v", list)
	}
	end := func(who, kind string, id int64) answer {
		t.Helper()
		return s.do(request{method: "DELETE", path: fmt.Sprintf("account/sign-ins/%s/%d", kind, id), who: who})
	}
	s.get("account/sign-ins", "").fails(401, "unauthenticated", "")
	end(other, "session", list[0].ID).fails(404, "not_found", "")
	end(key, "cookie", list[0].ID).fails(404, "not_found", "")
	end(key, "token", 0).fails(404, "not_found", "")
	end(key, "session", list[0].ID).is(204, nil)
	s.do(request{method: "GET", path: "people", header: map[string]string{"Cookie": c.Name + "=" + c.Value}}).fails(401, "unauthenticated", "")
	end(key, "token", list[1].ID).is(204, nil)
	s.get("account/sign-ins", key).fails(401, "unauthenticated", "")
}
