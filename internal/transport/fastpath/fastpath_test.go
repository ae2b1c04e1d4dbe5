package fastpath

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// A served is a server with a path.
type served struct {
	*httptest.Server
	path *Path
	addr string
	idle chan bool // tells of connections that net/http waits on
}

func serve(t testing.TB, handler http.HandlerFunc) *served {
	t.Helper()
	p := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isFast(w) {
			w.Header().Set("X-Way", "fast")
		}
		handler(w, r)
	}), Timeouts{})
	s := &served{httptest.NewUnstartedServer(p), p, "", make(chan bool, 100)}
	s.Listener = p.Listener(s.Listener)
	s.Config.ConnContext = p.ConnContext
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if p.ConnState(c, state); state == http.StateIdle {
			select {
			case s.idle <- true:
			default: // nobody waits
			}
		}
	}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	s.addr = s.Listener.Addr().String()
	return s
}

// ask returns the answer to a request that is sent in one piece. The server has
// it behind itself then: net/http may take the first byte of what comes sooner,
// and with it the whole.
func (s *served) ask(t testing.TB, c *client, text string) string {
	t.Helper()
	c.send(t, text)
	r, body := c.receive(t)
	if r.Header.Get("X-Way") == "" {
		<-s.idle
	}
	return body
}

// learn has the server remember a request.
func (s *served) learn(t testing.TB, c *client, text string) {
	t.Helper()
	for range 2 {
		s.ask(t, c, text)
	}
}

// A client writes bytes as they are, and reads answers.
type client struct {
	net.Conn
	in *bufio.Reader
}

func dial(t testing.TB, addr string) *client {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &client{c, bufio.NewReader(c)}
}

func (c *client) send(t testing.TB, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

// receive returns the next answer.
func (c *client) receive(t testing.TB) (*http.Response, string) {
	t.Helper()
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// isFast reports by which way a request came.
func isFast(w http.ResponseWriter) bool {
	_, fast := w.(*writer)
	return fast
}

// echo tells what it was asked, and by which way.
func echo(w http.ResponseWriter, r *http.Request) {
	way := "slow"
	if isFast(w) {
		way = "fast"
	}
	body, _ := io.ReadAll(r.Body)
	answer(w, r, way+" "+r.Method+" "+r.RequestURI+" "+string(body))
}

// answer answers with a text, as others to come may be.
func answer(w http.ResponseWriter, r *http.Request, text string) {
	Allow(r.Context())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(text)))
	_, _ = io.WriteString(w, text)
}

func get(target string, lines ...string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + strings.Join(append(lines, ""), "\r\n") + "\r\n"
}

func post(target, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", target, len(body), body)
}

// What comes again is answered here, on whichever connection, and nothing else.
func TestRepeated(t *testing.T) {
	s := serve(t, echo)
	a, b := dial(t, s.addr), dial(t, s.addr)
	for i, tt := range []struct {
		c             *client
		request, want string
	}{
		{a, get("/x"), "slow GET /x "},
		{a, get("/x"), "slow GET /x "}, // now it is worth remembering
		{a, get("/x"), "fast GET /x "},
		{b, get("/x"), "fast GET /x "},
		{b, get("/x", "Authorization: Token a"), "slow GET /x "},
		{b, get("/x", "Authorization: Token b"), "slow GET /x "},
		{a, get("/x", "Authorization: Token a"), "slow GET /x "},
		{b, get("/x", "Authorization: Token a"), "fast GET /x "},
		{b, get("/x", "Authorization: Token b"), "slow GET /x "},
		{a, get("/y"), "slow GET /y "},
		{a, get("/y"), "slow GET /y "},
		{a, post("/x", "body"), "slow POST /x body"},
		{a, post("/x", "body"), "slow POST /x body"},
		{a, post("/x", "body"), "slow POST /x body"},
		{a, get("/y"), "fast GET /y "},
		{a, post("/x", ""), "slow POST /x "},
		{a, post("/x", ""), "slow POST /x "},
		{a, post("/x", ""), "slow POST /x "},
		{a, "GET /z HTTP/1.1\nHost: a\n\n", "slow GET /z "},
		{a, "GET /z HTTP/1.1\nHost: a\n\n", "slow GET /z "},
		{a, "GET /z HTTP/1.1\nHost: a\n\n", "fast GET /z "},
		{a, get("/x"), "fast GET /x "},
	} {
		if got := s.ask(t, tt.c, tt.request); got != tt.want {
			t.Errorf("request %d: %q, want %q", i, got, tt.want)
		}
	}
}

