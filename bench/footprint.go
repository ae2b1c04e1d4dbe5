package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// existing is the library that a server starts over.
var existing = dataset{albums: 10_000, users: 500, messages: 20_000}

// What the server may take of the machine.
var (
	mostStart      = target{AtMost: 150} // ms
	mostIdle       = target{AtMost: 40}  // MiB
	mostForUpload  = target{AtMost: 20}  // MiB
	idleTime       = 2 * time.Second
	startName      = "footprint/start with 100,000 songs to the first answer"
	idleName       = "footprint/memory when idle"
	uploadName     = "footprint/memory for an upload of 200 MiB"
	uploadTimeName = "footprint/time for an upload of 200 MiB"
)

// measureFootprint measures how soon the server answers, and its memory.
func (b *bench) measureFootprint(ctx context.Context) error {
	if !b.wanted(startName, idleName, uploadName, uploadTimeName) {
		return nil
	}
	for _, engine := range b.engines {
		url, err := b.seeded(ctx, engine, existing)
		if err != nil {
			return err
		}
		if err := b.measureStart(ctx, engine, url); err != nil {
			return err
		}
		if err := b.measureMemory(ctx, engine, url); err != nil {
			return err
		}
	}
	return nil
}

// measureStart measures from when the process is made to when it has answered
// with songs from the database.
func (b *bench) measureStart(ctx context.Context, engine, url string) error {
	b.say("%s, %s", startName, engine)
	var took []float64
	for range b.rounds {
		begun := time.Now()
		p, err := b.serve(ctx, url)
		if err != nil {
			return err
		}
		_, _, err = fetch(ctx, p.addr, get("/api/songs/featured"))
		took = append(took, milliseconds(time.Since(begun)))
		p.stop()
		if err != nil {
			return err
		}
	}
	b.report.add(figure{Name: startName, Engine: engine, Value: median(took), Unit: "ms", Target: mostStart})
	return nil
}

// measureMemory measures a server that has just started, and what the greatest
// upload adds.
func (b *bench) measureMemory(ctx context.Context, engine, url string) error {
	p, err := b.serve(ctx, url)
	if err != nil {
		return err
	}
	defer p.stop()
	select {
	case <-time.After(idleTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := b.reportMemory(idleName, contender{name: engine, process: p}, mostIdle); err != nil {
		return err
	}
	if !b.wanted(uploadName, uploadTimeName) {
		return nil
	}
	b.say("%s, %s", uploadName, engine)
	added, took, err := b.weighUpload(ctx, p)
	if errors.Is(err, errNoMemory) {
		b.report.omit("%s: %v", uploadName, err)
		return nil
	}
	if err != nil {
		return err
	}
	b.report.add(figure{Name: uploadName, Engine: engine, Value: added, Unit: "MiB", Target: mostForUpload})
	b.report.add(figure{Name: uploadTimeName, Engine: engine, Value: took.Seconds(), Unit: "s"})
	return nil
}

// errNoMemory says that this system does not tell the memory of a process.
var errNoMemory = errors.New("the memory of a process cannot be read")

// weighUpload sends the greatest upload and returns by how many MiB the server's
// memory exceeded what it was before, and how long it took.
func (b *bench) weighUpload(ctx context.Context, p *process) (added float64, took time.Duration, err error) {
	before, err := p.memory("VmRSS")
	if err == nil {
		err = p.forgetPeak()
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %w", errNoMemory, err)
	}
	begun := time.Now()
	if err := uploadSong(ctx, p.addr); err != nil {
		return 0, 0, err
	}
	took = time.Since(begun)
	peak, err := p.memory("VmHWM")
	return mebibytes(peak - before), took, err
}
