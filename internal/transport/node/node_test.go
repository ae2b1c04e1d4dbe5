package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// net/http refuses a target with a broken escape before it asks a handler;
// whatever else is in front of the dialect may pass it on.
func TestBrokenEscapes(t *testing.T) {
	h := mount(world.New(t, "sqlite")).Handler()
	for target, want := range map[string]string{
		"/api/albums/%E0%A4%A":     `400 {"message":"Failed to decode param '%E0%A4%A'"}`,
		"/api/users/messages/%":    `400 {"message":"Failed to decode param '%'"}`,
		"/api/admin/songs/%zz":     `401 {"message":"Unauthorized - you must be logged in"}`,
		"/api/%zz":                 `404 {"message":"Cannot GET /api/%25zz"}`,
		"/api/nope%2":              `404 {"message":"Cannot GET /api/nope%252"}`,
		"/api/nope?x=%zz":          `404 {"message":"Cannot GET /api/nope"}`,
		"/api/nope#x":              `404 {"message":"Cannot GET /api/nope"}`,
		"http://other.example/api": `404 {"message":"Cannot GET /api"}`,
		"*":                        `404 {"message":"Cannot GET "}`,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RequestURI = target
		if u, err := url.Parse(target); err == nil && u.Host != "" {
			r.URL = u
		} else if target == "*" {
			r.URL = &url.URL{}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := fmt.Sprint(w.Code, " ", w.Body); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

// fill appends 2,000 users of more than a kilobyte each.
func fill(l *list) error {
	u := account.User{OID: "ffffffffffffffffffffffff", FullName: strings.Repeat("x", 1000)}
	for range 2000 {
		if err := l.put(appendUser(l.next(), u, kit.Media{})); err != nil {
			return err
		}
	}
	return nil
}

func TestLongList(t *testing.T) {
	d := &Dialect{c: Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}}
	d.buffers.New = func() any { return new([]byte) }
	send := func(method string, fill func(*list) error) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		q := &request{Request: httptest.NewRequest(method, "/", nil), w: w}
		if err := d.write(q, answer{status: http.StatusOK, list: fill}); err != nil {
			t.Error(err)
		}
		return w
	}
	w := send("GET", fill)
	var users []wireUser
	if err := json.Unmarshal(w.Body.Bytes(), &users); err != nil || len(users) != 2000 {
		t.Errorf("%d users, %v", len(users), err)
	}
	if h := w.Header(); h.Get("ETag") != "" || h.Get("Content-Length") != "" || h.Get("Content-Type") != jsonType {
		t.Errorf("headers %v", h)
	}
	if w := send("HEAD", fill); w.Body.Len() != 0 || w.Code != http.StatusOK {
		t.Errorf("HEAD: %d, %d bytes", w.Code, w.Body.Len())
	}
	if body, err := collect(fill); body != nil || err != nil {
		t.Errorf("collected %d bytes, %v", len(body), err)
	}
	if w := send("GET", func(*list) error { return nil }); w.Body.String() != "[]" || w.Header().Get("ETag") == "" {
		t.Errorf("empty list: %v %s", w.Header(), w.Body)
	}
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("half a list: %v", v)
		}
	}()
	send("GET", func(l *list) error {
		_ = fill(l)
		return errors.New("the database is gone")
	})
}

