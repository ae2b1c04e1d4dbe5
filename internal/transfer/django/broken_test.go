package django_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/django"
)

func put(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dump")
	check(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

const (
	userHead  = "COPY public.users (id, password, is_superuser, is_staff, is_active, date_joined, email, full_name, image_url) FROM stdin;\n"
	userRow   = "1\t!\tf\tf\tt\t2024-01-15 10:00:00+00\ta@example.com\tA\t\n"
	albumHead = "COPY public.albums (id, title, artist, image_url, release_year, created_at, updated_at) FROM stdin;\n"
	userJSON  = `{"model": "api.user", "pk": 1, "fields": {"email": "a@example.com", "password": "!", "date_joined": "2024-01-15T10:00:00Z"}}`
)

// What cannot be read at all is refused with its place.
func TestBrokenDumps(t *testing.T) {
	for name, tt := range map[string]struct{ content, want string }{
		"nothing":             {"", "is empty"},
		"a page":              {"<html><body>404</body></html>", "a statement does not end: the file is cut off"},
		"custom format":       {"PGDMP\x01\x0e", "--format=plain"},
		"other application":   {"CREATE TABLE public.customers (\n    id bigint NOT NULL\n);\n", "is no library of the Django reference: it has no users, songs and albums, but customers"},
		"other fixture":       {`[{"model": "shop.customer", "pk": 1, "fields": {}}]`, "but shop.customer"},
		"other encoding":      {"SET client_encoding = 'LATIN1';\n", "byte 0: the dump is in the encoding LATIN1: write it again with --encoding=UTF8"},
		"cut off in rows":     {userHead + userRow, "the rows of a table do not end: the file is cut off"},
		"cut off in a row":    {userHead + userRow[:20], "the rows of a table do not end"},
		"cut off in a text":   {"INSERT INTO public.users VALUES (1, 'it''s", "byte 0: a statement does not end"},
		"COPY of a query":     {"COPY (SELECT 1) TO stdout;\n", "this COPY is none of pg_dump's"},
		"COPY as CSV":         {"COPY public.users (id) FROM stdin WITH (FORMAT csv);\n", "this COPY is none of pg_dump's"},
		"INSERT of a query":   {"INSERT INTO public.users SELECT 1;\n", "this INSERT is none of pg_dump's"},
		"INSERT of a formula": {"INSERT INTO public.users VALUES (1, now());\n", "this INSERT is none of pg_dump's"},
		"two schemas":         {userHead + userRow + "\\.\n" + strings.Replace(userHead, "public", "old", 1) + "\\.\n", "there are tables users in the schemas public and old"},
		"JSON cut off":        {"[" + userJSON[:50], "byte 1: an object does not end"},
		"array cut off":       {"[" + userJSON + ",", "the array does not end"},
		"JSON and then XML":   {"[" + userJSON + "]<xml>", "here should be an object of JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := django.OpenDump(t.Context(), put(t, tt.content), django.Options{})
			if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := django.OpenDump(t.Context(), filepath.Join(t.TempDir(), "none"), django.Options{}); !errs.Is(err, errs.NotFound) {
		t.Errorf("error %v", err)
	}
}

// A record that cannot be read is told with its place, and the rest is read.
func TestBrokenRows(t *testing.T) {
	second := strings.Replace(userRow, "1\t", "2\t", 1)
	for name, tt := range map[string]struct {
		content, rule, what string
		at                  int64
		users               int
	}{
		"too few values":   {userHead + "1\t!\n" + second + "\\.\n", "malformed", "there are 2 values for 9 columns", int64(len(userHead)), 1},
		"no number":        {userHead + "x" + userRow + second + "\\.\n", "wrong type", `id is "x1", not a whole number`, int64(len(userHead)), 1},
		"a huge number":    {userHead + "99999999999999999999" + userRow + second + "\\.\n", "wrong type", "not a whole number", int64(len(userHead)), 1},
		"no truth":         {userHead + strings.Replace(userRow, "\tf\t", "\tperhaps\t", 1) + second + "\\.\n", "wrong type", `is_superuser is "perhaps"`, int64(len(userHead)), 1},
		"no time":          {userHead + strings.Replace(userRow, "2024-01", "infinity", 1) + "\\.\n", "wrong type", "not a time", int64(len(userHead)), 0},
		"no address":       {userHead + strings.Replace(userRow, "a@example.com", `\N`, 1) + "\\.\n", "missing field", "email is missing", int64(len(userHead)), 0},
		"a row of 17 MiB":  {userHead + strings.Repeat("x", 17<<20) + "\n" + second + "\\.\n", "too large", "a record is longer than 16777216 bytes", int64(len(userHead)), 1},
		"50 MB of JSON":    {`[{"model": "api.user", "pk": 2, "fields": {"full_name": "` + strings.Repeat("x", 50<<20) + `"}}, ` + userJSON + "]", "too large", "a record is longer", 1, 1},
		"no JSON":          {`[{"model": api.user}, ` + userJSON + "]", "malformed", "this is no JSON", 1, 1},
		"no fields":        {`[{"model": "api.user", "pk": 3}, ` + userJSON + "]", "malformed", "the object has no fields", 1, 1},
		"natural keys":     {`[{"model": "api.user", "fields": {"email": "x@example.com"}}, ` + userJSON + "]", "missing field", "without --natural-primary", 1, 1},
		"a wrong type":     {`[{"model": "api.user", "pk": [1], "fields": {"email": "x@example.com"}}, ` + userJSON + "]", "wrong type", `id is "[1]", not a whole number`, 1, 1},
		"too many values":  {"INSERT INTO users (id, email) VALUES (1, 'a', 'b');\n", "malformed", "more or fewer values", 0, 0},
		"columns of a lie": {"CREATE TABLE users (\n id bigint,\n CONSTRAINT x CHECK ((id > 0))\n);\nINSERT INTO users VALUES (1, 'a');\n", "malformed", "more or fewer values", 67, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var problems []transfer.Problem
			read := 0
			s := openDump(t, put(t, tt.content))
			check(t, s.Each(t.Context(), transfer.Users, func(any) error { read++; return nil }, func(p transfer.Problem) { problems = append(problems, p) }))
			check(t, s.Close())
			if read != tt.users || len(problems) != 1 {
				t.Fatalf("%d users, problems %+v", read, problems)
			}
			p := problems[0]
			if p.Rule != tt.rule || !strings.Contains(p.What, tt.what) || p.Place.Offset != tt.at || !p.Lost {
				t.Errorf("problem %+v, want %s at %d: %s", p, tt.rule, tt.at, tt.what)
			}
		})
	}
}

// What looks like rows within quotes, comments and bodies of functions is none.
func TestQuotes(t *testing.T) {
	decoy := userHead + "9\tdecoy\n\\.\n"
	content := `\restrict abc
-- COPY public.users (id) FROM stdin;
SET client_encoding = 'UTF8';
/* INSERT INTO public.users VALUES ('; */
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $_$ ` + decoy + ` $$ ; $a$ ; $_$;
CREATE VIEW "v;iew" AS SELECT '` + decoy + `', E'it\'s; ''', "a;b" FROM x$1;
` + userHead + userRow + `\.

` + albumHead + `5	A ` + `\\` + `;	B	` + `\N	1999	2024-01-15 10:00:00.5+00	2024-01-15 12:00:00+02
\.

SELECT pg_catalog.setval('public.users_id_seq', 1, true);
\unrestrict abc
`
	s := openDump(t, put(t, content))
	l := read(t, s)
	if len(l.records[transfer.Users]) != 1 || len(l.records[transfer.Albums]) != 1 {
		t.Fatalf("records %+v", l.records)
	}
	a := l.records[transfer.Albums][0].(*transfer.Album)
	if a.Title != `A \;` || a.Image != "" || !a.Updated.Equal(begin) {
		t.Errorf("album %+v", a)
	}
}

func TestOpenDatabaseErrors(t *testing.T) {
	url := storetest.URL(t, "postgres")
	for name, tt := range map[string]struct {
		url  string
		kind errs.Kind
		want string
	}{
		"a file":      {"sqlite:x.db", errs.Invalid, "must be a URL that begins with postgres://"},
		"nonsense":    {"postgres://a:secret@[::1/x", errs.Invalid, "database:"},
		"nobody":      {"postgres://a:secret@127.0.0.1:1/x", errs.Unavailable, "no connection to 127.0.0.1"},
		"empty":       {url, errs.Invalid, "it has no users, songs and albums, but nothing"},
		"no database": {url + "x", errs.Unavailable, "no connection"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := django.OpenDatabase(t.Context(), tt.url, django.Options{})
			if !errs.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.want) || strings.Contains(fmt.Sprint(err), "secret") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// Nothing that is there is written over, and nothing half written is left.
func TestWriterFiles(t *testing.T) {
	dir := t.TempDir()
	w, err := django.NewWriter(dir)
	check(t, err)
	w.Discard()
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != 0 {
		t.Errorf("files %v", entries)
	}
	check(t, os.WriteFile(filepath.Join(dir, django.FixtureName), []byte("mine"), 0o600))
	if _, err := django.NewWriter(dir); !errs.Is(err, errs.Conflict) {
		t.Errorf("error %v", err)
	}
}

func FuzzOpenDump(f *testing.F) {
	for _, seed := range []string{
		userHead + userRow + "\\.\n", "INSERT INTO users (id, email) VALUES (1, 'a'), (-2, E'\\'b');\n",
		"CREATE TABLE users (id bigint);INSERT INTO users VALUES (1);", "[" + userJSON + "]", userJSON + "\n" + userJSON,
		"CREATE FUNCTION f() AS $a$ ; $a$;\n" + albumHead + "\\.\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := django.OpenDump(t.Context(), put(t, string(content)), django.Options{})
		if err != nil {
			return
		}
		for kind := range transfer.Kinds {
			told := 0
			if err := s.Each(t.Context(), kind, func(any) error { return nil }, func(transfer.Problem) { told++ }); err != nil {
				t.Logf("%s: %v after %d problems", kind, err, told)
			}
		}
		check(t, s.Close())
	})
}
