package transfer

import (
	"context"
	"errors"
	"hash/maphash"
	"time"
)

// Options say how an Importer works.
type Options struct {
	// DryRun does everything but bring files in, and undoes it in the end: the
	// report is that of the real thing.
	DryRun bool
	// Fetches is how many files Media is asked for at once; 0 takes 8.
	Fetches int
}

// Importer brings a library into a database: all of it, or nothing. What is
// there already and says the same is passed over, so that a second run doubles
// nothing and goes on where a first one was interrupted.
type Importer struct {
	Loader  Loader
	Media   Media // nil leaves all addresses as they are
	Options Options
	// Progress is told how far it has got, after every thousand records or so, by
	// one goroutine at a time; nil for nobody.
	Progress func(Progress)
}

// errDry undoes a dry run.
var errDry = errors.New("dry run")

// Run imports a source. Files are fetched first, then the records loaded in one
// transaction, read back in it, and compared with what the source said. The
// report says what happened also if there is an error, after which nothing is
// stored but files that were fetched.
func (i *Importer) Run(ctx context.Context, src Source) (Report, error) {
	begun := time.Now()
	r := &run{importer: i, src: src, found: newCollector(), seed: maphash.MakeSeed()}
	err := r.fetch(ctx)
	if err == nil {
		err = i.Loader.Load(ctx, func(inTx context.Context, t Target) error {
			if err := r.load(ctx, inTx, t); err != nil {
				return err
			}
			if i.Options.DryRun {
				return errDry
			}
			return nil
		})
	}
	if i.Options.DryRun && errors.Is(err, errDry) {
		err = nil
	}
	report := r.found.report()
	report.DryRun, report.Done, report.Took, report.Unknown = i.Options.DryRun, err == nil, time.Since(begun), r.unknown
	for kind := range report.Kinds {
		report.Kinds[kind].Checksum = r.sums[kind].String()
	}
	return report, err
}

// run is one import.
type run struct {
	importer *Importer
	src      Source
	found    *collector
	seed     maphash.Seed
	media    *mediaPass
	names    *names

	before  [Kinds]sum // of what the target had
	sums    [Kinds]sum // of what was added
	unknown int64
	next    [Kinds]int64
}

// fetch brings in the files.
func (r *run) fetch(ctx context.Context) error {
	r.media = &mediaPass{media: r.importer.Media, dry: r.importer.Options.DryRun, seed: r.seed, failed: map[uint64]struct{}{}}
	if r.media.media == nil || r.media.dry {
		return nil
	}
	telling, err := r.telling(ctx, Fetching)
	if err != nil {
		return err
	}
	return r.media.fetch(ctx, r.src, r.importer.Options.Fetches, r.found.problem, func(kind Kind) { telling[kind].more(1) })
}

// telling returns what tells how far a phase has got, for each kind.
func (r *run) telling(ctx context.Context, phase Phase) (list [Kinds]*telling, err error) {
	for kind := range Kinds {
		total, err := r.src.Count(ctx, kind)
		if err != nil {
			return list, err
		}
		list[kind] = &telling{tell: r.importer.Progress, Progress: Progress{Phase: phase, Kind: kind, Total: total}}
	}
	return list, nil
}

// load stores everything and reads it back. The source is read in ctx, which
// does not carry the transaction: it is another goroutine that does so.
func (r *run) load(ctx, inTx context.Context, t Target) error {
	r.names = newNames()
	r.unknown, r.sums, r.before = 0, [Kinds]sum{}, [Kinds]sum{}
	if err := r.giveWay(ctx, inTx, t); err != nil {
		return err
	}
	telling, err := r.telling(ctx, Loading)
	if err != nil {
		return err
	}
	r.names.expect(telling[Songs].Total)
	for kind := range Kinds {
		if err := r.loadKind(ctx, inTx, t, kind, telling[kind]); err != nil {
			return err
		}
		if kind == Users {
			r.names.forgetEmails()
		}
	}
	for kind := range Kinds {
		if err := r.check(inTx, t, kind); err != nil {
			return err
		}
	}
	return nil
}
