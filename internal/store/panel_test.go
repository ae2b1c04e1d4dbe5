package store_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// models are all that the panel knows.
var models = []string{
	panel.Songs, panel.Albums, panel.Users, panel.Messages, panel.Tokens, panel.Sessions, panel.Plays, panel.Log, panel.Invitations,
}

// estate is a store with a little of everything: two albums of three songs, two
// users who wrote to each other, a token, two sessions, two plays, an entry of the
// log and an invitation.
type estate struct {
	*store.Store
	album, other int64   // two songs, one song
	songs        []int64 // the third is of other, the fourth of none
	ada, bob     int64
}

func newEstate(t *testing.T, s *store.Store) estate {
	t.Helper()
	ctx := t.Context()
	e := estate{Store: s, album: addAlbum(t, s, 1).ID, other: addAlbum(t, s, 2).ID}
	for n, of := range []int64{e.album, e.album, e.other, 0} {
		e.songs = append(e.songs, addSong(t, s, n, of).ID)
	}
	ada, bob := user(1), user(2)
	ada.FullName, ada.Admin = "Ada", true
	bob.FullName, bob.Staff = "Bob", account.Editor
	e.ada, e.bob = must(s.InsertUser(ctx, ada, ""))(t).ID, must(s.InsertUser(ctx, bob, ""))(t).ID
	check(t, s.Exec(ctx, `UPDATE users SET last_login_at = created_at WHERE id = $1`, e.ada))
	addMessage(t, s, 1, e.ada, e.bob)
	addMessage(t, s, 2, e.bob, e.ada)
	addMessage(t, s, 3, e.ada, e.ada)
	must(s.InsertToken(ctx, account.Token{UserID: e.bob, Label: "script", Created: at(1)}, "t1"))(t)
	for n := range 2 {
		must(s.InsertSession(ctx, account.Session{UserID: e.ada, Label: "browser", Created: at(n), Expires: at(100)}, fmt.Sprint(n)))(t)
	}
	for n, song := range e.songs[:2] {
		check(t, s.InsertPlay(ctx, listening.Play{UserID: e.bob, SongID: song, At: at(n)}, at(n)))
	}
	must(s.InsertIdentity(ctx, account.Identity{UserID: e.bob, Provider: "company", Subject: "b", Created: at(1)}))(t)
	must(s.InsertIdentity(ctx, account.Identity{UserID: e.bob, Provider: "club", Subject: "b", Created: at(2)}))(t)
	must(s.PutInvitation(ctx, account.Invitation{
		Email: "Eve@example.com", Role: account.Editor, Inviter: "User1@example.com", Created: at(1), Expires: at(9),
	}))(t)
	check(t, s.InsertAudit(ctx, []audit.Entry{{
		At: at(5), ActorID: e.ada, Actor: "User1@example.com", Model: audit.Songs, ObjectID: "1", Object: "Song", Action: audit.Changed,
		Changes: []audit.Change{{Field: "title", From: "A", To: "B"}},
	}}))
	return e
}

// page is a query of a whole model.
func page(model string) panel.Query { return panel.Query{Model: model, Limit: 100} }

func (e estate) only(t *testing.T, model string, id int64) panel.Row {
	t.Helper()
	q := page(model)
	q.Filters = []panel.Filter{{Field: "id", Value: id}}
	rows := must(e.PanelRows(t.Context(), q))(t)
	if len(rows) != 1 {
		t.Fatalf("%d rows of %s with id %d", len(rows), model, id)
	}
	return rows[0]
}

func TestPanelRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e := newEstate(t, s)
		bob := must(s.UserByID(t.Context(), e.bob))(t)
		for _, tt := range []struct {
			model string
			id    int64
			label string
			want  map[string]any
		}{
			{panel.Songs, e.songs[2], "Song 2", map[string]any{
				"title": "Song 2", "artist": "Artist", "album": panel.Ref{ID: e.other, Label: "Album 2"}, "duration": 1.5,
				"image": "song_images/a.png", "audio": "songs/a.mp3", "created_at": at(2), "updated_at": at(2),
			}},
			{panel.Songs, e.songs[3], "Song 3", map[string]any{
				"title": "Song 3", "artist": "Artist", "album": nil, "duration": 1.5,
				"image": "song_images/a.png", "audio": "songs/a.mp3", "created_at": at(3), "updated_at": at(3),
			}},
			{panel.Albums, e.album, "Album 1", map[string]any{
				"title": "Album 1", "artist": "Artist", "release_year": 1999.0, "songs": int64(2),
				"image": "album_images/a.png", "created_at": at(1), "updated_at": at(1),
			}},
			{panel.Users, e.bob, "Bob", map[string]any{
				"external_id": bob.ExternalID, "email": "User2@example.com", "full_name": "Bob", "image": "", "role": "editor",
				"active": true, "verified": false, "identities": "company, club", "created_at": at(2), "last_login_at": nil,
			}},
			{panel.Messages, 2, "Message 2", map[string]any{
				"sender": panel.Ref{ID: e.bob, Label: "Bob"}, "receiver": panel.Ref{ID: e.ada, Label: "Ada"},
				"content": "Message 2", "created_at": at(2), "updated_at": at(2),
			}},
			{panel.Tokens, 1, "script", map[string]any{
				"user": panel.Ref{ID: e.bob, Label: "Bob"}, "label": "script", "created_at": at(1), "last_used_at": nil,
			}},
			{panel.Sessions, 2, "browser", map[string]any{
				"user": panel.Ref{ID: e.ada, Label: "Ada"}, "label": "browser", "created_at": at(1), "expires_at": at(100),
			}},
			{panel.Invitations, 1, "Eve@example.com", map[string]any{
				"email": "Eve@example.com", "role": "editor", "inviter": "User1@example.com", "created_at": at(1), "expires_at": at(9),
			}},
			{panel.Plays, 1, "Song 0", map[string]any{
				"user": panel.Ref{ID: e.bob, Label: "Bob"}, "song": panel.Ref{ID: e.songs[0], Label: "Song 0"}, "created_at": at(0),
			}},
			{panel.Log, 1, "Song", map[string]any{
				"created_at": at(5), "actor_id": e.ada, "actor": "User1@example.com", "model": "songs", "object_id": "1",
				"object": "Song", "action": "changed", "changes": []audit.Change{{Field: "title", From: "A", To: "B"}},
			}},
		} {
			tt.want["id"] = tt.id
			want := panel.Row{ID: tt.id, Label: tt.label, Values: tt.want}
			if got := e.only(t, tt.model, tt.id); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v\nwant %+v", tt.model, got, want)
			}
		}
	})
}

// The roles are worded as the accounts word them.
func TestPanelRoles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e := estate{Store: s}
		for role := account.Member; role <= account.Administrator; role++ {
			u := user(int(role))
			u.Admin = role == account.Administrator
			if !u.Admin {
				u.Staff = role
			}
			id := must(s.InsertUser(t.Context(), u, ""))(t).ID
			equal(t, "role", e.only(t, panel.Users, id).Values["role"], any(role.String()))
		}
	})
}

// Every model can be sorted and filtered by every column, and searched.
func TestPanelColumns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e, ctx := newEstate(t, s), t.Context()
		values := map[panel.Kind]any{
			panel.Text: "x", panel.Int: int64(1), panel.Float: 1.5, panel.Bool: true, panel.Time: noon, panel.Rel: int64(1),
		}
		for _, model := range models {
			total := must(s.PanelCount(ctx, page(model)))(t)
			if total == 0 {
				t.Errorf("no %s", model)
			}
			q := page(model)
			q.Search = []string{"nothing at all"}
			equal(t, "found "+model, must(s.PanelCount(ctx, q))(t), 0)
			for _, c := range must(s.PanelColumns(model))(t) {
				what := model + " by " + c.Name
				if c.Kind == panel.Changes {
					wantSorted(t, e, model, c.Name, errs.Invalid)
					continue
				}
				for _, op := range []panel.Op{panel.Equals, panel.None} {
					q := page(model)
					q.Filters = []panel.Filter{{Field: c.Name, Op: op, Value: values[c.Kind]}}
					n := must(s.PanelCount(ctx, q))(t)
					equal(t, what, len(must(s.PanelIDs(ctx, q))(t)), n)
				}
				if c.Hidden {
					wantSorted(t, e, model, c.Name, errs.Invalid)
					continue
				}
				for _, desc := range []bool{false, true} {
					q := page(model)
					q.Order = []panel.Order{{Field: c.Name, Desc: desc}}
					equal(t, what, len(must(s.PanelRows(ctx, q))(t)), total)
				}
			}
		}
		_, err := s.PanelColumns("nonsense")
		wantKind(t, err, errs.NotFound)
	})
}

func wantSorted(t *testing.T, e estate, model, column string, want errs.Kind) {
	t.Helper()
	q := page(model)
	q.Order = []panel.Order{{Field: column}}
	wantKind(t, second(e.PanelIDs(t.Context(), q)), want)
}

func TestPanelOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := addAlbum(t, s, 1)
		zebra := album(2)
		zebra.Title = "zebra"
		z := must(s.InsertAlbum(t.Context(), zebra))(t)
		var ids []int64
		for n, v := range []struct {
			title string
			album int64
		}{{"b", 0}, {"A", z.ID}, {"a", a.ID}, {"B", z.ID}, {"c", 0}} {
			v2 := song(n/2, v.album) // two and two at the same moment
			v2.Title = v.title
			ids = append(ids, must(s.InsertSong(t.Context(), v2))(t).ID)
		}
		for _, tt := range []struct {
			name  string
			order []panel.Order
			want  []int
		}{
			{"newest", nil, []int{4, 3, 2, 1, 0}},
			{"oldest", []panel.Order{{Field: "created_at"}}, []int{0, 1, 2, 3, 4}},
			{"by title", []panel.Order{{Field: "title"}}, []int{1, 2, 0, 3, 4}},
			{"by title, downwards", []panel.Order{{Field: "title", Desc: true}}, []int{4, 3, 0, 2, 1}},
			{"by album, none last", []panel.Order{{Field: "album"}}, []int{2, 1, 3, 0, 4}},
			{"by album, downwards", []panel.Order{{Field: "album", Desc: true}}, []int{3, 1, 2, 4, 0}},
			{"by two columns", []panel.Order{{Field: "album", Desc: true}, {Field: "title"}}, []int{1, 3, 2, 0, 4}},
		} {
			q := page(panel.Songs)
			q.Order = tt.order
			want := keys(tt.want, func(i int) int64 { return ids[i] })
			equalLists(t, tt.name, must(s.PanelIDs(t.Context(), q))(t), want)
			// Page by page it is the same list.
			eachPage(len(want), func(limit, offset int) {
				q.Limit, q.Offset = limit, offset
				rows := must(s.PanelRows(t.Context(), q))(t)
				equalLists(t, tt.name, keys(rows, func(r panel.Row) int64 { return r.ID }), slice(want, limit, offset))
			})
		}
		q := page(panel.Songs)
		q.Order = []panel.Order{{Field: "title; DROP TABLE songs"}}
		wantField(t, second(s.PanelRows(t.Context(), q)), errs.Invalid, "title; DROP TABLE songs", errs.Unknown)
	})
}

// The lists that the panel opens with are read from an index, and no statement
// of the many is kept.
func TestPanelManyRows(t *testing.T) {
	const n = 3000
	s := storetest.Open(t, "sqlite")
	inOneTx(t, s, n, func(ctx context.Context, i int) error {
		_, err := s.InsertSong(ctx, song(i, 0))
		return err
	})
	plan := must(s.PanelPlan(t.Context(), page(panel.Songs)))(t)
	equalLists(t, "plan", plan, []string{"SCAN s USING INDEX songs_created"})
	q := page(panel.Songs)
	q.Limit, q.Offset = 50, n-20
	equal(t, "rows of the last page", len(must(s.PanelRows(t.Context(), q))(t)), 20)
	kept := s.Statements()
	q.Search = []string{"1", "2", "3"}
	q.Order = []panel.Order{{Field: "album"}, {Field: "title", Desc: true}}
	must(s.PanelIDs(t.Context(), q))(t)
	equal(t, "statements", s.Statements(), kept)
	equal(t, "all ids", len(must(s.PanelIDs(t.Context(), panel.Query{Model: panel.Songs}))(t)), n)
}

func TestPanelDaily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e, ctx := newEstate(t, s), t.Context()
		midnight := noon.Truncate(24 * time.Hour)
		late := message(0, e.ada, e.bob)
		for _, created := range []time.Time{midnight.Add(-time.Microsecond), midnight.AddDate(0, 0, 1)} {
			late.OID, late.Created = ids.New(), created
			must(insertMessage(ctx, s, late))(t)
		}
		days := func(model string, from, to int) map[int]int {
			t.Helper()
			counts := must(s.PanelDaily(ctx, model, midnight.AddDate(0, 0, from), midnight.AddDate(0, 0, to)))(t)
			byOffset := map[int]int{}
			for day, n := range counts {
				byOffset[int(day.Sub(midnight)/(24*time.Hour))] = n
			}
			return byOffset
		}
		want := map[string]int{
			panel.Songs: 4, panel.Albums: 2, panel.Users: 2, panel.Messages: 3, panel.Tokens: 1, panel.Sessions: 2, panel.Plays: 2, panel.Log: 1,
			panel.Invitations: 1,
		}
		for _, model := range models {
			if got := days(model, 0, 1); !reflect.DeepEqual(got, map[int]int{0: want[model]}) {
				t.Errorf("%s: %v", model, got)
			}
		}
		if got := days(panel.Messages, -1, 2); !reflect.DeepEqual(got, map[int]int{-1: 1, 0: 3, 1: 1}) {
			t.Errorf("messages of three days: %v", got)
		}
		equal(t, "days without a song", len(days(panel.Songs, 1, 9)), 0)
		_, err := s.PanelDaily(ctx, "nonsense", noon, noon)
		wantKind(t, err, errs.NotFound)
	})
}

func TestPanelTotals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		equal(t, "totals of nothing", must(s.PanelTotals(t.Context()))(t), panel.Totals{})
		newEstate(t, s)
		equal(t, "totals", must(s.PanelTotals(t.Context()))(t),
			panel.Totals{Songs: 4, Albums: 2, Artists: 1, Users: 2, Messages: 3, Plays: 2})
	})
}

func TestPanelStorage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		equal(t, "media of nothing", must(s.PanelStorage(ctx))(t).Media, 0)
		for name, key := range map[string]string{"a": "same", "b": "same", "c": "other", "gone": "gone"} {
			check(t, s.InsertFile(ctx, storedFile(name, key, 100)))
		}
		check(t, s.RemoveFiles(ctx, []string{"gone"}, noon))
		v := must(s.PanelStorage(ctx))(t)
		if v.Files != 3 || v.Media != 200 || v.Database < 4096 {
			t.Errorf("storage %+v", v)
		}
	})
}