// What must not be answered here comes again and again to net/http.
func TestNeverRepeated(t *testing.T) {
	for name, request := range map[string]string{
		"to be closed":   get("/x", "Connection: close"),
		"of HTTP/1.0":    "GET /x HTTP/1.0\r\nHost: a\r\n\r\n",
		"to be upgraded": get("/x", "Upgrade: other", "Connection: Upgrade"),
		"with a body":    get("/x", "Content-Length: 1") + "a",
		"with chunks":    get("/x", "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n\r\n",
		"expecting":      get("/x", "Expect: 100-continue"),
		"a long head":    get("/x", "Cookie: "+strings.Repeat("x", maxHead)),
		"another method": "OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n",
		"not allowed":    get("/other"),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if isFast(w) {
					t.Error("answered here")
				}
				if r.URL.Path == "/other" {
					_, _ = io.WriteString(w, "text")
					return
				}
				echo(w, r)
			})
			for range 3 {
				c := dial(t, s.addr)
				c.send(t, request)
				c.receive(t)
			}
			if len(s.path.known) > 0 {
				t.Errorf("%d are remembered", len(s.path.known))
			}
		})
	}
}

// The body of a request is never taken for the next one, even if it is word for
// word a request that is known, whether the handler reads it or not.
func TestBodyIsNoRequest(t *testing.T) {
	known := get("/known")
	for _, tt := range []struct{ name, head, body string }{
		{"of a length", fmt.Sprintf("POST /%%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", len(known)), known},
		{"in chunks", "POST /%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(known), known)},
		{"in chunks, apart", "POST /%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n", len(known)), known},
	} {
		for _, way := range []string{"read", "unread"} {
			t.Run(tt.name+" "+way, func(t *testing.T) {
				begun := make(chan bool)
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet {
						echo(w, r)
						return
					}
					begun <- true
					if way == "read" {
						<-begun
						body, err := io.ReadAll(r.Body)
						answer(w, r, fmt.Sprint(string(body) == known, err))
						return
					}
					answer(w, r, "not read")
				})
				c := dial(t, s.addr)
				s.learn(t, c, known)
				if got := s.ask(t, c, known); got != "fast GET /known " {
					t.Fatal(got)
				}
				c.send(t, fmt.Sprintf(tt.head, way))
				<-begun
				c.send(t, tt.body)
				want := "not read"
				if way == "read" {
					begun <- true
					want = "true <nil>"
				}
				if tt.name == "in chunks, apart" {
					c.send(t, "\r\n0\r\n\r\n")
				}
				if _, got := c.receive(t); got != want {
					t.Errorf("%q", got)
				}
				c.send(t, get("/last"))
				if _, got := c.receive(t); got != "slow GET /last " {
					t.Errorf("%q", got)
				}
			})
		}
	}
}

// Requests in pieces, and several in one, are net/http's.
func TestPieces(t *testing.T) {
	s := serve(t, echo)
	c := dial(t, s.addr)
	s.learn(t, c, get("/x"))
	c.send(t, get("/x")+get("/x")+get("/y"))
	for _, want := range []string{"/x", "/x", "/y"} {
		if _, got := c.receive(t); got != "slow GET "+want+" " {
			t.Errorf("%q", got)
		}
	}

	s = serve(t, echo)
	text := get("/x")
	s.learn(t, dial(t, s.addr), text)
	c = dial(t, s.addr)
	for i := range text {
		c.send(t, text[i:i+1])
	}
	r, got := c.receive(t)
	if got != "slow GET /x " && got != "fast GET /x " { // they may have come as one
		t.Errorf("%q", got)
	}
	if r.Header.Get("X-Way") == "" {
		<-s.idle
	}
	if got := s.ask(t, c, text); got != "fast GET /x " {
		t.Errorf("%q", got)
	}
}

