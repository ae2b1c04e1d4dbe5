package ops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// tailed returns a logger whose lines a tail keeps, with what it writes.
func tailed() (*Tail, *slog.Logger, *bytes.Buffer) {
	var out bytes.Buffer
	tail := NewTail()
	return tail, slog.New(tail.Wrap(NewLogger(&out, slog.LevelInfo, true).Handler())), &out
}

func text(r slog.Record) string {
	parts := []string{r.Level.String(), r.Message}
	r.Attrs(func(a slog.Attr) bool {
		parts = append(parts, a.String())
		return true
	})
	return strings.Join(parts, " ")
}

func TestTailRecords(t *testing.T) {
	tail, log, out := tailed()
	ctx := context.WithValue(context.Background(), requestIDKey{}, "id-1")
	log.Debug("too quiet")
	log.Info("plain", "n", 3, "error", errors.New("broken"))
	with := log.With("part", "media", "token", "s3cret").WithGroup("client").With("name", "Mira")
	with.WarnContext(ctx, "nested", "cookie", "s3cret", slog.Group("agent", "kind", "phone", "secret", "s3cret"))
	with.WithGroup("").Info("again", slog.Group("", "inline", true), slog.Attr{})
	records, _, stop := tail.Subscribe()
	defer stop()
	want := []string{
		"INFO plain n=3 error=broken",
		"WARN nested part=media token=[hidden] client.name=Mira client.cookie=[hidden] client.agent.kind=phone client.agent.secret=[hidden] request_id=id-1",
		"INFO again part=media token=[hidden] client.name=Mira client.inline=true",
	}
	if len(records) != len(want) {
		t.Fatalf("%d records: %v", len(records), records)
	}
	for i := range want {
		if got := text(records[i]); got != want[i] || records[i].Time.IsZero() {
			t.Errorf("record %d at %s: %s\nwant %s", i, records[i].Time, got, want[i])
		}
	}
	if written := out.String(); strings.Count(written, "\n") != len(want) || !strings.Contains(written, `"request_id":"id-1"`) || strings.Contains(written, "s3cret") {
		t.Errorf("written: %s", written)
	}
}

func TestTailIsBounded(t *testing.T) {
	tail, log, _ := tailed()
	for i := range tailRecords + 50 {
		log.Info(fmt.Sprint(i))
	}
	log.Info(strings.Repeat("é", maxLogText), "value", "x"+strings.Repeat("é", maxLogText))
	records, _, stop := tail.Subscribe()
	stop()
	if len(records) != tailRecords || records[0].Message != "51" {
		t.Fatalf("%d records, the first is %s", len(records), records[0].Message)
	}
	long := text(records[tailRecords-1])
	if len(long) > 2*maxLogText+100 || !utf8.ValidString(long) || strings.Count(long, "é…") != 2 {
		t.Errorf("%d bytes were kept of long texts", len(long))
	}
}

// A reader that does not read holds nobody up, and learns what it missed.
func TestSubscribe(t *testing.T) {
	tail, log, _ := tailed()
	log.Info("before")
	last, slow, stopSlow := tail.Subscribe()
	_, quick, stopQuick := tail.Subscribe()
	if len(last) != 1 || len(slow) != 0 {
		t.Fatalf("it begins with %d records and %d more", len(last), len(slow))
	}
	for i := range maxLag + 7 {
		log.Info(fmt.Sprint(i))
		if got := text(<-quick); got != fmt.Sprint("INFO ", i) {
			t.Fatalf("record %d is %s", i, got)
		}
	}
	for i := range maxLag {
		if got := text(<-slow); got != fmt.Sprint("INFO ", i) {
			t.Fatalf("record %d is %s", i, got)
		}
	}
	for _, want := range []string{"INFO after missed_before=7", "INFO after"} {
		log.Info("after")
		if got, other := text(<-slow), text(<-quick); got != want || other != "INFO after" {
			t.Errorf("%s, %s", got, other)
		}
	}
	stopSlow()
	log.Info("last")
	if len(slow) != 0 || len(quick) != 1 {
		t.Errorf("%d for one who left, %d for one who stayed", len(slow), len(quick))
	}

	tail.Close()
	if r, open := <-quick; !open || r.Message != "last" {
		t.Errorf("what was told before the end is gone: %v", r)
	}
	if _, open := <-quick; open {
		t.Error("the end was not told")
	}
	stopQuick()
	log.Info("after the end")
	last, late, stopLate := tail.Subscribe()
	defer stopLate()
	if _, open := <-late; open || last[len(last)-1].Message != "after the end" {
		t.Errorf("one who comes late: %v, %v", last, open)
	}
}

func TestTailConcurrently(t *testing.T) {
	tail, log, _ := tailed()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			with := log.With("a", 1)
			for range 100 {
				with.Info("line", "b", 2)
				_, _, stop := tail.Subscribe()
				stop()
			}
		})
	}
	wg.Wait()
	records, _, stop := tail.Subscribe()
	defer stop()
	if len(records) != tailRecords || text(records[0]) != "INFO line a=1 b=2" {
		t.Errorf("%d records, the first is %s", len(records), text(records[0]))
	}
}
