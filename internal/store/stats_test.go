package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestStats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		equal(t, "stats", must(s.Stats(t.Context()))(t), catalog.Stats{})
		a := addAlbum(t, s, 1)
		addSong(t, s, 1, a.ID)
		v := song(2, 0)
		v.Artist = "Another"
		v = must(s.InsertSong(t.Context(), v))(t)
		addUser(t, s, 1)
		equal(t, "stats", must(s.Stats(t.Context()))(t), catalog.Stats{Songs: 2, Albums: 1, Users: 1, Artists: 2})
		check(t, s.DeleteAlbum(t.Context(), a.ID))
		equal(t, "stats", must(s.Stats(t.Context()))(t), catalog.Stats{Songs: 1, Users: 1, Artists: 1})
		v.Artist = "artist" // another than "Artist"
		check(t, s.UpdateSong(t.Context(), v))
		equal(t, "stats", must(s.Stats(t.Context()))(t), catalog.Stats{Songs: 1, Users: 1, Artists: 1})
	})
}

// Whoever remembers something under a revision sees every change of it as
// another revision; a sign-in changes none.
func TestRevisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		u, gone := addUser(t, s, 1), addUser(t, s, 2)
		a := addAlbum(t, s, 1)
		v := addSong(t, s, 1, 0)
		token := must(s.InsertToken(ctx, account.Token{UserID: u.ID, Created: noon}, "t"))(t)
		session := must(s.InsertSession(ctx, account.Session{UserID: u.ID, Created: noon, Expires: at(1)}, "s"))(t)
		for _, step := range []struct {
			name              string
			catalog, accounts bool
			do                func() error
		}{
			{"insert a song", true, false, func() error { _, err := s.InsertSong(ctx, song(3, 0)); return err }},
			{"update a song", true, false, func() error { return s.UpdateSong(ctx, v) }},
			{"delete a song", true, false, func() error { return s.DeleteSong(ctx, v.ID) }},
			{"insert an album", true, false, func() error { _, err := s.InsertAlbum(ctx, album(3)); return err }},
			{"update an album", true, false, func() error { return s.UpdateAlbum(ctx, a) }},
			{"touch an album", true, false, func() error { return s.TouchAlbum(ctx, a.ID, at(9)) }},
			{"delete an album", true, false, func() error { return s.DeleteAlbum(ctx, a.ID) }},
			{"insert a user", true, true, func() error { _, err := s.InsertUser(ctx, user(3), ""); return err }},
			{"update a user", false, true, func() error { return s.UpdateUser(ctx, u) }},
			{"change an audience", false, true, func() error {
				return s.Exec(ctx, `UPDATE users SET audience = 1 WHERE id = $1`, u.ID)
			}},
			{"change a role", false, true, func() error {
				return s.Exec(ctx, `UPDATE users SET staff = 1 WHERE id = $1`, u.ID)
			}},
			{"delete a user", true, true, func() error { return s.DeleteUser(ctx, gone.ID) }},
			{"delete a token", false, true, func() error { return s.DeleteToken(ctx, u.ID, token.ID) }},
			{"delete a session", false, true, func() error { return s.DeleteSession(ctx, u.ID, session.ID) }},
			{"sign in", false, false, func() error { return s.SetLastLogin(ctx, u.ID, at(9)) }},
			{"insert a token", false, false, func() error {
				_, err := s.InsertToken(ctx, account.Token{UserID: u.ID, Created: noon}, "t2")
				return err
			}},
			{"use a token", false, false, func() error { return s.TouchTokens(ctx, []int64{token.ID}, at(9)) }},
			{"lock", false, false, func() error { return errors.Join(s.LockCatalog(ctx), s.LockAccounts(ctx)) }},
			{"send a message", false, false, func() error { _, err := insertMessage(ctx, s, message(1, u.ID, u.ID)); return err }},
		} {
			before := must(s.Revisions(ctx))(t)
			check(t, step.do())
			after := must(s.Revisions(ctx))(t)
			if after.Catalog > before.Catalog != step.catalog || after.Accounts > before.Accounts != step.accounts {
				t.Errorf("%s: from %+v to %+v", step.name, before, after)
			}
		}
	})
}

// life is a store full of random things, for tests that do random things to
// them.
type life struct {
	store *store.Store
	rand  *rand.Rand
	users []int64
}

// pick returns a random id of a table, or one of nothing.
func (l *life) pick(ctx context.Context, table string) (int64, error) {
	id, err := l.store.Int(ctx, `SELECT id FROM `+table+` WHERE id >= $1 ORDER BY id LIMIT 1`, l.rand.IntN(150))
	if errs.Is(err, errs.NotFound) {
		return -1, nil
	}
	return id, err
}

func (l *life) artist() string { return fmt.Sprint("Artist ", l.rand.IntN(4)) }