// What a Service may return, in words.
func TestErrors(t *testing.T) {
	var log bytes.Buffer
	d := &Dialect{c: Config{Log: slog.New(slog.NewTextHandler(&log, nil))}}
	tests := []struct {
		err        error
		status     int
		message    string
		retryAfter string
	}{
		{&errs.Error{Kind: errs.RateLimited, RetryAfter: 90 * time.Second}, 429, textRateLimited, "90"},
		{&errs.Error{Kind: errs.Unavailable, Err: errors.New("secret")}, 503, textUnavailable, "1"},
		{&errs.Error{Kind: errs.Forbidden}, 403, textForbidden, ""},
		{&errs.Error{Kind: errs.Unauthenticated, Message: "unknown"}, 401, textUnauthenticated, ""},
		{&errs.Error{Kind: errs.Conflict}, 409, textConflict, ""},
		{&errs.Error{Kind: errs.Unsupported}, 415, "Unsupported media type", ""},
		{&errs.Error{Kind: errs.NotFound}, 404, textNotFound, ""},
		{errors.New("secret"), 500, textInternal, ""},
		{fmt.Errorf("read: %w", kit.ErrManyParts), 413, "The form has more than 1000 parts.", ""},
		{refused("Song", errors.New("secret")), 500, textInternal, ""},
		{refused("Song", errs.InvalidFields(errs.Field{Name: "image", Code: errs.Empty}, errs.Field{Name: "album", Code: errs.Unknown})),
			400, "Song validation failed: imageFile: The file is empty., albumId: Path `albumId` is invalid.", ""},
	}
	for _, tt := range tests {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		f := d.word(w, r, tt.err)
		if f.status != tt.status || f.message != tt.message || w.Header().Get("Retry-After") != tt.retryAfter {
			t.Errorf("%v: %d %q %v", tt.err, f.status, f.message, w.Header())
		}
	}
	if n := strings.Count(log.String(), "secret"); n != 3 {
		t.Errorf("%d errors in the log:\n%s", n, &log)
	}
}

// The encoders and the structs of the documentation say the same, in the same
// order.
func TestShapes(t *testing.T) {
	base := kit.MediaURLs{}.From("http://h")
	at := time.Date(2026, 11, 22, 14, 18, 51, 572_999_000, time.FixedZone("", 3600))
	song := catalog.Song{OID: "a", Title: "T\u2028", Artist: "<A>", Image: "song_images/ü.png", Audio: "https://x.example/a.mp3", Duration: 1e21, AlbumOID: "b", Created: at, Updated: at}
	album := catalog.Album{OID: "b", Title: "T", Artist: "A", Image: "i.png", ReleaseYear: 1999.5, Created: at, Updated: at}
	user := account.User{OID: "c", FullName: "U", ExternalID: "user_1", Image: "https://img.example/u?a=b&c", Joined: at, Updated: at}
	message := chat.Message{OID: "d", SenderID: 1, ReceiverID: 2, Content: "<b>&", Created: at, Updated: at}
	read := chat.Summary{OtherID: 2, Last: message, Unread: 3, ReadUpTo: chat.Ref{ID: 4, OID: "d"}}
	unread := chat.Summary{OtherID: 2, Last: message}
	sender, receiver := account.User{ID: 1, ExternalID: "user_1"}, account.User{ID: 2, ExternalID: "user_2"}
	ids := func(dst []byte) []byte { return appendIDs(dst, []oid.ID{"a", "b"}) }
	songs := func(dst []byte) []byte { return appendSong(dst, song, base) }
	tests := map[string]struct {
		got   []byte
		shape any
	}{
		"song":      {appendSong(nil, song, base), &wireSong{}},
		"card":      {append(appendSongCard(nil, song, base), '}'), &wireSongCard{}},
		"new song":  {appendNewSong(nil, song, base), &wireNewSong{}},
		"album":     {appendAlbum(nil, album, base, ids), &wireAlbum{}},
		"its songs": {appendAlbum(nil, album, base, songs), &wireAlbumWithSongs{}},
		"new album": {appendNewAlbum(nil, album, base), &wireNewAlbum{}},
		"user":      {appendUser(nil, user, base), &wireUser{}},
		"read":      {appendConversation(nil, read, sender, receiver, base), &wireConversation{}},
		"unread":    {appendConversation(nil, unread, sender, receiver, base), &wireConversation{}},
		"message":   {appendMessage(nil, message, map[int64]string{sender.ID: sender.ExternalID, receiver.ID: receiver.ExternalID}), &wireMessage{}},
	}
	for name, tt := range tests {
		if err := json.Unmarshal(tt.got, tt.shape); err != nil {
			t.Errorf("%s: %v: %s", name, err, tt.got)
		}
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(tt.shape); err != nil {
			t.Fatal(err)
		}
		// encoding/json escapes U+2028, JavaScript does not.
		if w := strings.ReplaceAll(strings.TrimSpace(want.String()), `\u2028`, "\u2028"); w != string(tt.got) {
			t.Errorf("%s:\n got %s\nwant %s", name, tt.got, w)
		}
	}
	want := `{"_id":"a","title":"T` + "\u2028" + `","artist":"<A>","imageUrl":"http://h/media/song_images/%C3%BC.png","audioUrl":"https://x.example/a.mp3",` +
		`"duration":1e+21,"albumId":"b","createdAt":"2026-11-22T13:18:51.572Z","updatedAt":"2026-11-22T13:18:51.572Z","__v":0}`
	if got := string(appendSong(nil, song, base)); got != want {
		t.Errorf("got %s", got)
	}
}

