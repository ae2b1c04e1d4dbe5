package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// A server that is told to stop finishes what is under way, and takes nothing
// new.
func TestStopFinishesAnUpload(t *testing.T) {
	c := newCrash(t, storetest.URL(t, "sqlite"))
	p := startProcess(t, c.database, c.dir)
	body, contentType := songForm(djangoUpload, "Song", uniqueMP3())
	half := len(body) / 2
	source, sink := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, p.base+djangoUpload.path, source)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Token "+c.key)
	req.Header.Set("Expect", "100-continue")
	reading := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(reading) }}
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	defer client.CloseIdleConnections()
	go func() {
		<-reading // the handler has begun
		_, _ = sink.Write(body[:half])
		p.tellToStop()
		refused(t, strings.TrimPrefix(p.base, "http://"))
		_, _ = sink.Write(body[half:])
		_ = sink.Close() // of a pipe: never fails
	}()
	resp, err := client.Do(req.WithContext(httptrace.WithClientTrace(t.Context(), trace)))
	if err != nil {
		t.Fatalf("%v\n%s", err, p.output())
	}
	defer resp.Body.Close()
	if answer, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusCreated {
		t.Errorf("%d %s, %v", resp.StatusCode, answer, err)
	}
	p.wait()
}

// refused waits until nobody listens on an address any more.
func refused(t *testing.T, addr string) {
	for deadline := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Error("a server that was told to stop takes connections")
			return
		}
	}
}

// cutOff waits until the server ends a connection, and returns what it said.
func cutOff(t *testing.T, conn net.Conn) string {
	t.Helper()
	said, err := io.ReadAll(conn)
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		t.Fatal("the server waits for a client that sends nothing")
	}
	return string(said)
}

// soon is a deadline that a test need not wait for long.
const soon = 100 * time.Millisecond

func TestSlowClientsAreCutOff(t *testing.T) {
	f := newFixture(t, nil)
	f.timeouts.readHeader, f.timeouts.read, f.timeouts.idle = soon, 2*soon, soon
	addr, _ := f.start()
	for name, text := range map[string]string{
		"who says nothing":                 "",
		"who stops in the header":          "GET / HTTP/1.1\r\nHost: a\r\n",
		"who stops in a body":              "POST /api/auth/login/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
		"who stops in a chunk":             "POST /api/auth/login/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
		"who stops in a body for nobody":   "POST /api/nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
		"who says nothing after a request": "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
		"who may not upload":               "POST /api/songs/ HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100\r\n\r\n--x\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, addr)
			send(t, conn, text)
			cutOff(t, conn)
		})
	}
}

// An upload lifts the deadline, in either dialect, and the download of a file
// its own.
func TestSlowTransfersAreNot(t *testing.T) {
	f := newFixture(t, nil)
	// Not too soon: the answer itself has to begin in this time.
	f.timeouts.read, f.timeouts.write = 5*soon, 5*soon
	addr, _ := f.start()
	// More than the buffers of both sides hold.
	song := bytes.Repeat(uniqueMP3(), 160)
	for name, u := range map[string]upload{"django": djangoUpload, "node": nodeUpload} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, contentType := songForm(u, "Song of "+name, song)
			conn := dial(t, addr)
			send(t, conn, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
				u.path, f.adminKey, contentType, len(body), body[:1000]))
			outlast(t, addr)
			send(t, conn, string(body[1000:]))
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != http.StatusCreated {
				t.Fatalf("%d %s, %v", resp.StatusCode, answer, err)
			}
			link := regexp.MustCompile(`"audio_?[Uu]rl":"[^"]*(/media/[^"]*)"`).FindSubmatch(answer)
			if link == nil {
				t.Fatalf("no audio in %s", answer)
			}

			conn = dial(t, addr)
			send(t, conn, fmt.Sprintf("GET %s HTTP/1.1\r\nHost: a\r\n\r\n", link[1]))
			if resp, err = http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
				t.Fatal(err)
			}
			outlast(t, addr)
			if got, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(got, song) {
				t.Errorf("%d bytes of %d came back: %v", len(got), len(song), err)
			}
		})
	}
}