// Who takes a connection over gets all that is sent on it.
func TestHijacked(t *testing.T) {
	known := get("/known")
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/take" {
			echo(w, r)
			return
		}
		c, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if inner, ok := c.(interface{ Unwrap() net.Conn }); !ok {
			t.Errorf("a %T cannot be unwrapped", c)
		} else if _, ok := inner.Unwrap().(*net.TCPConn); !ok {
			t.Errorf("a %T is in it", inner.Unwrap())
		}
		_, _ = io.WriteString(c, "taken")
		go func() {
			defer c.Close()
			_, _ = io.CopyN(c, buffered, int64(len(known)))
		}()
	})
	c := dial(t, s.addr)
	s.learn(t, c, known)
	c.send(t, get("/take"))
	taken := make([]byte, len("taken"))
	if _, err := io.ReadFull(c.in, taken); err != nil || string(taken) != "taken" {
		t.Fatalf("%q, %v", taken, err)
	}
	c.send(t, known)
	if got, err := io.ReadAll(c.in); err != nil || string(got) != known {
		t.Errorf("%q, %v", got, err)
	}
}

// An answer is what net/http would have sent, but for the order of the header.
func TestAnswers(t *testing.T) {
	states := map[string]func(w http.ResponseWriter, r *http.Request){
		"plain":    func(w http.ResponseWriter, r *http.Request) { answer(w, r, "{}") },
		"empty":    func(w http.ResponseWriter, r *http.Request) { answer(w, r, "") },
		"long":     func(w http.ResponseWriter, r *http.Request) { answer(w, r, strings.Repeat("x", 99_999)) },
		"nothing":  func(http.ResponseWriter, *http.Request) {},
		"guess":    func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"error":    func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) },
		"unlisted": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(299) },
		"again": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			w.WriteHeader(http.StatusOK)
		},
		"no content": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Error(err)
			}
		},
		"not modified": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Etag", `"x"`)
			w.WriteHeader(http.StatusNotModified)
		},
		"pieces": func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				_, _ = io.WriteString(w, "{}")
			}
		},
		"very long": func(w http.ResponseWriter, r *http.Request) { answer(w, r, strings.Repeat("x", 2*maxHeld)) },
		"very long, in pieces": func(w http.ResponseWriter, _ *http.Request) {
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Error(err)
			}
			for range 9 {
				if n, err := io.WriteString(w, strings.Repeat("<p>", maxHeld/10)); err != nil || n != maxHeld/10*3 {
					t.Error(n, err)
				}
				_, _ = io.WriteString(w, "")
			}
		},
		"more than said": func(w http.ResponseWriter, r *http.Request) {
			answer(w, r, "{}")
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrContentLength) {
				t.Error(err)
			}
		},
		"split": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Split", "a\r\nSet-Cookie: b")
			w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
			w.Header()["no name"] = []string{"x"}
			answer(w, r, "{}")
		},
	}
	for name, do := range states {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if isFast(w) {
					do(w, r)
				} else {
					answer(w, r, "to be remembered")
				}
			})
			c := dial(t, s.addr)
			s.learn(t, c, get("/"))
			c.send(t, get("/"))
			got, body := c.receive(t)

			plain := httptest.NewServer(http.HandlerFunc(do))
			defer plain.Close()
			plain.Config.ErrorLog = log.New(io.Discard, "", 0)
			other := dial(t, plain.Listener.Addr().String())
			other.send(t, get("/"))
			want, wantBody := other.receive(t)
			for _, h := range []http.Header{got.Header, want.Header} {
				if _, err := time.Parse(http.TimeFormat, h.Get("Date")); err != nil {
					t.Error(err)
				}
				h.Del("Date")
				h.Del("X-Way")
			}
			if g, w := fmt.Sprint(got.Status, got.ContentLength, got.TransferEncoding, got.Header), fmt.Sprint(want.Status, want.ContentLength, want.TransferEncoding, want.Header); g != w || body != wantBody {
				t.Errorf("%s %.500s\nwant %s %.500s", g, body, w, wantBody)
			}
			c.send(t, get("/")) // and the next one begins where it should
			if _, again := c.receive(t); again != body {
				t.Errorf("%.500s\nand then %.500s", body, again)
			}
		})
	}
}

