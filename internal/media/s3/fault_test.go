package s3_test

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/s3"
)

// between stands between the store and the gateway, and passes on what spoil
// leaves to it.
type between struct {
	gateway http.Handler
	spoil   func(next http.Handler, w http.ResponseWriter, r *http.Request)

	mu   sync.Mutex
	seen []*http.Request
}

func (b *between) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.seen = append(b.seen, r.Clone(r.Context()))
	b.mu.Unlock()
	if b.spoil == nil {
		b.gateway.ServeHTTP(w, r)
		return
	}
	b.spoil(b.gateway, w, r)
}

// spoiled returns a bucket that is reached through between.
func spoiled(t *testing.T) (s3.Config, *between) {
	t.Helper()
	c := newBucket(t)
	target, err := url.Parse(c.Endpoint)
	check(t, err)
	b := &between{gateway: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // it is signed
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	c.Endpoint = server.URL
	return c, b
}

func receive(t testing.TB, stage *media.Stage, content []byte) *media.Staged {
	t.Helper()
	staged, err := stage.Receive(t.Context(), bytes.NewReader(content), 1<<30)
	check(t, err)
	t.Cleanup(staged.Discard)
	return staged
}

// large is of three parts, the last of them small.
func large() []byte { return bytes.Repeat([]byte("0123456789abcdef"), 17<<20/16) }

func TestParts(t *testing.T) {
	store, stage := open(t, newBucket(t))
	staged := receive(t, stage, large())
	for range 2 {
		check(t, store.Put(t.Context(), staged))
	}
	b, info, err := store.Open(t.Context(), staged.Key)
	check(t, err)
	defer b.Close()
	got, err := io.ReadAll(b)
	if err != nil || info.Size != staged.Size || !bytes.Equal(got, large()) {
		t.Errorf("size %d, %d bytes, %v", info.Size, len(got), err)
	}
}

// What is there is not sent again, but its time is renewed.
func TestPutAgainSendsNothing(t *testing.T) {
	c, between := spoiled(t)
	store, stage := open(t, c)
	staged := receive(t, stage, []byte("content"))
	check(t, store.Put(t.Context(), staged))
	between.seen = nil
	check(t, store.Put(t.Context(), staged))
	copied := false
	for _, r := range between.seen {
		copied = copied || r.Header.Get("X-Amz-Copy-Source") != ""
		if r.ContentLength > 0 {
			t.Errorf("%s %s sends %d bytes", r.Method, r.URL, r.ContentLength)
		}
	}
	if !copied {
		t.Error("the time is not renewed")
	}
}

func TestEncryption(t *testing.T) {
	c, between := spoiled(t)
	c.Encryption = "AES256"
	store, stage := open(t, c)
	check(t, store.Put(t.Context(), receive(t, stage, []byte("small"))))
	check(t, store.Put(t.Context(), receive(t, stage, large())))
	asked := 0
	for _, r := range between.seen {
		if r.Header.Get("X-Amz-Server-Side-Encryption") == "AES256" {
			asked++
		}
	}
	if asked != 2 { // a PUT, and the beginning of an upload in parts
		t.Errorf("encryption was asked for %d times", asked)
	}
}

// Whoever has the address of a blob needs no key.
func TestLink(t *testing.T) {
	store, stage := open(t, newBucket(t))
	staged := receive(t, stage, []byte("0123456789"))
	check(t, store.Put(t.Context(), staged))
	link, err := store.Link(t.Context(), staged.Key, "audio/flac", time.Now().Add(time.Hour))
	check(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	check(t, err)
	r.Header.Set("Range", "bytes=2-4")
	answer, err := http.DefaultClient.Do(r)
	check(t, err)
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusPartialContent || string(got) != "234" || answer.Header.Get("Content-Type") != "audio/flac" {
		t.Errorf("%s %q %q, %v", answer.Status, answer.Header.Get("Content-Type"), got, err)
	}
	r, err = http.NewRequestWithContext(t.Context(), http.MethodGet, strings.ReplaceAll(link, string(staged.Key), strings.Repeat("0", 64)), nil)
	check(t, err)
	answer, err = http.DefaultClient.Do(r)
	check(t, err)
	answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("a link for another blob: %s", answer.Status)
	}
}

func answerWith(status int, code string) func(http.Handler, http.ResponseWriter, *http.Request) {
	return func(_ http.Handler, w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code><Message>no</Message></Error>")
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(http.Handler, http.ResponseWriter, *http.Request)
		want  errs.Kind
	}{
		{"out of order", answerWith(http.StatusServiceUnavailable, "SlowDown"), errs.Unavailable},
		{"broken", answerWith(http.StatusInternalServerError, "InternalError"), errs.Unavailable},
		{"forbidden", answerWith(http.StatusForbidden, "AccessDenied"), errs.Internal},
		{"no bucket", answerWith(http.StatusNotFound, "NoSuchBucket"), errs.Internal},
		{"silent", func(_ http.Handler, _ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client has gone
			<-r.Context().Done()
		}, errs.Unavailable},
		{"hangs up", func(http.Handler, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, errs.Unavailable},
		{"no S3", func(_ http.Handler, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html>Bad gateway")
		}, errs.Unavailable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // they wait between their tries
			c, between := spoiled(t)
			c.Patience = 50 * time.Millisecond
			between.spoil = test.spoil
			store, stage := open(t, c)
			small, big := receive(t, stage, []byte("content")), receive(t, stage, large())
			expect := func(what string, err error) {
				t.Helper()
				if err == nil || errs.KindOf(err) != test.want {
					t.Errorf("%s: %v", what, err)
				}
			}
			expect("Put", store.Put(t.Context(), small))
			expect("Put in parts", store.Put(t.Context(), big))
			expect("Begin", store.At(small.Key, 7).Begin(t.Context(), 0, 7))
			expect("Writable", store.Writable(t.Context()))
			expect("List", store.List(t.Context(), func(media.BlobInfo) error { return nil }))
		})
	}
}

// Half of what was asked for comes, and then the connection breaks: the rest is
// asked for again, until all is there.
func TestHalfABody(t *testing.T) {
	c, between := spoiled(t)
	store, stage := open(t, c)
	staged := receive(t, stage, large()[:1<<20])
	check(t, store.Put(t.Context(), staged))
	between.spoil = func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(&half{ResponseWriter: w}, r)
	}
	b := store.At(staged.Key, staged.Size)
	defer b.Close()
	got, err := io.ReadAll(b)
	if err != nil || !bytes.Equal(got, large()[:1<<20]) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// half breaks off after the first 100 kB.
type half struct {
	http.ResponseWriter
	sent int
}

func (h *half) Write(p []byte) (int, error) {
	n, err := h.ResponseWriter.Write(p[:min(len(p), 100_000-h.sent)])
	if h.sent += n; h.sent == 100_000 {
		_ = http.NewResponseController(h.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

// A part that arrives damaged is refused by the server, and nothing is stored.
func TestWrongChecksum(t *testing.T) {
	for name, content := range map[string][]byte{"whole": []byte("content"), "in parts": large()} {
		t.Run(name, func(t *testing.T) {
			c, between := spoiled(t)
			store, stage := open(t, c)
			staged := receive(t, stage, content)
			between.spoil = func(next http.Handler, w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && r.ContentLength > 0 {
					r.Body = struct {
						io.Reader
						io.Closer
					}{io.MultiReader(strings.NewReader("X"), skipFirst(r.Body)), r.Body}
				}
				next.ServeHTTP(w, r)
			}
			if err := store.Put(t.Context(), staged); !errs.Is(err, errs.Unavailable) {
				t.Errorf("Put: %v", err)
			}
			between.spoil = nil
			if _, _, err := store.Open(t.Context(), staged.Key); !errs.Is(err, errs.NotFound) {
				t.Errorf("Open: %v", err)
			}
			check(t, store.Put(t.Context(), staged)) // and the next try succeeds
		})
	}
}

// skipFirst returns what comes after the first byte of r.
func skipFirst(r io.Reader) io.Reader {
	_, _ = io.ReadFull(r, make([]byte, 1))
	return r
}

// The server sends another part than was asked for.
func TestWrongPart(t *testing.T) {
	c, between := spoiled(t)
	store, stage := open(t, c)
	staged := receive(t, stage, []byte("0123456789"))
	check(t, store.Put(t.Context(), staged))
	between.spoil = func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		next.ServeHTTP(w, r)
	}
	if err := store.At(staged.Key, 10).Begin(t.Context(), 2, 3); err == nil {
		t.Error("Begin succeeded")
	}
}

func TestParse(t *testing.T) {
	for location, want := range map[string]s3.Config{
		"s3://bucket":                                           {Bucket: "bucket"},
		"s3://bucket/a/b/?region=eu-1":                          {Bucket: "bucket", Prefix: "a/b/", Region: "eu-1"},
		"s3://bucket?endpoint=http://127.0.0.1:7070":            {Bucket: "bucket", Endpoint: "http://127.0.0.1:7070", PathStyle: true},
		"s3://bucket?endpoint=https://s3.example/&style=host":   {Bucket: "bucket", Endpoint: "https://s3.example/"},
		"s3://bucket?sse=aws:kms&kms-key=1234&style=path":       {Bucket: "bucket", Encryption: "aws:kms", KMSKey: "1234", PathStyle: true},
		"s3://bucket?sse=AES256&endpoint=https%3A%2F%2Fa.b%3A1": {Bucket: "bucket", Encryption: "AES256", Endpoint: "https://a.b:1", PathStyle: true},
	} {
		if got, err := s3.Parse(location); err != nil || got != want {
			t.Errorf("%s: %+v, %v", location, got, err)
		}
	}
	for _, location := range []string{
		"", "s3://", "bucket", "cloudinary://bucket", "s3://key:secret@bucket", "s3://bucket?endpoint=s3.example", "s3://bucket?endpoint=http://a/b",
		"s3://bucket?colour=red", "s3://bucket?style=round", "s3://bucket?sse=rot13", "s3://bucket?kms-key=1", "s3://bucket#a", "s3://bu cket", "s3://bucket?%",
	} {
		if got, err := s3.Parse(location); err == nil {
			t.Errorf("%s: %+v", location, got)
		}
	}
}
