package store_test

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func storedFile(name, key string, size int64) file.File {
	return file.File{Name: name, Key: media.Key(key), Size: size, ContentType: "audio/mpeg", Created: noon}
}

func TestPanelSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := album(1)
		a.Title = "Ночь"
		a = must(s.InsertAlbum(t.Context(), a))(t)
		titles := []string{"Ärger ÜBER Straßen", "100% Pure", `back\slash`, "snake_case", `He said "hi" 'there'`, "ΟΔΥΣΣΕΙΑ", "plain"}
		numbers := map[int64]int{}
		for n, title := range titles {
			v := song(n, 0)
			v.Title, v.Artist = title, "Band of Five"
			if title == "plain" {
				v.AlbumID = a.ID
			}
			numbers[must(s.InsertSong(t.Context(), v))(t).ID] = n
		}
		all := []int{0, 1, 2, 3, 4, 5, 6}
		for _, tt := range []struct {
			name   string
			words  []string
			fields []string
			want   []int
		}{
			{"nothing", nil, nil, all},
			{"other case", []string{"ärger"}, nil, []int{0}},
			{"upper case", []string{"ÄRGER", "über"}, nil, []int{0}},
			{"Greek", []string{"οδυσσεια"}, nil, []int{5}},
			{"Cyrillic, of the album", []string{"НОЧЬ"}, nil, []int{6}},
			{"a word a field", []string{"plain", "ночь", "five"}, nil, []int{6}},
			{"not every word", []string{"plain", "ärger"}, nil, nil},
			{"a per cent sign", []string{"%"}, nil, []int{1}},
			{"an underscore", []string{"_"}, nil, []int{3}},
			{"a backslash", []string{`\`}, nil, []int{2}},
			{"wildcards", []string{"p_ain"}, nil, nil},
			{"double quotes", []string{`"hi"`}, nil, []int{4}},
			{"single quotes", []string{`'there'`}, nil, []int{4}},
			{"a phrase", []string{"said \"hi"}, nil, []int{4}},
			{"a phrase over fields", []string{"plain band"}, nil, nil},
			{"SQL", []string{`' OR 1=1 --`}, nil, nil},
			{"a place", []string{"$1"}, nil, nil},
			{"a question", []string{"?"}, nil, nil},
			{"in one field", []string{"five"}, []string{"title"}, nil},
			{"in the other", []string{"five"}, []string{"title", "artist"}, all},
		} {
			q := page(panel.Songs)
			q.Search, q.SearchFields, q.Order = tt.words, tt.fields, []panel.Order{{Field: "id"}}
			got := keys(must(s.PanelIDs(t.Context(), q))(t), func(id int64) int { return numbers[id] })
			equalLists(t, tt.name, got, tt.want)
			equal(t, tt.name+", counted", must(s.PanelCount(t.Context(), q))(t), len(tt.want))
		}
		for _, fieldName := range []string{"nonsense", "duration", "s.title"} {
			q := page(panel.Songs)
			q.Search, q.SearchFields = []string{"x"}, []string{fieldName}
			wantField(t, second(s.PanelIDs(t.Context(), q)), errs.Invalid, fieldName, errs.Unknown)
		}
		q := page(panel.Songs)
		q.Search = []string{"nul\x00"}
		wantKind(t, second(s.PanelIDs(t.Context(), q)), errs.Invalid)
		q.Search = []string{"\xff"}
		wantKind(t, second(s.PanelIDs(t.Context(), q)), errs.Invalid)
	})
}

func TestPanelFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e, ctx := newEstate(t, s), t.Context()
		type filters = []panel.Filter
		for _, tt := range []struct {
			name, model string
			filters     filters
			want        int
		}{
			{"of an album", panel.Songs, filters{{Field: "album", Value: e.album}}, 2},
			{"of an album, as text", panel.Songs, filters{{Field: "album", Value: "1"}}, 2},
			{"of no album", panel.Songs, filters{{Field: "album", Op: panel.None}}, 1},
			{"of albums", panel.Songs, filters{{Field: "album", Op: panel.In, Value: []int64{e.album, e.other, 99}}}, 3},
			{"by ids", panel.Songs, filters{{Field: "id", Op: panel.In, Value: e.songs[1:3]}}, 2},
			{"by no ids", panel.Songs, filters{{Field: "id", Op: panel.In, Value: []int64{}}}, 0},
			{"by titles", panel.Songs, filters{{Field: "title", Op: panel.In, Value: []string{"Song 0", "song 1"}}}, 1},
			{"since", panel.Songs, filters{{Field: "created_at", Op: panel.Since, Value: at(2)}}, 2},
			{"until", panel.Songs, filters{{Field: "created_at", Op: panel.Until, Value: at(2)}}, 2},
			{"since, as text", panel.Songs, filters{{Field: "created_at", Op: panel.Since, Value: "2026-11-22T13:00:03+01:00"}}, 1},
			{"longer", panel.Songs, filters{{Field: "duration", Op: panel.Since, Value: "1.5"}}, 4},
			{"all at once", panel.Songs, filters{{Field: "album", Value: e.album}, {Field: "created_at", Op: panel.Since, Value: at(1)}}, 1},
			{"by a count", panel.Albums, filters{{Field: "songs", Op: panel.Since, Value: 2}}, 1},
			{"by a role", panel.Users, filters{{Field: "role", Value: "admin"}}, 1},
			{"active", panel.Users, filters{{Field: "active", Value: true}}, 2},
			{"inactive, as text", panel.Users, filters{{Field: "active", Value: "false"}}, 0},
			{"without an image", panel.Users, filters{{Field: "image", Op: panel.None}}, 2},
			{"never signed in", panel.Users, filters{{Field: "last_login_at", Op: panel.None}}, 1},
			{"by sender", panel.Messages, filters{{Field: "sender", Value: e.ada}}, 2},
			{"by receiver", panel.Messages, filters{{Field: "receiver", Value: e.bob}}, 1},
			{"by senders", panel.Messages, filters{{Field: "sender", Op: panel.In, Value: []int64{e.ada, e.bob}}}, 3},
			{"by sender and receiver", panel.Messages, filters{{Field: "sender", Value: e.bob}, {Field: "receiver", Value: e.ada}}, 1},
			{"by party", panel.Messages, filters{{Field: "party", Value: e.bob}}, 2},
			{"of nobody", panel.Messages, filters{{Field: "party", Value: int64(99)}}, 0},
		} {
			q := page(tt.model)
			q.Filters = tt.filters
			equal(t, tt.name, must(s.PanelCount(ctx, q))(t), tt.want)
			equal(t, tt.name+", listed", len(must(s.PanelRows(ctx, q))(t)), tt.want)
		}
		for _, tt := range []struct {
			name string
			f    panel.Filter
			code errs.Code
		}{
			{"an unknown column", panel.Filter{Field: "1 = 1 OR title", Value: "x"}, errs.Unknown},
			{"no column", panel.Filter{Value: "x"}, errs.Unknown},
			{"a number of words", panel.Filter{Field: "id", Value: "1 OR 1"}, errs.Malformed},
			{"too great a number", panel.Filter{Field: "id", Value: "9223372036854775808"}, errs.Malformed},
			{"no number", panel.Filter{Field: "duration", Value: "NaN"}, errs.Malformed},
			{"no end", panel.Filter{Field: "duration", Value: "1e999"}, errs.Malformed},
			{"no time", panel.Filter{Field: "created_at", Op: panel.Since, Value: "yesterday"}, errs.Malformed},
			{"no value", panel.Filter{Field: "album"}, errs.Malformed},
			{"a value of another kind", panel.Filter{Field: "title", Value: 5}, errs.Malformed},
			{"a list for one", panel.Filter{Field: "id", Value: []int64{1}}, errs.Malformed},
			{"one for a list", panel.Filter{Field: "id", Op: panel.In, Value: int64(1)}, errs.Malformed},
			{"nonsense in a list", panel.Filter{Field: "id", Op: panel.In, Value: []string{"1", "x"}}, errs.Malformed},
			{"a list too long", panel.Filter{Field: "id", Op: panel.In, Value: make([]int64, panel.MaxIDs+1)}, errs.TooMany},
			{"a list of too many texts", panel.Filter{Field: "title", Op: panel.In, Value: make([]string, panel.MaxValues+1)}, errs.TooMany},
			{"text since", panel.Filter{Field: "title", Op: panel.Since, Value: "x"}, errs.Malformed},
			{"no comparison", panel.Filter{Field: "title", Op: 99, Value: "x"}, errs.Malformed},
		} {
			t.Run(tt.name, func(t *testing.T) {
				q := page(panel.Songs)
				q.Filters = filters{tt.f}
				wantField(t, second(s.PanelRows(ctx, q)), errs.Invalid, tt.f.Field, tt.code)
				wantField(t, second(s.PanelCount(ctx, q)), errs.Invalid, tt.f.Field, tt.code)
			})
		}
		// As many ids as an action may have.
		q := page(panel.Songs)
		many := panel.Filter{Field: "id", Op: panel.In, Value: append(make([]int64, panel.MaxIDs-1), e.songs[0])}
		q.Filters = filters{many}
		equal(t, "by many ids", must(s.PanelCount(ctx, q))(t), 1)
		q.Filters = filters{many, many}
		wantField(t, second(s.PanelCount(ctx, q)), errs.Invalid, "id", errs.TooMany)
	})
}

