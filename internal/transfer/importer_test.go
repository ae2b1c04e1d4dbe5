package transfer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// songs is a source of so many songs, each with a picture of its own, and one
// that its reader could not make out.
type songs int

func (n songs) Each(_ context.Context, kind transfer.Kind, do func(any) error, problem func(transfer.Problem)) error {
	if kind != transfer.Songs {
		return nil
	}
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var song transfer.Song // one for all: nobody may keep it
	for i := range int(n) {
		song = transfer.Song{
			Place: transfer.Place{File: "songs.bson", Offset: int64(i)}, OID: oid.ID(fmt.Sprintf("%024x", i+1)), Title: fmt.Sprint("Song ", i),
			Image: fmt.Sprint("https://img.example/", i), Created: at, Updated: at,
		}
		if err := do(&song); err != nil {
			return err
		}
	}
	problem(transfer.Problem{Place: transfer.Place{File: "songs.bson", Offset: 1234}, Rule: "wrong type", What: "title is a number", Lost: true})
	return nil
}

func (n songs) Count(_ context.Context, kind transfer.Kind) (int64, error) { return int64(n), nil }

// site is where files are brought in from: it has those whose number does not end
// in 1.
type site struct {
	mu    sync.Mutex
	asked map[string]int
}

func (a *site) Rewrite(_ context.Context, url string, kind transfer.MediaKind) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked[url]++
	if strings.HasSuffix(url, "1") {
		return "", errors.New("404 Not Found")
	}
	return "song_images/" + url[len("https://img.example/"):], nil
}

func (a *site) Known(context.Context, string, transfer.MediaKind) (string, error) { return "", nil }

func TestImporter(t *testing.T) {
	const many = 4500 // more than two batches
	s := storetest.Open(t, "sqlite")
	files := &site{asked: map[string]int{}}
	last := map[transfer.Phase]transfer.Progress{}
	importer := transfer.Importer{Loader: s, Media: files, Progress: func(p transfer.Progress) {
		if p.Kind == transfer.Songs {
			last[p.Phase] = p
		}
	}}
	r, err := importer.Run(t.Context(), songs(many))
	if err != nil {
		t.Fatal(err)
	}
	if k := r.Kinds[transfer.Songs]; k.Read != many+1 || k.Added != many || k.Lost != 1 || k.Same != 0 {
		t.Errorf("counts %+v", k)
	}
	if p := last[transfer.Loading]; p.Done != many+1 || p.Total != many {
		t.Errorf("the last progress is %+v", p)
	}
	for i, want := range []string{"song_images/0", "https://img.example/1", "song_images/2"} {
		song, err := s.SongByID(t.Context(), int64(i+1))
		if err != nil || song.Image != want {
			t.Errorf("the picture of song %d is %q, %v; want %q", i+1, song.Image, err, want)
		}
	}
	if n := files.asked["https://img.example/1"]; n != 1 {
		t.Errorf("what is not there was asked for %d times", n)
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"songs.bson, byte 1234: title is a number", "file not brought in, 450 times, 0 lost", "and 430 more", "404 Not Found", "read back"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, text.String())
		}
	}
	var again transfer.Report
	if encoded, err := json.Marshal(r); err != nil || json.Unmarshal(encoded, &again) != nil || again.Lost() != 1 {
		t.Errorf("the report as JSON: %s, %v", encoded, err)
	}
}

// careless is a database that stores a song otherwise than it was told.
type careless struct{ transfer.Loader }

func (f careless) Load(ctx context.Context, do func(context.Context, transfer.Target) error) error {
	return f.Loader.Load(ctx, func(ctx context.Context, t transfer.Target) error { return do(ctx, altering{t}) })
}

type altering struct{ transfer.Target }

func (a altering) Insert(ctx context.Context, kind transfer.Kind, records []any) error {
	records[0].(*transfer.Song).Title += " " // after its checksum was taken
	return a.Target.Insert(ctx, kind, records)
}

func TestImporterNoticesDifferences(t *testing.T) {
	s := storetest.Open(t, "sqlite")
	importer := transfer.Importer{Loader: careless{s}}
	r, err := importer.Run(t.Context(), songs(3))
	if err == nil || !strings.Contains(err.Error(), "not those of the source") || r.Done {
		t.Errorf("error %v, done %v", err, r.Done)
	}
	if stats, err := s.Stats(t.Context()); err != nil || stats.Songs != 0 {
		t.Errorf("%+v are there, %v", stats, err)
	}
}
