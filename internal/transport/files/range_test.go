package files

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

func FuzzRange(f *testing.F) {
	for _, seed := range []string{
		"", "bytes=0-0", "bytes=0-", "bytes=-1", "bytes=5-2", "bytes=-0", "bytes=0-0,1-1", "bytes=19-20",
		"bytes=20-", "bytes=-99999999999999999999", "bytes=9223372036854775807-", "bytes=,,,", "bytes = 1-2",
		"items=0-1", "bytes=0-18446744073709551616", "bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0",
	} {
		f.Add(seed, "")
		f.Add(seed, "Fri, 17 May 2024 12:00:00 GMT")
	}
	h := newHouse(f)
	h.add(f, "a", "audio/mpeg", []byte(song))
	f.Fuzz(func(t *testing.T, ranges, ifRange string) {
		r := h.ask("GET", "/media/a", "Range", ranges, "If-Range", ifRange)
		content := body(t, r)
		switch r.StatusCode {
		case http.StatusOK:
			if content != song {
				t.Errorf("200 with %q", content)
			}
		case http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable:
		default:
			t.Errorf("%d", r.StatusCode)
		}
		if got := r.Header.Get("Content-Length"); got != fmt.Sprint(len(content)) {
			t.Errorf("%d with a Content-Length of %s for %d bytes", r.StatusCode, got, len(content))
		}
	})
}

// BenchmarkRange fetches ranges over a loopback connection, from the handler
// and from bare ServeContent over a file that is opened for each request.
func BenchmarkRange(b *testing.B) {
	const size = 5 << 20
	content := make([]byte, size)
	source := rand.NewChaCha8([32]byte{1})
	if _, err := source.Read(content); err != nil {
		b.Fatal(err)
	}
	h := newHouse(b)
	h.add(b, "a", "audio/mpeg", content)
	path := b.TempDir() + "/a"
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := os.Open(path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer file.Close()
		w.Header().Set("Content-Type", "audio/mpeg")
		http.ServeContent(w, r, "", created, file)
	})
	for _, length := range []int{64 << 10, 1 << 20, size} {
		b.Run(fmt.Sprintf("%dKiB/handler", length>>10), func(b *testing.B) { benchmarkRange(b, h, size, length) })
		b.Run(fmt.Sprintf("%dKiB/ServeContent", length>>10), func(b *testing.B) { benchmarkRange(b, bare, size, length) })
	}
}

func benchmarkRange(b *testing.B, handler http.Handler, size, length int) {
	server := httptest.NewUnstartedServer(handler)
	server.Config.WriteTimeout = time.Minute
	server.Config.ConnContext = ConnContext
	server.Start()
	defer server.Close()
	b.SetBytes(int64(length))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		buffer := bytes.NewBuffer(make([]byte, 0, length+bytes.MinRead))
		for i := 0; pb.Next(); i++ {
			begin := i * length % size / length * length
			r, err := http.NewRequestWithContext(context.Background(), "GET", server.URL+"/media/a", nil)
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", begin, begin+length-1))
			answer, err := server.Client().Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			buffer.Reset()
			n, err := io.Copy(buffer, answer.Body)
			answer.Body.Close()
			if err != nil || n != int64(length) {
				b.Errorf("%d bytes, %v", n, err)
				return
			}
		}
	})
}
