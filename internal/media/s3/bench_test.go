package s3_test

import (
	"io"
	"net/http"
	"testing"
	"time"
)

// BenchmarkRange reads 64 KiB of a song, by the store and from an address.
func BenchmarkRange(b *testing.B) {
	const n = 64 << 10
	store, stage := open(b, newBucket(b))
	staged := receive(b, stage, large())
	check(b, store.Put(b.Context(), staged))
	b.Run("store", func(b *testing.B) {
		for b.Loop() {
			blob := store.At(staged.Key, staged.Size)
			check(b, blob.Begin(b.Context(), 1000, n))
			_, err := io.CopyN(io.Discard, blob, n)
			check(b, err)
			blob.Close()
		}
	})
	b.Run("link", func(b *testing.B) {
		link, err := store.Link(b.Context(), staged.Key, "audio/mpeg", time.Now().Add(time.Hour))
		check(b, err)
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, link, nil)
		check(b, err)
		r.Header.Set("Range", "bytes=1000-66535")
		for b.Loop() {
			answer, err := http.DefaultClient.Do(r)
			check(b, err)
			_, err = io.Copy(io.Discard, answer.Body)
			check(b, err)
			answer.Body.Close()
		}
	})
}
