package transfer

import (
	"context"
	"time"
)

// Outlet takes the files of a library that is written out.
type Outlet interface {
	// Put copies the file of a name under /media/ out, and returns what records
	// say in its place. On an error the record says what it did, and the error's
	// text is reported. It may be asked for one name more than once.
	Put(ctx context.Context, name string) (string, error)
}

// Exporter writes a library out.
type Exporter struct {
	Outlet   Outlet         // for names; absolute URLs stay as they are
	Progress func(Progress) // see Importer
	// Unknown writes also accounts that an import made for the sake of messages of
	// users whom its source did not have. Without, their messages still name them.
	Unknown bool
}

// Run writes a source into a sink. The report counts what was written as added.
func (e *Exporter) Run(ctx context.Context, src Source, sink Sink) (Report, error) {
	begun := time.Now()
	found := newCollector()
	var err error
	for kind := Kind(0); kind < Kinds && err == nil; kind++ {
		err = e.write(ctx, src, sink, kind, found)
	}
	report := found.report()
	report.Export, report.Done, report.Took = true, err == nil, time.Since(begun)
	return report, err
}

func (e *Exporter) write(ctx context.Context, src Source, sink Sink, kind Kind, found *collector) error {
	total, err := src.Count(ctx, kind)
	if err != nil {
		return err
	}
	told := func(p Problem) { found.problem(kind, p) }
	telling := &telling{tell: e.Progress, Progress: Progress{Phase: Writing, Kind: kind, Total: total}}
	var counts KindReport
	err = src.Each(ctx, kind, func(record any) error {
		counts.Read++
		telling.more(1)
		if u, ok := record.(*User); ok && u.Placeholder() && !e.Unknown {
			return nil
		}
		for _, f := range filesOf(record) {
			address, err := e.Outlet.Put(ctx, *f.url)
			if err != nil && ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				told(Problem{Place: f.place, Rule: RuleMedia, What: f.kind.String() + " " + *f.url + ": " + err.Error()})
				continue
			}
			*f.url = address
		}
		written, err := sink.Write(ctx, record, told)
		if written {
			counts.Added++
		}
		return err
	}, told)
	telling.now()
	found.count(kind, func(c *KindReport) { c.Read, c.Added = counts.Read, counts.Added })
	return err
}