func TestPanelFacets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e, ctx := newEstate(t, s), t.Context()
		odd := song(9, 0)
		odd.Artist = "Zoë"
		must(s.InsertSong(ctx, odd))(t)
		facets := func(q panel.Query, field string, want ...panel.Facet) {
			t.Helper()
			equalLists(t, q.Model+" by "+field, must(s.PanelFacets(ctx, q, field))(t), want)
		}
		facets(page(panel.Songs), "artist", panel.Facet{Value: "Artist", Count: 4}, panel.Facet{Value: "Zoë", Count: 1})
		two := page(panel.Songs)
		two.Limit = 1
		facets(two, "artist", panel.Facet{Value: "Artist", Count: 4})
		some := page(panel.Songs)
		some.Search, some.Filters = []string{"song"}, []panel.Filter{{Field: "created_at", Op: panel.Since, Value: at(1)}, {Field: "created_at", Op: panel.Until, Value: at(3)}}
		facets(some, "album", panel.Facet{Value: e.album, Label: "Album 1", Count: 1}, panel.Facet{Value: e.other, Label: "Album 2", Count: 1})
		none := page(panel.Songs)
		none.Filters = []panel.Filter{{Field: "album", Op: panel.None}}
		facets(none, "album", panel.Facet{Count: 2})
		facets(page(panel.Users), "active", panel.Facet{Value: true, Count: 2})
		facets(page(panel.Users), "role", panel.Facet{Value: "admin", Count: 1}, panel.Facet{Value: "editor", Count: 1})
		facets(page(panel.Messages), "sender", panel.Facet{Value: e.ada, Label: "Ada", Count: 2}, panel.Facet{Value: e.bob, Label: "Bob", Count: 1})
		facets(page(panel.Albums), "songs", panel.Facet{Value: int64(1), Count: 1}, panel.Facet{Value: int64(2), Count: 1})
		facets(page(panel.Albums), "release_year", panel.Facet{Value: 1999.0, Count: 2})
		for _, field := range []string{"created_at", "nonsense"} {
			wantField(t, second(s.PanelFacets(ctx, page(panel.Songs), field)), errs.Invalid, field, errs.Unknown)
		}
	})
}