func TestOperations(t *testing.T) {
	d := mount(world.New(t, "sqlite"))
	seen := map[string]bool{}
	for _, op := range d.Operations() {
		key := op.Method + " " + strings.ToLower(op.Path)
		if seen[key] {
			t.Errorf("%s is there twice", key)
		}
		seen[key] = true
		if op.Summary == "" || op.Tag == "" || len(op.Answers) == 0 || strings.Contains(op.Path, ":") {
			t.Errorf("%+v", op)
		}
		p := cut(strings.NewReplacer("{", "", "}", "").Replace(op.Path))
		if rt, _, err := d.find(op.Method, p); rt == nil || err != nil {
			t.Errorf("%s has no route: %v", key, err)
		}
	}
}

// songForm returns a server with an admin, and a function that posts a form.
func songForm(t testing.TB) (*world.World, func(contentType string, body []byte) *httptest.ResponseRecorder) {
	w := world.New(t, "sqlite")
	_, key := w.AddUser(t, "admin@example.com", "Admin", true)
	h := mount(w).Handler()
	return w, func(contentType string, body []byte) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/api/admin/songs", bytes.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Authorization", "Bearer "+key)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec
	}
}

func TestManyParts(t *testing.T) {
	w, post := songForm(t)
	for what, write := range map[string]func(*multipart.Writer) error{
		"values":  func(m *multipart.Writer) error { return m.WriteField("title", "x") },
		"nothing": func(m *multipart.Writer) error { return m.WriteField("", "") },
		"files": func(m *multipart.Writer) error {
			f, err := m.CreateFormFile(imageField, "a.png")
			if err == nil {
				_, err = f.Write([]byte("x"))
			}
			return err
		},
	} {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		for range 10_000 {
			if err := write(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		rec := post(m.FormDataContentType(), body.Bytes())
		if rec.Code != http.StatusRequestEntityTooLarge || !strings.Contains(rec.Body.String(), "more than 1000 parts") {
			t.Errorf("%s: %d %s", what, rec.Code, rec.Body)
		}
		if n := w.Staged(t); n > 0 {
			t.Errorf("%s: %d uploads on the stage", what, n)
		}
	}
}

// FuzzSongForm posts forms of any content: they are refused or taken, but
// nothing breaks and nothing stays behind.
func FuzzSongForm(f *testing.F) {
	const head = "--b\r\nContent-Disposition: form-data; name="
	f.Add([]byte(head + "\"title\"\r\n\r\nT\r\n--b--\r\n"))
	f.Add([]byte(head + "\"audioFile\"; filename=\"a.mp3\"\r\n\r\nx\r\n" + head + "\"imageFile\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n--b--"))
	f.Add([]byte(head + "\"imageFile\"; filename=\"\"\r\nContent-Type: image/png\r\n\r\n\r\n--b"))
	f.Add([]byte("--b\r\n\r\n\r\n--b\r\nContent-Disposition: x\r\n"))
	f.Add([]byte("--b--"))
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if err := errors.Join(m.SetBoundary("b"), m.WriteField("title", "T"), m.WriteField("artist", "A"), m.WriteField("duration", "1")); err != nil {
		f.Fatal(err)
	}
	for field, file := range map[string]string{imageField: "cover.png", audioField: "track.mp3"} {
		part, err := m.CreateFormFile(field, file)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := part.Write(world.Fixtures()[file]); err != nil {
			f.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(body.Bytes())
	w, post := songForm(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		rec := post("multipart/form-data; boundary=b", body)
		if rec.Code >= 500 || rec.Code < 200 || !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if n := w.Staged(t); n > 0 {
			t.Errorf("%d uploads on the stage", n)
		}
	})
}
