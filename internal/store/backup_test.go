package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/backup"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// everything puts at least a row into each table that a backup carries.
var everything = []string{
	`INSERT INTO users (id, oid, external_id, email, email_folded, verified, full_name, image, password, active, admin, created_at, updated_at, last_login_at, audience, staff)
		VALUES (3, '65a000000000000000000001', 'user_a', 'A@example.com', 'a@example.com', TRUE, 'tab	"quote" \ 🎵', '', '$argon2id$', TRUE, FALSE, 1, 2, NULL, 1, 2),
		(7, '65a000000000000000000002', 'user_b', 'b@example.com', 'b@example.com', FALSE, '', 'users/a.png', '', FALSE, TRUE, -1, 9007199254740993, 5, 0, 0),
		(9, '65a000000000000000000003', 'user_c', 'c@example.com', 'c@example.com', FALSE, '', '', '', FALSE, TRUE, 1, 1, 5, 0, 0)`,
	`INSERT INTO tokens (user_id, hash, label, created_at) VALUES (3, 'h1', 'l', 1)`,
	`INSERT INTO sessions (user_id, hash, label, created_at, expires_at) VALUES (7, 'h1', 'l', 1, 2)`,
	`INSERT INTO albums (oid, title, artist, image, release_year, created_at, updated_at) VALUES ('65a000000000000000000011', 'T', 'Us', 'i', 1999.5, 1, 1)`,
	`INSERT INTO songs (oid, title, artist, image, audio, duration, album_id, album_named, album_position, created_at, updated_at)
		VALUES ('65a000000000000000000021', '<&> ` + "\u2028" + `', 'Us', 'i', 'a', 0.1, 1, NULL, 1, 1, 1), ('65a000000000000000000022', 'T', 'They', 'i', 'a', 1e300, NULL, '65a0000000000000000000ff', 0, 1, 1)`,
	`INSERT INTO messages (oid, sender_id, receiver_id, content, created_at, updated_at)
		VALUES ('65a000000000000000000031', 3, 7, 'hello', 1, 1), ('65a000000000000000000032', 7, 3, 'line
		and line', 2, 2), ('65a000000000000000000033', 7, 7, 'me', 2, 2)`,
	`INSERT INTO files (name, blob, size, content_type, created_at, removed_at) VALUES ('songs/a.mp3', '` + strings.Repeat("a", 64) + `', 5, 'audio/mpeg', 1, NULL),
		('songs/b.mp3', '` + strings.Repeat("a", 64) + `', 5, 'audio/mpeg', 1, NULL), ('songs/c.mp3', '` + strings.Repeat("b", 64) + `', 5, 'audio/mpeg', 1, 3)`,
	`INSERT INTO read_marks (reader_id, other_id, message_id, message_at, read_at) VALUES (3, 7, 1, 1, 1)`,
	`INSERT INTO audit (created_at, actor_id, actor, model, object_id, object, action, changes) VALUES (1, 3, 'a', 'songs', '1', 'o', 'added', '[]')`,
	`INSERT INTO plays (user_id, song_id, played_at) VALUES (3, 1, 1)`,
	`INSERT INTO job_runs (kind, node, started_at, took, result, error) VALUES ('k', 'n', 1, 2, 'r', '')`,
	`INSERT INTO links (purpose, user_id, email, password, hash, created_at, expires_at) VALUES ('reset', 3, 'a', '', 'h', 1, 2)`,
	`INSERT INTO identities (user_id, provider, subject, email, created_at) VALUES (3, 'p', 's', 'e', 1)`,
	`INSERT INTO invitations (email, email_folded, role, inviter, created_at, expires_at) VALUES ('e', 'e', 1, 'i', 1, 2)`,
	`INSERT INTO spent (hash, expires_at) VALUES ('h', 1)`,
	`INSERT INTO recovery_codes (user_id, hash) VALUES (3, 'h')`,
	`INSERT INTO transfer_media (url, name) VALUES ('https://example.com/a', 'songs/a.mp3')`,
	`DELETE FROM users WHERE id = 9`, // its number is not given again
}

