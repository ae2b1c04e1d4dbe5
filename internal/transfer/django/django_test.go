package django_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/django"
	"github.com/antiphon-music/antiphon/internal/transfer/django/djangotest"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// library is all that a source says, without where it says it.
type library struct {
	records  [transfer.Kinds][]any
	problems map[string]int // by kind and rule
}

func read(t *testing.T, s *django.Source) library {
	t.Helper()
	defer func() { check(t, s.Close()) }()
	l := library{problems: map[string]int{}}
	for kind := range transfer.Kinds {
		count, err := s.Count(t.Context(), kind)
		check(t, err)
		err = s.Each(t.Context(), kind, func(record any) error {
			copied := reflect.New(reflect.TypeOf(record).Elem())
			copied.Elem().Set(reflect.ValueOf(record).Elem())
			copied.Elem().FieldByName("Place").SetZero()
			l.records[kind] = append(l.records[kind], copied.Interface())
			return nil
		}, func(p transfer.Problem) { l.problems[kind.String()+": "+p.Rule]++ })
		check(t, err)
		if n := int64(len(l.records[kind])); count != n {
			t.Errorf("%s: %d are announced, and there are %d", kind, count, n)
		}
	}
	return l
}

func compare(t *testing.T, got, want library) {
	t.Helper()
	for kind := range transfer.Kinds {
		if len(got.records[kind]) != len(want.records[kind]) {
			t.Errorf("%d %s, want %d", len(got.records[kind]), kind, len(want.records[kind]))
			continue
		}
		for i, record := range got.records[kind] {
			if !reflect.DeepEqual(record, want.records[kind][i]) {
				t.Errorf("%s, got %+v\nwant %+v", kind, record, want.records[kind][i])
			}
		}
	}
	if !reflect.DeepEqual(got.problems, want.problems) {
		t.Errorf("problems %v, want %v", got.problems, want.problems)
	}
}

var options = django.Options{AdminEmail: djangotest.AdminEmail}

func openDatabase(t *testing.T, url string) *django.Source {
	t.Helper()
	s, err := django.OpenDatabase(t.Context(), url, options)
	check(t, err)
	return s
}

func openDump(t *testing.T, path string) *django.Source {
	t.Helper()
	s, err := django.OpenDump(t.Context(), path, options)
	check(t, err)
	return s
}

// pgDump runs pg_dump with options, and returns the path of its file.
func pgDump(t *testing.T, url string, options ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "library.sql")
	out, err := exec.CommandContext(t.Context(), pgDumpPath(t), append(options, "--file", path, url)...).CombinedOutput()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, out)
	}
	return path
}

// pgDumpPath finds the pg_dump of the newest server, which knows all others.
func pgDumpPath(t *testing.T) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if len(found) > 0 {
		return slices.Max(found)
	}
	path, err := exec.LookPath("pg_dump")
	if err != nil {
		citest.Missing(t, "there is no pg_dump")
	}
	return path
}

func packed(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	check(t, err)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err = w.Write(content)
	check(t, err)
	check(t, w.Close())
	check(t, os.WriteFile(path+".gz", b.Bytes(), 0o600))
	return path + ".gz"
}

// What Django has stored is read the same from its database and from every kind
// of dump, and is what it says.
func TestOrigins(t *testing.T) {
	url := storetest.URL(t, "postgres")
	project := djangotest.New(t, url)
	project.Seed(20)
	want := read(t, openDatabase(t, url))
	t.Run("what it says", func(t *testing.T) { wantLibrary(t, want) })

	for name, path := range map[string]string{
		"pg_dump":                   pgDump(t, url),
		"pg_dump, packed":           packed(t, pgDump(t, url)),
		"pg_dump of data alone":     pgDump(t, url, "--data-only"),
		"pg_dump by INSERT":         pgDump(t, url, "--inserts"),
		"pg_dump by long INSERTs":   pgDump(t, url, "--rows-per-insert=7", "--quote-all-identifiers"),
		"pg_dump by INSERT INTO ()": packed(t, pgDump(t, url, "--column-inserts")),
	} {
		t.Run(name, func(t *testing.T) { compare(t, read(t, openDump(t, path)), want) })
	}

	// A fixture has milliseconds.
	for kind := range want.records {
		for _, record := range want.records[kind] {
			inMilliseconds(reflect.ValueOf(record).Elem())
		}
	}
	for name, path := range map[string]string{
		"dumpdata":                   project.Dump(),
		"dumpdata, packed":           packed(t, project.Dump()),
		"dumpdata with indent":       project.Dump("--indent", "4"),
		"dumpdata with natural keys": project.Dump("--natural-foreign"),
		"dumpdata, a line each":      lines(t, project.Dump("--format", "json")),
	} {
		t.Run(name, func(t *testing.T) { compare(t, read(t, openDump(t, path)), want) })
	}
}