// step does one random thing. That the thing is not there is no error.
func (l *life) step(ctx context.Context, n int) error {
	err := l.act(ctx, n)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

func (l *life) act(ctx context.Context, n int) error {
	s := l.store
	someone := func() int64 { return l.users[l.rand.IntN(len(l.users))] }
	switch l.rand.IntN(12) {
	case 0, 1, 2:
		albumID, err := l.pick(ctx, "albums")
		if err != nil {
			return err
		}
		v := song(n, max(0, albumID))
		v.Artist = l.artist()
		_, err = s.InsertSong(ctx, v)
		return err
	case 3:
		v := album(n)
		v.Artist = l.artist()
		_, err := s.InsertAlbum(ctx, v)
		return err
	case 4, 5, 6:
		_, err := insertMessage(ctx, s, message(n, someone(), someone()))
		return err
	case 7:
		id, err := l.pick(ctx, "songs")
		if err != nil {
			return err
		}
		albumID, err := l.pick(ctx, "albums")
		if err != nil {
			return err
		}
		v := song(n, max(0, albumID))
		v.ID, v.Artist = id, l.artist()
		return s.UpdateSong(ctx, v)
	case 8:
		id, err := l.pick(ctx, "albums")
		if err != nil {
			return err
		}
		v := album(n)
		v.ID, v.Artist = id, l.artist()
		return s.UpdateAlbum(ctx, v)
	case 9:
		id, err := l.pick(ctx, "messages")
		if err != nil {
			return err
		}
		m := message(n, 0, someone())
		m.ID = id
		return s.UpdateMessage(ctx, m)
	case 10:
		return l.insertUser(ctx, n)
	default:
		return l.remove(ctx)
	}
}

func (l *life) insertUser(ctx context.Context, n int) error {
	u, err := l.store.InsertUser(ctx, user(n), "")
	if err == nil {
		l.users = append(l.users, u.ID)
	}
	return err
}

// remove removes something, many things at once, or something with all that
// hangs on it.
func (l *life) remove(ctx context.Context) error {
	s := l.store
	tables := []string{"songs", "albums", "messages"}
	table := tables[l.rand.IntN(len(tables))]
	switch l.rand.IntN(5) {
	case 0:
		return s.Exec(ctx, `DELETE FROM `+table+` WHERE id % 5 = $1`, l.rand.IntN(5))
	case 1:
		return s.Exec(ctx, `UPDATE songs SET artist = $1 WHERE id % 3 = 0`, l.artist())
	case 2:
		if len(l.users) < 3 {
			return nil
		}
		i := l.rand.IntN(len(l.users))
		id := l.users[i]
		l.users = slices.Delete(l.users, i, i+1)
		return s.Exec(ctx, `DELETE FROM users WHERE id = $1`, id)
	}
	id, err := l.pick(ctx, table)
	if err != nil {
		return err
	}
	switch table {
	case "songs":
		return s.DeleteSong(ctx, id)
	case "albums":
		return s.DeleteAlbum(ctx, id)
	}
	return s.DeleteMessage(ctx, id)
}

// checkCounts compares what the database counts by itself with what plain SQL
// counts.
func checkCounts(t *testing.T, s *store.Store) {
	t.Helper()
	for what, query := range map[string]string{
		"songs":  `SELECT (SELECT n FROM counters WHERE name = 'songs') - (SELECT count(*) FROM songs)`,
		"albums": `SELECT (SELECT n FROM counters WHERE name = 'albums') - (SELECT count(*) FROM albums)`,
		"users":  `SELECT (SELECT n FROM counters WHERE name = 'users') - (SELECT count(*) FROM users)`,
		"artists": `SELECT (SELECT n FROM counters WHERE name = 'artists')
			- (SELECT count(*) FROM (SELECT artist FROM songs UNION SELECT artist FROM albums) AS a)`,
		"works": `SELECT (SELECT count(*) FROM artists WHERE works <>
				(SELECT count(*) FROM songs WHERE artist = name) + (SELECT count(*) FROM albums WHERE artist = name))
			+ abs((SELECT count(*) FROM artists) - (SELECT n FROM counters WHERE name = 'artists'))`,
		"conversations": `SELECT (SELECT count(*) FROM conversations c WHERE messages <>
				(SELECT count(*) FROM messages m WHERE m.low_id = c.low_id AND m.high_id = c.high_id))
			+ abs((SELECT count(*) FROM conversations WHERE messages > 0) - (SELECT count(*) FROM (SELECT DISTINCT low_id, high_id FROM messages) AS p))`,
		"bounds": `SELECT count(*) FROM conversations c JOIN messages m ON m.low_id = c.low_id AND m.high_id = c.high_id
			WHERE m.created_at NOT BETWEEN c.first_at AND c.last_at`,
		"parties": `SELECT count(*) FROM messages WHERE (low_id, high_id) NOT IN ((sender_id, receiver_id), (receiver_id, sender_id)) OR low_id > high_id`,
	} {
		if off := must(s.Int(t.Context(), query))(t); off != 0 {
			t.Errorf("%s are off by %d", what, off)
		}
	}
}

func TestCountsAfterAnything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		regret := errors.New("regret")
		for seed := range uint64(2) {
			l := &life{store: s, rand: rand.New(rand.NewPCG(seed, 1))}
			for n := range 4 {
				check(t, l.insertUser(t.Context(), int(seed)*10_000+n))
			}
			for round := range 10 {
				var step int
				err := s.InTx(t.Context(), func(ctx context.Context) error {
					users := slices.Clone(l.users)
					for step = range 20 {
						if err := l.step(ctx, int(seed)*10_000+100+round*20+step); err != nil {
							return err
						}
					}
					if round%4 == 3 { // some of it never happens
						l.users = users
						return regret
					}
					return nil
				})
				if err != nil && !errors.Is(err, regret) {
					t.Fatalf("seed %d, round %d, step %d: %v", seed, round, step, err)
				}
				checkCounts(t, s)
			}
			// The lists that are read by those counts are whole.
			equal(t, "songs", len(must(s.Songs(t.Context(), catalog.Page{}))(t)), must(s.Stats(t.Context()))(t).Songs)
			for _, id := range l.users {
				equal(t, "messages", len(must(s.MessagesOf(t.Context(), id, chat.Page{}))(t)), must(s.CountMessagesOf(t.Context(), id))(t))
			}
		}
	})
}
