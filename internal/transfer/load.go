package transfer

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// batchRecords is how many records are stored at once.
const batchRecords = 2000

// batch is records of one kind on their way from the source to the target.
type batch struct {
	records  []any
	sum      sum   // of the records
	extra    []any // accounts that have to be there before
	numbered bool  // the source knew the records' numbers
	read     int64 // records of the source, lost ones too
}

// loadKind stores all records of a kind. One goroutine reads the source and puts
// the records right; this one stores them meanwhile.
func (r *run) loadKind(ctx, inTx context.Context, t Target, kind Kind, telling *telling) error {
	count, last, err := t.Begin(inTx, kind)
	if err != nil {
		return err
	}
	r.next[kind] = max(r.next[kind], last+1)
	if count > 0 {
		if err := r.readBefore(inTx, t, kind); err != nil {
			return err
		}
	}
	w := &writer{run: r, target: t, kind: kind, hasher: newHasher(r.seed), wasEmpty: count == 0, look: count > 0}
	batches := make(chan batch, 2)
	g, reading := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(batches)
		return r.read(reading, kind, batches)
	})
	g.Go(func() error {
		for b := range batches {
			if err := w.store(inTx, b); err != nil {
				return err
			}
			r.found.count(kind, func(c *KindReport) { c.Read += b.read })
			telling.more(b.read)
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	telling.now()
	return t.End(inTx, kind)
}

// readBefore sums up what the target has of a kind.
func (r *run) readBefore(ctx context.Context, t Target, kind Kind) error {
	h := newHasher(r.seed)
	return t.Each(ctx, kind, func(record any) error {
		r.before[kind].add(h.whole(record))
		r.names.inTarget(record)
		return nil
	})
}

// read hands out the source's records of a kind in batches.
func (r *run) read(ctx context.Context, kind Kind, batches chan<- batch) error {
	in := &reader{kind: kind, names: r.names, next: r.next}
	in.tell = func(p Problem) { r.found.problem(kind, p) }
	h := newHasher(r.seed)
	if kind == Songs {
		in.sortListed()
	}
	b := batch{}
	send := func() error {
		b.extra, in.extra = in.extra, nil
		select {
		case batches <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		b = batch{records: make([]any, 0, batchRecords)}
		return nil
	}
	err := r.src.Each(ctx, kind, func(of any) error {
		b.read++
		record, numbered := in.record(of)
		if record == nil {
			return nil
		}
		if err := r.media.rewrite(ctx, record); err != nil {
			return err
		}
		if numbered != b.numbered && len(b.records) > 0 {
			if err := send(); err != nil {
				return err
			}
		}
		b.numbered = numbered
		b.records = append(b.records, record)
		b.sum.add(h.whole(record))
		if len(b.records) < batchRecords {
			return nil
		}
		return send()
	}, func(p Problem) {
		r.found.problem(kind, p)
		if p.Lost {
			b.read++
		}
	})
	if err == nil {
		err = send()
	}
	if kind == Songs && err == nil {
		in.dangling()
	}
	r.next = in.next
	return err
}

// check compares what was stored with what is there.
func (r *run) check(ctx context.Context, t Target, kind Kind) error {
	total := r.before[kind].plus(r.sums[kind])
	tell := telling{tell: r.importer.Progress, Progress: Progress{Phase: Checking, Kind: kind, Total: total.count}}
	var there sum
	h := newHasher(r.seed)
	err := t.Each(ctx, kind, func(record any) error {
		there.add(h.whole(record))
		tell.more(1)
		return nil
	})
	if err != nil {
		return err
	}
	tell.now()
	if there != total {
		return fmt.Errorf("the %s that are stored are not those of the source: there are %d with the checksum %s, and there should be %d with %s",
			kind, there.count, there, total.count, total)
	}
	return nil
}