// inMilliseconds cuts the times of a record.
func inMilliseconds(v reflect.Value) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch at := field.Interface().(type) {
		case time.Time:
			if !at.IsZero() {
				field.Set(reflect.ValueOf(at.Truncate(time.Millisecond)))
			}
		case audit.Entry:
			inMilliseconds(field)
		}
	}
}

// lines makes one object a line of an array, as the format jsonl is.
func lines(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	check(t, err)
	text := strings.Trim(strings.TrimSpace(string(content)), "[]")
	text = strings.ReplaceAll(text, `}}, {"model"`, "}}\n{\"model\"")
	check(t, os.WriteFile(path+"l", []byte(text+"\n"), 0o600))
	return path + "l"
}

const odd = "tab\there, line\nthere, \\back\\slash\\., \\N \"quotes\" and it's; $$ -- no comment /* nor here */ 🎵 \u2028 end\r"

var begin = time.Date(2024, 1, 15, 10, 0, 0, 0, time.UTC)

// wantLibrary checks what is remarkable about what was seeded.
func wantLibrary(t *testing.T, l library) {
	t.Helper()
	var people []string
	for _, record := range l.records[transfer.Users] {
		u := record.(*transfer.User)
		hasher, _, _ := strings.Cut(u.Password, "$")
		people = append(people, fmt.Sprintf("%d %s %s active=%v verified=%v %q %q", u.ID, u.Email, u.Role, u.Active, u.Verified, u.Image, hasher))
	}
	if want := []string{
		`1 alice@example.com member active=true verified=true "users/cover.png" "pbkdf2_sha256"`,
		`2 ALICE@Example.com member active=true verified=true "" "pbkdf2_sha256"`,
		`3 bob@EXAMPLE.com member active=true verified=false "" "pbkdf2_sha1"`,
		`4 carol@example.com member active=false verified=false "" ""`,
		`5 owner@example.com admin active=true verified=false "" "scrypt"`,
		`6 root@example.com admin active=true verified=false "" "bcrypt"`,
		`7 editor@example.com editor active=true verified=false "" "bcrypt_sha256"`,
		`8 viewer@example.com viewer active=true verified=false "" ""`,
		`9 staff@example.com viewer active=true verified=false "" "pbkdf2_sha256"`,
		`11 late@example.com member active=true verified=false "" "pbkdf2_sha256"`,
	}; !slices.Equal(people, want) {
		t.Errorf("people\n%s\nwant\n%s", strings.Join(people, "\n"), strings.Join(want, "\n"))
	}
	carol := l.records[transfer.Users][3].(*transfer.User)
	if !strings.HasPrefix(carol.Password, "$argon2") {
		t.Errorf("Carol's password is %q", carol.Password)
	}
	if bob := l.records[transfer.Users][2].(*transfer.User); !bob.LastLogin.Equal(begin) || !bob.Joined.Equal(begin.AddDate(0, 0, 2).Add(2*time.Microsecond)) {
		t.Errorf("Bob %+v", bob)
	}
	if a := l.records[transfer.Albums][1].(*transfer.Album); a.Title != odd || a.ReleaseYear != -1 || a.Image != "albums/img.jpg" || !a.Created.Equal(begin.Add(time.Hour)) || !a.Updated.Equal(begin.Add(time.Hour+time.Microsecond)) {
		t.Errorf("album %+v", a)
	}
	if s := l.records[transfer.Songs][2].(*transfer.Song); s.Title != odd || s.Duration != -5 || s.Album.ID != 2 || s.Audio != "songs/track.mp3" {
		t.Errorf("song %+v", s)
	}
	if s := l.records[transfer.Songs][1].(*transfer.Song); !s.Album.IsZero() {
		t.Errorf("song %+v", s)
	}
	if m := l.records[transfer.Messages][1].(*transfer.Message); m.ID != 2 || m.Sender.ID != 2 || m.Receiver.ID != 3 || m.Content != odd || !m.Created.Equal(begin.Add(time.Second+time.Microsecond)) {
		t.Errorf("message %+v", m)
	}
	if k := l.records[transfer.Tokens][2].(*transfer.Token); k.Key != strings.Repeat("2", 40) || k.User.ID != 3 || !k.Created.Equal(begin.Add(2*time.Second)) {
		t.Errorf("token %+v", k)
	}
	e := l.records[transfer.Changes][1].(*transfer.Change).Entry
	want := audit.Entry{
		At: begin.Add(time.Minute), ActorID: 6, Actor: "root@example.com", Model: audit.Songs, ObjectID: "1", Object: "Song 0",
		Action: audit.Changed, Changes: []audit.Change{{Field: "title"}, {Field: "release_year"}},
	}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("entry %+v, want %+v", e, want)
	}
	if want := map[string]int{"users: unknown table": 1, "users: role from staff": 1}; !reflect.DeepEqual(l.problems, want) {
		t.Errorf("problems %v, want %v", l.problems, want)
	}
	if r := account.Viewer; l.records[transfer.Users][8].(*transfer.User).Role != r {
		t.Error("staff without a group is no viewer")
	}
}