func TestPanelOptions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e := newEstate(t, s)
		options := func(q panel.Query, want ...panel.Option) {
			t.Helper()
			equalLists(t, "options of "+q.Model, must(s.PanelOptions(t.Context(), q))(t), want)
		}
		ada := panel.Option{ID: e.ada, Label: "Ada", Detail: "User1@example.com"}
		bob := panel.Option{ID: e.bob, Label: "Bob", Detail: "User2@example.com"}
		options(page(panel.Users), bob, ada)
		q := page(panel.Users)
		q.Search = []string{"ADA", "example"}
		options(q, ada)
		q = page(panel.Albums)
		q.Limit = 1
		options(q, panel.Option{ID: e.other, Label: "Album 2", Detail: "Artist", Image: "album_images/a.png"})
		for _, model := range models {
			if len(must(s.PanelOptions(t.Context(), page(model)))(t)) == 0 {
				t.Errorf("no options of %s", model)
			}
		}
	})
}

func TestPanelRelated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e, ctx := newEstate(t, s), t.Context()
		related := func(model string, ids []int64, want ...panel.Related) {
			t.Helper()
			equalLists(t, "related to "+model, must(s.PanelRelated(ctx, model, ids))(t), want)
			for _, r := range want {
				q := page(r.Model)
				q.Filters = []panel.Filter{{Field: r.Field, Op: panel.In, Value: ids}}
				equal(t, r.Model+" of "+model, must(s.PanelCount(ctx, q))(t), r.Count)
				equal(t, r.Model, len(must(s.PanelDependents(ctx, model, r.Model, ids, 100))(t)), r.Count)
			}
		}
		users := func(messages, tokens, sessions, plays int) []panel.Related {
			return []panel.Related{
				{Model: panel.Messages, Field: "party", Count: messages}, {Model: panel.Tokens, Field: "user", Count: tokens},
				{Model: panel.Sessions, Field: "user", Count: sessions}, {Model: panel.Plays, Field: "user", Count: plays},
			}
		}
		related(panel.Users, []int64{e.ada}, users(3, 0, 2, 0)...)
		related(panel.Users, []int64{e.bob}, users(2, 1, 0, 2)...)
		related(panel.Users, []int64{e.ada, e.bob}, users(3, 1, 2, 2)...)
		related(panel.Users, []int64{99}, users(0, 0, 0, 0)...)
		albums := func(songs, plays int) []panel.Related {
			return []panel.Related{{Model: panel.Songs, Field: "album", Count: songs}, {Model: panel.Plays, Field: "album", Count: plays}}
		}
		related(panel.Albums, []int64{e.album}, albums(2, 2)...)
		related(panel.Albums, []int64{e.other}, albums(1, 0)...)
		related(panel.Albums, []int64{e.album, e.other}, albums(3, 2)...)
		related(panel.Songs, e.songs, panel.Related{Model: panel.Plays, Field: "song", Count: 2})
		related(panel.Log, []int64{1})

		equalLists(t, "songs that go", must(s.PanelDependents(ctx, panel.Albums, panel.Songs, []int64{e.album, e.other}, 2))(t), []panel.Dependent{
			{Of: e.other, ID: e.songs[2], Label: "Song 2"}, {Of: e.album, ID: e.songs[1], Label: "Song 1"},
		})
		equalLists(t, "plays that go", must(s.PanelDependents(ctx, panel.Albums, panel.Plays, []int64{e.album, e.other}, 9))(t), []panel.Dependent{
			{Of: e.album, ID: 2, Label: "Song 1"}, {Of: e.album, ID: 1, Label: "Song 0"},
		})
		equalLists(t, "messages that go", must(s.PanelDependents(ctx, panel.Users, panel.Messages, []int64{e.bob}, 9))(t), []panel.Dependent{
			{Of: e.bob, ID: 2, Label: "Message 2"}, {Of: e.bob, ID: 1, Label: "Message 1"},
		})
		wantKind(t, second(s.PanelDependents(ctx, panel.Songs, panel.Users, []int64{1}, 9)), errs.NotFound)
		wantKind(t, second(s.PanelRelated(ctx, "nonsense", []int64{1})), errs.NotFound)
	})
}
