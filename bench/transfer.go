package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

const (
	transferName       = "transfer/records imported"
	transferMemoryName = "transfer/memory for it"
)

// What an import has to reach.
var (
	leastTransferred = map[string]target{"sqlite": {AtLeast: 100_000}, "postgres": {AtLeast: 50_000}} // a second
	mostForTransfer  = target{AtMost: 200}                                                            // MiB
)

// The library that is imported.
var (
	wholeLibrary = library{users: 100_000, albums: 100_000, messages: 5_000_000}
	quickLibrary = library{users: 10_000, albums: 10_000, messages: 500_000}
)

// measureTransfer imports a large library into an empty database of each engine:
// from dumps by the command, and as it is made up inside this process.
func (b *bench) measureTransfer(ctx context.Context) error {
	src := wholeLibrary
	if !b.large {
		src = quickLibrary
	}
	if err := b.measureDumps(ctx, src); err != nil {
		return err
	}
	if !b.wanted(transferName, transferMemoryName) {
		return nil
	}
	for _, engine := range b.engines {
		b.say("%s, %s: %d of them", transferName, engine, src.records())
		if err := b.measureImport(ctx, engine, src); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureImport(ctx context.Context, engine string, src library) (err error) {
	url, err := b.database(engine)
	if err != nil {
		return err
	}
	if err := migrate(ctx, url); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	this, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	p := &process{cmd: &exec.Cmd{Process: this}}
	debug.FreeOSMemory()
	unweighed := p.forgetPeak()
	importer := transfer.Importer{Loader: s}
	report, err := importer.Run(ctx, src)
	if err != nil {
		return err
	}
	if lost := report.Lost(); lost > 0 {
		return fmt.Errorf("%d records were lost", lost)
	}
	b.report.add(figure{
		Name: transferName, Engine: engine, Value: float64(src.records()) / report.Took.Seconds(), Unit: "1/s", Target: leastTransferred[engine],
	})
	peak, err := p.memory("VmHWM")
	if err := errors.Join(unweighed, err); err != nil {
		b.report.omit("%s: %v: %v", transferMemoryName, errNoMemory, err)
		return nil
	}
	b.report.add(figure{Name: transferMemoryName, Engine: engine, Value: mebibytes(peak), Unit: "MiB", Target: mostForTransfer})
	return nil
}

// library is a source of so many records, in the form of the Node reference's:
// people go by external ids, everything else by ObjectIds, albums list their
// songs. Messages come in bursts of ten, of one conversation after another.
type library struct{ users, albums, messages int }

func (l library) records() int { return l.users + l.albums + l.albums*albumSongs + l.messages }

// Count implements transfer.Source.
func (l library) Count(_ context.Context, kind transfer.Kind) (int64, error) {
	return int64(l.count(kind)), nil
}

func (l library) count(kind transfer.Kind) int {
	switch kind {
	case transfer.Users:
		return l.users
	case transfer.Albums:
		return l.albums
	case transfer.Songs:
		return l.albums * albumSongs
	case transfer.Messages:
		return l.messages
	}
	return 0
}

// Each implements transfer.Source.
func (l library) Each(_ context.Context, kind transfer.Kind, do func(record any) error, _ func(transfer.Problem)) error {
	var user transfer.User
	var album transfer.Album
	var song transfer.Song
	var message transfer.Message
	for i := range l.count(kind) {
		at := time.Unix(1_704_067_200+int64(i), int64(i%1000)*int64(time.Millisecond)).UTC()
		place := transfer.Place{File: kind.String(), Row: int64(i + 1)}
		var record any
		switch kind {
		case transfer.Users:
			user = transfer.User{
				Place: place, OID: libraryOID(0xc3, i), ExternalID: clerkID(i), FullName: fmt.Sprint("Person Number ", i),
				Image: fmt.Sprintf("https://img.clerk.com/portrait_%d", i), Active: true, Joined: at, Updated: at,
			}
			record = &user
		case transfer.Albums:
			songs := make([]oid.ID, albumSongs)
			for n := range songs {
				songs[n] = libraryOID(0xb2, i*albumSongs+n)
			}
			album = transfer.Album{
				Place: place, OID: libraryOID(0xa1, i), Title: fmt.Sprint("Album Number ", i), Artist: fmt.Sprint("Artist ", i%1000),
				Image: fmt.Sprintf("https://res.cloudinary.com/demo/image/upload/cover_%d.jpg", i), ReleaseYear: float64(1960 + i%60),
				Songs: songs, Created: at, Updated: at,
			}
			record = &album
		case transfer.Songs:
			song = transfer.Song{
				Place: place, OID: libraryOID(0xb2, i), Title: fmt.Sprint("Song Number ", i), Artist: fmt.Sprint("Artist ", i/albumSongs%1000),
				Image: fmt.Sprintf("https://res.cloudinary.com/demo/image/upload/cover_%d.jpg", i),
				Audio: fmt.Sprintf("https://res.cloudinary.com/demo/video/upload/track_%d.mp3", i), Duration: float64(120 + i%240),
				Album: transfer.Ref{OID: libraryOID(0xa1, i/albumSongs)}, Created: at, Updated: at,
			}
			record = &song
		case transfer.Messages:
			const burst = 10
			pair := i / burst % (l.messages / conversationMessages)
			from, to := pair%l.users, (pair*7919+1)%l.users
			if i%2 == 1 {
				from, to = to, from
			}
			message = transfer.Message{
				Place: place, OID: libraryOID(0xd4, i), Sender: transfer.Ref{External: clerkID(from)}, Receiver: transfer.Ref{External: clerkID(to)},
				Content: fmt.Sprintf("Message number %d about the song that we heard together", i), Created: at, Updated: at,
			}
			record = &message
		}
		if err := do(record); err != nil {
			return err
		}
	}
	return nil
}

// libraryOID returns ObjectIds that rise, as those of one process do.
func libraryOID(kind byte, i int) oid.ID {
	return oid.ID(fmt.Sprintf("%08x%02x%014x", 1_704_067_200+i/100, kind, i))
}

func clerkID(i int) string { return fmt.Sprintf("user_2NNEqL2nrIRdJ194ndJ%08d", i) }