// A handler that wants the connection closed, or that panics, gets it closed.
func TestClosed(t *testing.T) {
	for _, way := range []string{"close", "panic"} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if isFast(w) {
				if way == "panic" {
					panic(http.ErrAbortHandler)
				}
				w.Header().Set("Connection", "close")
			}
			answer(w, r, "{}")
		})
		c := dial(t, s.addr)
		s.learn(t, c, get("/"))
		c.send(t, get("/"))
		if way == "close" {
			if r, _ := c.receive(t); !r.Close {
				t.Error("the client is not told")
			}
		}
		if rest, err := io.ReadAll(c.in); err != nil || len(rest) > 0 {
			t.Errorf("%s: %q, %v", way, rest, err)
		}
		if err := s.path.Drain(t.Context()); err != nil {
			t.Errorf("%s: %v", way, err)
		}
	}
}

// Whoever says that he sends no more is answered, and not waited for.
func TestHalfClosed(t *testing.T) {
	s := serve(t, echo)
	s.learn(t, dial(t, s.addr), get("/"))
	c := dial(t, s.addr)
	c.send(t, get("/"))
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, body := c.receive(t); body != "fast GET / " {
		t.Errorf("%q", body)
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection is not closed: %v", err)
	}
}

// A connection that is closed while a request is under way here, even twice, is
// closed when that has ended, however it does.
func TestClosedUnderWay(t *testing.T) {
	ends := map[string]func(w http.ResponseWriter, r *http.Request){
		"answered": func(w http.ResponseWriter, r *http.Request) { answer(w, r, "{}") },
		"closed": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			answer(w, r, "{}")
		},
		"panic": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	for name, end := range ends {
		for _, twice := range []bool{false, true} {
			t.Run(fmt.Sprint(name, twice), func(t *testing.T) {
				closed := make(chan error, 2)
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if !isFast(w) {
						answer(w, r, "{}")
						return
					}
					c := r.Context().Value(connKey{}).(*conn)
					closed <- c.Close()
					if twice {
						go func() { closed <- c.Close() }()
					}
					end(w, r)
				})
				c := dial(t, s.addr)
				s.learn(t, c, get("/"))
				c.send(t, get("/"))
				_, _ = io.Copy(io.Discard, c.in) // until its end
				if err := <-closed; err != nil {
					t.Error(err)
				}
				if twice {
					if err := <-closed; err != nil && !errors.Is(err, net.ErrClosed) {
						t.Error(err)
					}
				}
				if err := s.path.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// A server that shuts down finishes what is under way here.
func TestShutdown(t *testing.T) {
	begun, end := make(chan bool, 1), make(chan bool)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if isFast(w) {
			begun <- true
			<-end
		}
		answer(w, r, "{}")
	})
	c := dial(t, s.addr)
	s.learn(t, c, get("/"))
	c.send(t, get("/"))
	<-begun
	if err := s.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.path.Drain(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("it is not waited for: %v", err)
	}
	close(end)
	if err := s.path.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, body := c.receive(t); body != "{}" {
		t.Errorf("%q", body)
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection is not closed: %v", err)
	}
}

// The deadlines hold for what is answered here, from each request on.
func TestDeadlines(t *testing.T) {
	deadlines := make(chan int64, 4)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		deadlines <- r.Context().Value(connKey{}).(*conn).deadline
		echo(w, r)
	})
	s.path.timeouts = Timeouts{Idle: 300 * time.Millisecond, Write: time.Hour}
	c := dial(t, s.addr)
	for range 4 {
		s.ask(t, c, get("/"))
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection is not closed: %v", err)
	}
	<-deadlines
	if first, second, third := <-deadlines, <-deadlines, <-deadlines; first != 0 || second == 0 || third != second && third-second < deadlineStep {
		t.Errorf("they were set at %d, %d, %d", first, second, third)
	}
}

// Who stops in the header of a request is cut off, also if the connection's
// others were answered here, and also if they set a deadline of their own.
func TestSlowHeader(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"plain": echo,
		"with a deadline": func(w http.ResponseWriter, r *http.Request) {
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
				t.Error(err)
			}
			echo(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, answer)
			s.path.timeouts = Timeouts{ReadHeader: 300 * time.Millisecond, Idle: time.Hour}
			s.learn(t, dial(t, s.addr), get("/"))
			c := dial(t, s.addr)
			if got := s.ask(t, c, get("/")); got != "fast GET / " {
				t.Fatal(got)
			}
			c.send(t, get("/")[:9])
			if rest, err := io.ReadAll(c.in); err != nil || strings.Contains(string(rest), "200") {
				t.Errorf("%q, %v", rest, err)
			}
		})
	}
}

