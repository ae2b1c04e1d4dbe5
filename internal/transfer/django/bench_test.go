package django_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/django"
)

// BenchmarkEach reads messages, as most of a library is.
func BenchmarkEach(b *testing.B) {
	const rows = 200_000
	var copied, fixture bytes.Buffer
	copied.WriteString(userHead + userRow + "\\.\nCOPY public.messages (id, content, created_at, updated_at, receiver_id, sender_id) FROM stdin;\n")
	fixture.WriteString("[" + userJSON)
	for i := range rows {
		fmt.Fprintf(&copied, "%d\tThis is message number %d, with a line\\nbreak\t2024-01-15 10:00:00.%06d+00\t2024-01-15 10:00:00.5+00\t1\t1\n", i+1, i, i)
		fmt.Fprintf(&fixture, `, {"model": "api.message", "pk": %d, "fields": {"sender": 1, "receiver": 1, "content": "This is message number %d, with a line\nbreak", "created_at": "2024-01-15T10:00:00.123Z", "updated_at": "2024-01-15T10:00:00.123Z"}}`, i+1, i)
	}
	copied.WriteString("\\.\n")
	fixture.WriteString("]")
	for name, content := range map[string][]byte{"copied": copied.Bytes(), "fixture": fixture.Bytes()} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "dump")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				b.Fatal(err)
			}
			s, err := django.OpenDump(b.Context(), path, django.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				if err := s.Each(b.Context(), transfer.Messages, func(any) error { n++; return nil }, func(p transfer.Problem) { b.Error(p) }); err != nil || n != rows {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
