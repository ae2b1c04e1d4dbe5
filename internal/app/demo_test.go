package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/demo"
)

// The demo library is added once, however often it is asked for. Its songs are
// cut short here: all of them take minutes under the race detector.
func TestLoadDemo(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	songs := slices.Concat(demo.Songs()[:2], demo.Songs()[len(demo.Songs())-1:])
	for i := range songs {
		p := &songs[i].Piece
		p.Sections = strings.Fields(p.Sections[len(p.Sections)-1])[:1]
		p.Parts = slices.Clone(p.Parts)
		for n := range p.Parts {
			p.Parts[n].In = "x"
		}
	}
	for range 2 {
		if err := f.loadDemo(ctx, songs); err != nil {
			t.Fatal(err)
		}
	}
	list, total, err := f.Catalog.Songs(ctx, catalog.Page{})
	if err != nil || total != len(songs) {
		t.Fatalf("%d songs, %v", total, err)
	}
	for _, s := range list {
		if s.Audio == "" || s.Image == "" || (s.AlbumID == 0) != (s.Title == songs[2].Title) {
			t.Errorf("%+v", s)
		}
	}
	stats, err := f.Catalog.Stats(ctx)
	if err != nil || stats.Albums != len(demo.Albums()) || stats.Users != len(demo.Users())+2 {
		t.Errorf("%+v, %v", stats, err)
	}
	mira, err := f.Accounts.UserByEmail(ctx, account.Operator(), demo.Admin().Email)
	if err != nil || !mira.Admin || mira.Image == "" {
		t.Errorf("%+v, %v", mira, err)
	}
	talks, err := f.Chat.Conversations(ctx, account.Actor{User: mira, Via: account.ViaOperator}, chat.Page{Limit: 10})
	if err != nil || len(talks) == 0 {
		t.Errorf("%d conversations, %v", len(talks), err)
	}
}