// What each request is given is its connection's.
func TestContext(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Err() != nil {
			t.Error("the request is over before it began")
		}
		answer(w, r, r.RemoteAddr)
	})
	for range 3 {
		c := dial(t, s.addr)
		for range 3 {
			if got := s.ask(t, c, get("/")); got != c.LocalAddr().String() {
				t.Errorf("%s, want %s", got, c.LocalAddr())
			}
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	p := New(http.NotFoundHandler(), Timeouts{})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	learn := func(head []byte) {
		p.remember(head, r)
		p.remember(head, r)
	}
	if p.remember([]byte("once"), r); len(p.known) > 0 {
		t.Error("what came once is remembered")
	}
	for i := range 2 * maxKnown {
		learn(fmt.Append(nil, i))
	}
	if len(p.known) != maxKnown || p.lookup(fmt.Append(nil, 2*maxKnown-1)) == nil {
		t.Errorf("%d are remembered", len(p.known))
	}
	size := 0
	for i := range 2 * maxSize / maxHead {
		learn(fmt.Appendf(nil, "%*d", maxHead, i))
		size = 0
		for head := range p.known {
			size += len(head)
		}
		if size != p.size || size > maxSize {
			t.Fatalf("%d bytes, counted %d", size, p.size)
		}
	}
	if learn(make([]byte, maxHead+1)); p.lookup(make([]byte, maxHead+1)) != nil || size < maxSize-maxHead {
		t.Errorf("%d bytes are remembered", size)
	}
}

func TestHeadLength(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 0, "a\r\n": 0, "a\r\n\r": 0, "a\r\n\r\n": 5, "a\n\n": 3, "a\n\r\nb": 4, "a\r\n\nb\r\n\r\n": 4,
		"a\r\n \r\n": 0, "a\r\nb: c\r\n\r\nd\r\n\r\n": 11,
	} {
		if got := headLength([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// Whatever is sent, in whichever pieces, is answered as without the path.
func FuzzConn(f *testing.F) {
	known := get("/known")
	for _, seed := range []string{
		known + known, known[:9] + "\x00" + known[9:], post("/x", known) + known, post("/x", "a") + "\x00" + known + "\x00" + known,
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\x00" + fmt.Sprintf("%x\r\n", len(known)) + "\x00" + known + "\x00\r\n0\r\n\r\n" + known,
		known + "\x00" + get("/x", "Connection: close") + "\x00" + known, "\r\n" + known, known + "\n", "GET / HTTP/1.1\nHost: a\n\n" + known,
		get("/x", "Content-Length: "+fmt.Sprint(len(known))) + "\x00" + known, known + "\x00" + known + "\x00G",
		get("/x", "Expect: 100-continue", "Content-Length: 5") + "\x00" + known,
	} {
		f.Add([]byte(seed))
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		answer(w, r, fmt.Sprintf("%s %s %q %v", r.Method, r.RequestURI, body, err))
	}
	s := serve(f, handler)
	plain := httptest.NewServer(http.HandlerFunc(handler))
	f.Cleanup(plain.Close)
	plain.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.Fuzz(func(t *testing.T, script []byte) {
		first := dial(t, s.addr)
		s.learn(t, first, known)
		got, want := converse(t, s.addr, script), converse(t, plain.Listener.Addr().String(), script)
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
	})
}

// converse sends the pieces of a script, which zero bytes separate, and returns
// the answers.
func converse(t *testing.T, addr string, script []byte) []string {
	t.Helper()
	c := dial(t, addr)
	for piece := range strings.SplitSeq(string(script), "\x00") {
		if _, err := io.WriteString(c, piece); err != nil {
			break // the server has had enough
		}
	}
	_ = c.Conn.(*net.TCPConn).CloseWrite()
	var answers []string
	for {
		r, err := http.ReadResponse(c.in, nil)
		// Nonsense at the end is answered, or not, by whether it is what comes first.
		if err != nil || r.StatusCode == http.StatusBadRequest {
			return answers
		}
		body, _ := io.ReadAll(r.Body)
		r.Header.Del("Date")
		r.Header.Del("X-Way")
		answers = append(answers, fmt.Sprint(r.Status, r.Header, string(body)))
	}
}
