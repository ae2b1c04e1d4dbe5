package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/s3"
	"github.com/antiphon-music/antiphon/internal/media/s3/versitygw"
	"github.com/antiphon-music/antiphon/internal/store"
)

const (
	firstByteName   = "media/first byte of 64 KiB from S3"
	uncopiedName    = "media/first byte of 64 KiB from S3, without copies"
	s3UploadName    = "media/memory for an upload of 200 MiB to S3"
	localUploadName = "media/memory for an upload of 200 MiB to a folder"

	firstByteRange = 64 << 10 // bytes
	firstByteAsked = 1000     // how often each server is asked in a round
	bucketName     = "bench"
)

// What S3 may cost.
var (
	mostFirstByte = target{AtMost: 1.3}
	mostS3Upload  = target{AtMost: 40} // MiB; four parts of 8 MiB may be under way
)

// elsewhere is an S3 server with files, and the Antiphon before it.
type elsewhere struct {
	gateway  *versitygw.Server
	antiphon *process
	keys     []media.Key
	store    *s3.Store
}

// measureMedia compares the way of a file through the server with that from S3
// itself, and what an upload takes.
func (b *bench) measureMedia(ctx context.Context) error {
	if !b.wanted(firstByteName, uncopiedName, s3UploadName, localUploadName) {
		return nil
	}
	gateway, err := versitygw.Start()
	if err != nil {
		b.report.omit("media: %v", err)
		return nil
	}
	url, err := b.database("sqlite")
	if err != nil {
		return err
	}
	if err := seed(ctx, url, small); err != nil {
		return err
	}
	e := &elsewhere{gateway: gateway}
	if err := b.storeElsewhere(ctx, e, url); err != nil {
		return err
	}
	settings := []string{"--media=" + gateway.Location(bucketName, ""), "--media-key=" + gateway.Key, "--media-secret=" + gateway.Secret}
	if e.antiphon, err = b.serve(ctx, url, settings...); err != nil {
		return err
	}
	defer e.antiphon.stop()
	if b.wanted(firstByteName) {
		if err := b.measureFirstByte(ctx, e, e.antiphon, figure{Name: firstByteName, Target: mostFirstByte}); err != nil {
			return err
		}
	}
	if b.wanted(uncopiedName) {
		far, err := b.serve(ctx, url, append(settings, "--media-cache=0", "--data="+b.dataFolder(url)+"-uncopied")...)
		if err != nil {
			return err
		}
		err = b.measureFirstByte(ctx, e, far, figure{Name: uncopiedName})
		far.stop()
		if err != nil {
			return err
		}
	}
	if !b.wanted(s3UploadName, localUploadName) {
		return nil
	}
	inFolder, err := b.serve(ctx, url)
	if err != nil {
		return err
	}
	defer inFolder.stop()
	return errors.Join(
		b.reportUpload(ctx, localUploadName, inFolder, target{}),
		b.reportUpload(ctx, s3UploadName, e.antiphon, mostS3Upload))
}

// reportUpload reports what the greatest upload takes.
func (b *bench) reportUpload(ctx context.Context, name string, p *process, most target) error {
	b.say("%s", name)
	added, _, err := b.weighUpload(ctx, p)
	if errors.Is(err, errNoMemory) {
		b.report.omit("%s: %v", name, err)
		return nil
	}
	if err == nil {
		b.report.add(figure{Name: name, Value: added, Unit: "MiB", Target: most})
	}
	return err
}

// storeElsewhere puts the files of streams into a bucket.
func (b *bench) storeElsewhere(ctx context.Context, e *elsewhere, database string) error {
	c, err := s3.Parse(e.gateway.Location(bucketName, ""))
	if err != nil {
		return err
	}
	c.Key, c.Secret = e.gateway.Key, e.gateway.Secret
	if err := e.gateway.CreateBucket(bucketName); err != nil {
		return err
	}
	if e.store, err = s3.New(c); err != nil {
		return err
	}
	stage, err := media.NewStage(filepath.Join(b.scratch, "staging"))
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{URL: database})
	if err != nil {
		return err
	}
	for n := range streamFiles {
		content := make([]byte, streamFileSize)
		_, _ = rand.Read(content) // it ends the program rather than fail
		key, err := putFrom(ctx, stage, e.store, content)
		if err == nil {
			err = s.InsertFile(ctx, file.File{
				Name: streamName(n), Key: key, Size: streamFileSize, ContentType: "audio/mpeg", Created: time.Now(),
			})
		}
		if err != nil {
			return errors.Join(err, s.Close())
		}
		e.keys = append(e.keys, key)
	}
	return s.Close()
}

// measureFirstByte asks both servers for the same ranges, in turns.
func (b *bench) measureFirstByte(ctx context.Context, e *elsewhere, antiphon *process, f figure) error {
	b.say("%s", f.Name)
	var through, direct []float64
	for range b.rounds {
		own, theirs, err := e.addresses(ctx, antiphon)
		if err != nil {
			return err
		}
		for _, turn := range []struct {
			addresses []string
			times     *[]float64
		}{{own, &through}, {theirs, &direct}} {
			took, err := firstBytes(ctx, turn.addresses)
			if err != nil {
				return err
			}
			*turn.times = append(*turn.times, median(took))
		}
	}
	f.Unit, f.Peer = "ms", "versitygw"
	f.Value, f.PeerValue, f.Ratio = median(through), median(direct), medianRatio(through, direct)
	b.report.add(f)
	return nil
}

// addresses returns where the server has the files, and where S3 itself has
// them.
func (e *elsewhere) addresses(ctx context.Context, antiphon *process) (own, theirs []string, err error) {
	for n, key := range e.keys {
		link, err := e.store.Link(ctx, key, "audio/mpeg", time.Now().Add(time.Hour))
		if err != nil {
			return nil, nil, err
		}
		own, theirs = append(own, "http://"+antiphon.addr+"/media/"+streamName(n)), append(theirs, link)
	}
	return own, theirs, nil
}

// firstBytes asks one server for parts of files, one after the other over one
// connection, as a listener does. It returns the times to the first bytes in
// milliseconds.
func firstBytes(ctx context.Context, addresses []string) ([]float64, error) {
	server, err := url.Parse(addresses[0])
	if err != nil {
		return nil, err
	}
	c, err := dial(ctx, server.Host)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	var times []float64
	for n := range firstByteAsked {
		at := mathrand.IntN(streamFileSize - firstByteRange)
		part := fmt.Sprintf("bytes=%d-%d", at, at+firstByteRange-1)
		took, err := c.firstByte(ctx, addresses[n%len(addresses)], part)
		if err != nil {
			return nil, err
		}
		times = append(times, milliseconds(took))
	}
	return times, nil
}

// firstByte asks for a part of what an address has, and returns the time from
// asking to the first byte of the body.
func (c *client) firstByte(ctx context.Context, address, part string) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Range", part)
	begun := time.Now()
	if err := r.Write(c.conn); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(c.in, r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusPartialContent {
		return 0, fmt.Errorf("%s: answered %s", address, answer.Status)
	}
	if _, err := io.ReadFull(answer.Body, make([]byte, 1)); err != nil {
		return 0, err
	}
	took := time.Since(begun)
	_, err = io.Copy(io.Discard, answer.Body)
	return took, err
}