func fill(t *testing.T, s *store.Store) {
	t.Helper()
	for _, text := range everything {
		if err := s.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	for _, text := range []string{ // bytes are written otherwise on each engine
		`INSERT INTO jobs (kind, payload, due_at, created_at) VALUES ('k', $1, 1, 1)`,
		`INSERT INTO totp (user_id, sealed, step, created_at) VALUES (3, $1, 1, 1)`,
		`INSERT INTO passkeys (user_id, name, key_id, credential, created_at) VALUES (3, 'n', $1, '{}', 1)`,
	} {
		check(t, s.Exec(t.Context(), text, []byte{0, 1, 0xff, '"'}))
	}
	check(t, s.Exec(t.Context(), `INSERT INTO jobs (kind, payload, due_at, created_at) VALUES ('none', $1, 1, 1)`, []byte{}))
}

// dumped is all that a backup reads of a database.
func dumped(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	check(t, s.Dump(t.Context(), func(ctx context.Context, d backup.Snapshot) error {
		for _, table := range d.Tables() {
			rows := []string{}
			err := d.Each(ctx, table, func(row []any) error {
				rows = append(rows, fmt.Sprintf("%#v", row))
				return nil
			})
			if err != nil {
				return err
			}
			if n, err := d.Count(ctx, table); err != nil || n != int64(len(rows)) {
				t.Errorf("%s: count %d of %d rows, %v", table.Name, n, len(rows), err)
			}
			slices.Sort(rows)
			last := int64(-1)
			if table.Last != nil {
				last = *table.Last
			}
			all[fmt.Sprint(table.Name, table.Columns, last)] = rows
		}
		var contents []backup.Content
		err := d.Contents(ctx, func(c backup.Content) error {
			contents = append(contents, c)
			return nil
		})
		all["contents"] = []string{fmt.Sprint(contents)}
		return err
	}))
	return all
}

func same(t *testing.T, what string, got, want map[string][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d tables, want %d", what, len(got), len(want))
	}
	for name, rows := range want {
		if !slices.Equal(got[name], rows) {
			t.Errorf("%s: %s is\n%v\nwant\n%v", what, name, got[name], rows)
		}
	}
}

// Every table is either carried or left for a reason.
func TestDumpTables(t *testing.T) {
	var both [2]map[string][]string
	for i, engine := range storetest.Engines() {
		s := storetest.Open(t, engine)
		all, left, err := s.Tables(t.Context())
		check(t, err)
		check(t, s.Dump(t.Context(), func(_ context.Context, d backup.Snapshot) error {
			var names []string
			for _, table := range d.Tables() {
				names = append(names, table.Name)
			}
			names = append(names, left...)
			slices.Sort(names)
			slices.Sort(all)
			if !slices.Equal(names, all) {
				t.Errorf("%s: carried or left are %v, and there are %v", engine, names, all)
			}
			return nil
		}))
		both[i] = dumped(t, s)
	}
	same(t, "two empty databases", both[1], both[0])
}

// A copy on each engine of a database on each is the same, goes on behind the same
// numbers, and counts by itself.
func TestCopy(t *testing.T) {
	first := storetest.Open(t, "sqlite")
	fill(t, first)
	want := dumped(t, first)
	for name, rows := range want {
		if len(rows) == 0 {
			t.Errorf("nothing of %s is tested", name)
		}
	}
	from := first
	for _, engine := range []string{"postgres", "postgres", "sqlite", "sqlite"} {
		to := storetest.Open(t, engine)
		if _, err := backup.Copy(t.Context(), from, to, false, nil); err != nil {
			t.Fatal(err)
		}
		same(t, engine, dumped(t, to), want)
		from = to
	}
	for _, engine := range storetest.Engines() {
		to := storetest.Open(t, engine)
		rows, err := backup.Copy(t.Context(), first, to, false, nil)
		check(t, err)
		if rows == 0 {
			t.Error("no rows")
		}
		next, err := to.InsertUser(t.Context(), user(1), "")
		check(t, err)
		if next.ID != 10 {
			t.Errorf("%s: the next user has the number %d", engine, next.ID)
		}
		_, err = to.InsertSong(t.Context(), song(1, 1))
		check(t, err)
		_, err = to.InsertMessages(t.Context(), []chat.Message{message(3, 3, 10)})
		check(t, err)
		for what, difference := range map[string]string{
			"songs":    `SELECT (SELECT n FROM counters WHERE name = 'songs') - (SELECT count(*) FROM songs)`,
			"users":    `SELECT (SELECT n FROM counters WHERE name = 'users') - (SELECT count(*) FROM users)`,
			"artists":  `SELECT (SELECT n FROM counters WHERE name = 'artists') - (SELECT count(*) FROM artists)`,
			"messages": `SELECT (SELECT sum(messages) FROM conversations) - (SELECT count(*) FROM messages)`,
		} {
			if n, err := to.Int(t.Context(), difference); err != nil || n != 0 {
				t.Errorf("%s: %s are off by %d, %v", engine, what, n, err)
			}
		}
	}
}

// What an older version has made is brought up to date; what a newer one has made
// is refused.
func TestReplaceOtherVersion(t *testing.T) {
	for _, engine := range storetest.Engines() {
		ctx := t.Context()
		old, err := store.Open(ctx, store.Config{URL: storetest.URL(t, engine)})
		check(t, err)
		t.Cleanup(func() { check(t, old.Close()) })
		check(t, old.MigrateBefore(ctx, "0009_jobs"))
		for _, text := range everything[:6] {
			check(t, old.Exec(ctx, text))
		}
		to := storetest.Open(t, engine)
		_, err = backup.Copy(ctx, old, to, false, nil)
		check(t, err)
		if n, err := to.Int(ctx, `SELECT count(*) FROM users WHERE NOT EXISTS (SELECT 1 FROM jobs)`); err != nil || n != 3 {
			t.Errorf("%s: %d users, %v", engine, n, err)
		}
		steps, err := to.Migrations(ctx)
		check(t, err)
		if last := steps[len(steps)-1]; last.Applied.IsZero() {
			t.Errorf("%s: %s was not applied", engine, last.Name)
		}
		before := dumped(t, to)
		err = to.Replace(ctx, backup.Replacement{Migrations: []string{"0001_tables", "0002_flying"}, Force: true}, nil)
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "0002_flying") {
			t.Errorf("%s: error %v", engine, err)
		}
		same(t, engine, dumped(t, to), before)
	}
}

