package mongo_test

import (
	"fmt"
	"testing"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// BenchmarkEach reads messages, of which there are most.
func BenchmarkEach(b *testing.B) {
	const n = 20_000
	l := library{}
	for i := range n {
		from, to := fmt.Sprintf("user_2abcdefghijklmnopqrstuvw%d", i%100), fmt.Sprintf("user_2zyxwvutsrqponmlkjihgfed%d", i%90)
		l["messages"] = append(l["messages"], message(i, from, to, "Have you heard the third song of that album? It is wonderful."))
	}
	for name, path := range map[string]string{
		"dump": l.dump(b, false), "packed": l.dump(b, true), "archive": l.archive(b, false),
		"canonical": l.export(b, true, false, false), "relaxed": l.export(b, false, false, false),
	} {
		b.Run(name, func(b *testing.B) {
			source := open(b, path)
			b.ReportAllocs()
			for b.Loop() {
				err := source.Each(b.Context(), transfer.Messages, func(any) error { return nil }, func(transfer.Problem) {})
				check(b, err)
			}
			b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "documents/s")
		})
	}
}