// What a Writer writes, Django loads, and keeps as it was; and so does the Writer.
func TestRoundTrip(t *testing.T) {
	url := storetest.URL(t, "postgres")
	project := djangotest.New(t, url)
	project.Seed(10)
	want := read(t, openDatabase(t, url))
	// Keys are left out, and a table of which nothing is known.
	want.records[transfer.Tokens] = nil
	want.problems = map[string]int{}
	for i, record := range want.records[transfer.Users] { // staff alone is not told from viewers
		if u := record.(*transfer.User); u.Email == djangotest.AdminEmail && u.Role != account.Administrator {
			t.Errorf("user %d is no admin", i)
		}
	}
	own, err := account.NewFastHasher().Hash(t.Context(), "of ours")
	check(t, err)
	want.records[transfer.Users] = append(want.records[transfer.Users], &transfer.User{
		ID: 99, Email: "new@example.com", Verified: true, FullName: "New", Password: own, Active: true, Role: account.Editor, Joined: begin, Updated: begin,
	})

	dir := t.TempDir()
	w, err := django.NewWriter(dir)
	check(t, err)
	defer w.Discard()
	for kind := range transfer.Kinds {
		for _, record := range want.records[kind] {
			if _, err := w.Write(context.Background(), record, func(p transfer.Problem) { t.Error(p) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	check(t, w.Close())
	path := filepath.Join(dir, django.FixtureName)
	out := read(t, openDump(t, path))
	out.problems = dropped(out.problems, "tokens: missing table")
	compare(t, out, want)

	other := storetest.URL(t, "postgres")
	instance := djangotest.New(t, other)
	instance.Manage("loaddata", path)
	loaded := read(t, openDatabase(t, other))
	compare(t, loaded, want)
	const lookUp = `
from api.models import User
new = User.objects.get(email="new@example.com")
print(new.check_password("of ours"), new.has_perm("api.change_song"), new.has_perm("api.change_user"))`
	if got := strings.TrimSpace(instance.Manage("shell", "-c", lookUp)); got != "True True False" {
		t.Errorf("Django says of an editor: %s", got)
	}
}

// dropped returns problems without one.
func dropped(problems map[string]int, rule string) map[string]int {
	delete(problems, rule)
	return problems
}