func TestReplaceRefuses(t *testing.T) {
	for _, engine := range storetest.Engines() {
		ctx := t.Context()
		from := storetest.Open(t, engine)
		fill(t, from)
		url := storetest.URL(t, engine)
		to, err := store.Open(ctx, store.Config{URL: url})
		check(t, err)
		_, err = to.Migrate(ctx)
		check(t, err)
		check(t, to.Exec(ctx, everything[0]))
		before := dumped(t, to)

		if _, err := backup.Copy(ctx, from, to, false, nil); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "it has users") {
			t.Errorf("%s: error %v", engine, err)
		}
		server, err := store.Open(ctx, store.Config{URL: url})
		check(t, err)
		if _, err := server.Int(ctx, `SELECT count(*) FROM users`); err != nil {
			t.Error(err)
		}
		if _, err := backup.Copy(ctx, from, to, true, nil); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "stop it first") {
			t.Errorf("%s: error %v", engine, err)
		}
		check(t, server.Close())

		broken := errors.New("broken off")
		var migrations []string
		check(t, from.Dump(ctx, func(_ context.Context, d backup.Snapshot) error {
			migrations = d.Migrations()
			return nil
		}))
		for what, do := range map[string]func(context.Context, backup.Target) error{
			"an end": func(context.Context, backup.Target) error { return broken },
			"a message of nobody": func(ctx context.Context, to backup.Target) error {
				for _, table := range to.Tables() {
					if table.Name == "tokens" {
						return to.Put(ctx, table, [][]any{tokenOf(table, 99)})
					}
				}
				return nil
			},
		} {
			if err := to.Replace(ctx, backup.Replacement{Migrations: migrations, Force: true}, do); err == nil {
				t.Errorf("%s, %s: no error", engine, what)
			}
			same(t, engine+" after "+what, dumped(t, to), before)
		}
		_, err = backup.Copy(ctx, from, to, true, nil)
		check(t, err)
		same(t, engine, dumped(t, to), dumped(t, from))
		check(t, to.Close())
	}
}

// tokenOf is a row of a token of a user.
func tokenOf(t backup.Table, user int64) []any {
	values := map[string]any{"id": int64(1), "user_id": user, "hash": "h", "label": "l", "created_at": int64(1)}
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = values[c.Name]
	}
	return row
}

// Revisions that clients may have seen do not come again.
func TestReplacePast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s)
		revisions := func(s *store.Store) (list []int64) {
			for _, query := range []string{`SELECT n FROM counters WHERE name = 'catalog'`, `SELECT n FROM counters WHERE name = 'accounts'`, `SELECT min(revision) FROM conversations`} {
				n, err := s.Int(t.Context(), query)
				check(t, err)
				list = append(list, n)
			}
			return list
		}
		past := storetest.Open(t, s.Engine())
		check(t, s.Dump(t.Context(), func(reading context.Context, d backup.Snapshot) error {
			return past.Replace(t.Context(), backup.Replacement{Migrations: d.Migrations(), Past: true}, func(ctx context.Context, to backup.Target) error {
				for _, table := range d.Tables() {
					err := d.Each(reading, table, func(row []any) error { return to.Put(ctx, table, [][]any{slices.Clone(row)}) })
					if err != nil {
						return err
					}
				}
				return nil
			})
		}))
		before, after := revisions(s), revisions(past)
		for i := range before {
			if after[i] <= before[i]+1_000_000 {
				t.Errorf("revisions %v after %v", after, before)
			}
		}
		if reflect.DeepEqual(before, after) {
			t.Error("nothing has risen")
		}
	})
}
