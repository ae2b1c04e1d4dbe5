package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/store"
)

const (
	streamFiles    = 20
	streamFileSize = 5 << 20 // bytes; a song of five minutes
	streamRanges   = 500     // that are asked for in turn
)

// streamCase is a way to fetch files, with the least ratio to nginx.
type streamCase struct {
	name  string
	bytes int // of each range; 0 for whole files
	least float64
}

func streamCases() []streamCase {
	return []streamCase{
		{"stream/whole files of 5 MiB", 0, 0.95},
		{"stream/ranges of 1 MiB", 1 << 20, 0.95},
		{"stream/ranges of 256 KiB", 256 << 10, 0.85},
		{"stream/ranges of 64 KiB", 64 << 10, 0.7},
	}
}

// requests returns what is asked for: every file, or ranges at random places.
func (c streamCase) requests() [][]byte {
	var list [][]byte
	if c.bytes == 0 {
		for n := range streamFiles {
			list = append(list, get("/media/"+streamName(n)))
		}
		return list
	}
	random := mathrand.New(mathrand.NewPCG(1, 2)) // the same places every time
	for range streamRanges {
		at := random.IntN(streamFileSize - c.bytes)
		list = append(list, get("/media/"+streamName(random.IntN(streamFiles)),
			"Range", fmt.Sprintf("bytes=%d-%d", at, at+c.bytes-1)))
	}
	return list
}

func streamName(n int) string { return fmt.Sprintf("songs/stream_%d.mp3", n) }

// measureStreams compares Antiphon with nginx over the same files.
func (b *bench) measureStreams(ctx context.Context) error {
	var cases []streamCase
	for _, c := range streamCases() {
		if b.wanted(c.name) {
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return nil
	}
	url, err := b.database("sqlite")
	if err != nil {
		return err
	}
	www := filepath.Join(b.scratch, "www")
	if err := b.storeStreams(ctx, url, www); err != nil {
		return err
	}
	antiphon, err := b.serve(ctx, url)
	if err != nil {
		return err
	}
	defer antiphon.stop()
	nginx, err := b.startNginx(ctx, www)
	if err != nil {
		b.report.omit("nginx: %v", err)
		return nil
	}
	defer nginx.stop()
	for _, c := range cases {
		b.say("%s", c.name)
		outcomes, err := b.contest(ctx, []contender{{name: "antiphon", process: antiphon}, {name: "nginx", process: nginx}},
			load{requests: c.requests(), connections: connections})
		if err != nil {
			return err
		}
		b.report.add(compare(figure{Name: c.name, Unit: "req/s", Peer: "nginx", Target: target{AtLeast: c.least}},
			outcomes[0], outcomes[1], throughput))
	}
	return nil
}

// storeStreams puts the files where the server looks for them, as uploads
// would, and links them into the folder www for a server of plain files.
func (b *bench) storeStreams(ctx context.Context, url, www string) error {
	if err := migrate(ctx, url); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	dir := filepath.Join(b.dataFolder(url), "media")
	blobs, err := local.New(dir)
	for n := 0; err == nil && n < streamFiles; n++ {
		err = storeStream(ctx, s, blobs, streamName(n), dir, www)
	}
	return errors.Join(err, s.Close())
}

func storeStream(ctx context.Context, s *store.Store, blobs *local.Store, name, dir, www string) error {
	content := make([]byte, streamFileSize)
	_, _ = rand.Read(content) // it ends the program rather than fail
	key, err := put(ctx, blobs, content)
	if err != nil {
		return err
	}
	err = s.InsertFile(ctx, file.File{
		Name: name, Key: key, Size: streamFileSize, ContentType: "audio/mpeg", Created: time.Now(),
	})
	if err != nil {
		return err
	}
	link := filepath.Join(www, "media", name)
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return err
	}
	return os.Link(filepath.Join(dir, "blobs", string(key[:2]), string(key[2:4]), string(key)), link)
}

func put(ctx context.Context, blobs *local.Store, content []byte) (media.Key, error) {
	return putFrom(ctx, blobs.Stage(), blobs, content)
}

func putFrom(ctx context.Context, stage *media.Stage, blobs media.Blobs, content []byte) (media.Key, error) {
	staged, err := stage.Receive(ctx, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", err
	}
	defer staged.Discard()
	return staged.Key, blobs.Put(ctx, staged)
}