// outlast waits until a client who came now has been cut off, and so a deadline
// that was set before has passed.
func outlast(t *testing.T, addr string) {
	t.Helper()
	conn := dial(t, addr)
	send(t, conn, "POST /api/auth/login/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	cutOff(t, conn)
}

// What is over the limit is refused before all of it has come.
func TestUploadOverTheLimit(t *testing.T) {
	const claimed = 200 << 20
	f := newFixture(t, func(c *config.Config) { c.AudioLimit, c.ImageLimit = 1<<20, 1<<20 })
	addr, _ := f.start()
	for name, u := range map[string]upload{"django": djangoUpload, "node": nodeUpload} {
		t.Run(name, func(t *testing.T) {
			body, contentType := songForm(u, "Song", nil)
			conn := dial(t, addr)
			send(t, conn, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
				u.path, f.adminKey, contentType, claimed))
			var sent atomic.Int64
			var sending sync.WaitGroup
			sending.Go(func() {
				_, _ = conn.Write(body[:bytes.LastIndex(body, []byte("\r\n--"))])
				for part := make([]byte, 64<<10); sent.Load() < claimed; {
					n, err := conn.Write(part)
					if sent.Add(int64(n)); err != nil {
						return // the server hung up
					}
				}
			})
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%d %s, %v", resp.StatusCode, answer, err)
			}
			conn.Close()
			sending.Wait()
			if n := sent.Load(); n >= claimed/2 {
				t.Errorf("%d bytes were taken first", n)
			}
			if left := filesBelow(t, filepath.Join(f.Config.MediaDir(), "staging")); len(left) > 0 {
				t.Errorf("left in the staging folder: %v", left)
			}
		})
	}
}

// A client that leaves in the middle of a body leaves nothing behind.
func TestUploadBrokenOff(t *testing.T) {
	f := newFixture(t, nil)
	h := f.handler()
	answered := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		answered <- struct{}{}
	}))
	defer s.Close()
	for name, u := range map[string]upload{"django": djangoUpload, "node": nodeUpload} {
		t.Run(name, func(t *testing.T) {
			body, contentType := songForm(u, "Song", uniqueMP3())
			conn := dial(t, s.Listener.Addr().String())
			send(t, conn, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
				u.path, f.adminKey, contentType, len(body), body[:len(body)/2]))
			conn.Close()
			<-answered
			if left := filesBelow(t, f.Config.MediaDir()); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f := newFixture(t, func(c *config.Config) { c.Listen = l.Addr().String() })
	err = f.Serve(t.Context(), func(net.Addr) error {
		t.Error("it says it is ready")
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("%v", err)
	}
}

func TestServeEndsIfItCannotBegin(t *testing.T) {
	f := newFixture(t, nil)
	want := errors.New("nowhere to write the greeting")
	if err := f.Serve(t.Context(), func(net.Addr) error { return want }); !errors.Is(err, want) {
		t.Errorf("%v, want %v", err, want)
	}
}

// Whoever is still there when the time is up is cut off.
func TestStopDoesNotWaitForever(t *testing.T) {
	f := newFixture(t, nil)
	f.timeouts.shutdown = soon
	addr, stop := f.start()
	body, contentType := songForm(djangoUpload, "Song", uniqueMP3())
	conn := dial(t, addr)
	send(t, conn, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		djangoUpload.path, f.adminKey, contentType, len(body)))
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := stop(); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("it ended with %v", err)
	}
	cutOff(t, conn)
}

// Everything that Serve starts ends with it.
func TestNothingRunsOn(t *testing.T) {
	before := runtime.NumGoroutine()
	f := newFixture(t, nil)
	addr, stop := f.start()
	conn := dial(t, addr)
	send(t, conn, "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if said := cutOff(t, conn); !strings.HasPrefix(said, "HTTP/1.1 200") {
		t.Errorf("it said %q", said)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	// Closing a database does not wait for its goroutines.
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines became %d:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// Each task of the background ends with its context, one by one, so that a task
// that does not is named.
func TestBackgroundEnds(t *testing.T) {
	f := newFixture(t, nil)
	for _, task := range f.background() {
		t.Run(task.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- task.run(ctx) }()
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}
