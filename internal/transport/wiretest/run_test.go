package wiretest

import (
	"bufio"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

const aliceKey = "0123456789abcdef0123456789abcdef01234567"

// handler answers as testdata/format.txt expects. What has to see the request
// itself takes the connection over.
func handler() http.Handler {
	var count atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("/body", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	})
	mux.HandleFunc("/parts", func(w http.ResponseWriter, r *http.Request) {
		parts, err := r.MultipartReader()
		for err == nil {
			var part *multipart.Part
			if part, err = parts.NextPart(); err == nil {
				content, _ := io.ReadAll(part)
				fmt.Fprintf(w, "%s [%s] [%s]: %s\n", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), content)
			}
		}
	})
	mux.HandleFunc("POST /register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/users/7")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"key":"%s","id":7,"at":"2026-11-22T14:08:32Z"}`, aliceKey)
	})
	mux.HandleFunc("/users/7", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Authorization", r.Header.Get("Authorization"))
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Vary", "Accept")
		fmt.Fprintf(w, `{"id":7,"key":"%s","url":"http://%s/users/7","literal":"<any>{id}"}`, aliceKey, r.Host)
	})
	mux.HandleFunc("/list", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `[{"id":1,"title":"a"},{"id":2,"title":"bxxxx"}]`)
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "csrftoken=AbCd1234; Path=/")
		w.Header().Add("Set-Cookie", "sessionid=s.e-c; HttpOnly")
	})
	mux.HandleFunc("/count", func(w http.ResponseWriter, _ *http.Request) {
		if count.Add(1) > 3 {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	mux.HandleFunc("/refuse", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		_, _ = io.WriteString(w, `{"detail":"too large"}`)
	})
	return mux
}

// serve returns the URL of a server that answers /echo, and targets that
// net/http refuses, with the bytes it got, and hands the rest to handler.
func serve(t *testing.T) string {
	t.Helper()
	inner := httptest.NewServer(handler())
	t.Cleanup(inner.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go front(conn, inner.Listener.Addr().String())
		}
	}()
	return "http://" + listener.Addr().String()
}

func front(conn net.Conn, inner string) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	head, err := r.Peek(32)
	if err != nil && len(head) == 0 {
		return
	}
	target := strings.Fields(string(head))[1]
	if target == "/echo" || strings.HasPrefix(target, "//") {
		echo(conn, r)
		return
	}
	through, err := net.Dial("tcp", inner)
	if err != nil {
		return
	}
	defer through.Close()
	go func() { _, _ = io.Copy(through, r) }()
	_, _ = io.Copy(conn, through)
}

// echo reads one request and answers with it, \r\n turned into \n.
func echo(conn net.Conn, r *bufio.Reader) {
	var all strings.Builder
	length, chunked := 0, false
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		all.WriteString(line)
		_, _ = fmt.Sscanf(line, "Content-Length: %d", &length)
		chunked = chunked || strings.HasPrefix(line, "Transfer-Encoding: chunked")
		if line == "\r\n" {
			break
		}
	}
	for chunked && !strings.HasSuffix(all.String(), "\r\n0\r\n\r\n") {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		all.WriteString(line)
	}
	body, _ := io.ReadAll(io.LimitReader(r, int64(length)))
	text := strings.ReplaceAll(all.String(), "\r\n", "\n") + string(body)
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
}

func tokens(name string, vars map[string]string) string {
	if key := vars[name]; key != "" {
		return "Token " + key
	}
	return ""
}

func TestRun(t *testing.T) {
	var observed []string
	vars := map[string]string{}
	Run(t, Options{
		BaseURL: serve(t),
		Scripts: os.DirFS("testdata"),
		Files:   map[string][]byte{"cover.png": []byte("PNG!")},
		Auth:    tokens,
		Vars:    vars,
		Observe: func(method, target string, status int, header http.Header, body []byte) {
			observed = append(observed, fmt.Sprintf("%s %s %d %s %d", method, target, status, header.Get("Content-Length"), len(body)))
		},
	})
	if vars["alice"] != aliceKey {
		t.Errorf("alice = %q, want the key that the script kept", vars["alice"])
	}
	if want := "HEAD /list 200 47 0"; observed[len(observed)-2] != want {
		t.Errorf("observed %q, want %q", observed[len(observed)-2], want)
	}
}

func TestRunServesAHandler(t *testing.T) {
	Run(t, Options{
		Handler: handler(),
		Scripts: fstest.MapFS{"one.txt": {Data: []byte("== case\nGET /list\n-> 200\n")}},
	})
}

func TestReports(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string // parts of the report, in order; none for success
	}{
		{"the status", "GET /list\n-> 404", []string{"s.txt:1: status: want 404, got 200", "> GET /list", "< 200 OK", `< [{"id":1`}},
		{"the first difference", "GET /list\n-> 200\n[{\"id\":<int>,\"title\":\"axe\"}]", []string{
			"body: first difference at byte 19:\n  after [{\"id\":1,\"title\":\"a\n  want  xe\"}]\n  got   \"},{\"id\":2"}},
		{"a kind", "GET /list\n-> 200\n[{\"id\":<hex24>}]", []string{"after [{\"id\":\n  want  <hex24>}]\n  got   1,"}},
		{"an answer too long", "GET /list\n-> 200\n[", []string{"after [\n  want  (the end)\n  got   {"}},
		{"an answer too short", "GET /list\n-> 200\n[{\"id\":1,\"title\":\"a\"},{\"id\":2,\"title\":\"bxxxx\"}]x", []string{"want  x\n  got   (the end)"}},
		{"one name, two values", "GET /list\n-> 200\n[{\"id\":<n int>,\"title\":\"a\"},{\"id\":<n int>,\"title\":\"<any>", []string{"want  1,\"title\":\"<any>", "got   2,"}},
		{"a header", "GET /users/7\n-> 200\nVary: Cookie\n!Vary\nETag: <etag>", []string{
			"header Vary:\n  want Cookie\n  got  Accept\nheader Vary: want none, got Accept\nheader ETag: want <etag>, got none"}},
		{"a cookie", "GET /cookie\n-> 200\nSet-Cookie: a=b", []string{"want a=b\n  got  csrftoken=AbCd1234; Path=/\n       sessionid="}},
		{"no body", "GET /list\n-> 200\n(empty body)", []string{"after \n  want  (the end)\n  got   [{"}},
		{"contains", "GET /list\n-> 200\nbody contains zebra\nbody lacks <_ /\\d/>", []string{"body: lacks zebra\nbody: contains <_ /\\d/>"}},
		{"loosely: a value", "GET /list\n-> 200\njson~ [{},{\"title\":\"c\"}]", []string{`body: $[1].title: want c, got bxxxx`}},
		{"loosely: a member", "GET /list\n-> 200\njson~ [{\"x\":1},{}]", []string{`$[0] has no member "x"`}},
		{"loosely: a type", "GET /list\n-> 200\njson~ [{\"id\":\"1\"},{}]", []string{`$[0].id: want the string "1", got 1`}},
		{"loosely: a length", "GET /list\n-> 200\njson~ [1]", []string{`$: want an array of 1, got [{`}},
		{"loosely: a number", "GET /list\n-> 200\njson~ [{\"id\":1.0},{}]", []string{`$[0].id: want 1.0, got 1`}},
		{"an unknown variable", "GET /users/{bob.id}\n-> 200", []string{"GET /users/{bob.id} cannot be sent: the variable {bob.id} has no value"}},
		{"an unknown user", "GET /list\nas bob\n-> 200", []string{"nothing is known to authorize as bob"}},
		{"an unknown file", "POST /parts\nmultipart f=@x.png\n-> 200", []string{`field f: there is no file "x.png"`}},
		{"a placeholder in a request", "POST /body\n{\"a\":\"<int>\"}\n-> 200", []string{"the placeholder <int> stands in a request"}},
		{"a cookie without a jar", "GET /list\nX: {cookie:a}\n-> 200", []string{"{cookie:a} needs a jar"}},
		{"a cookie the jar lacks", "GET /list\njar j\nX: {cookie:a}\n-> 200", []string{"the jar has no cookie a"}},
		{"too much", "POST /body\nbody <xyz*99999999>\n-> 200", []string{"is over 67108864 bytes"}},
		{"repeated", "GET /count\nrepeat 5\n-> 200", []string{"s.txt:1: time 4 of 5\nstatus: want 200, got 429"}},
		{"control characters", "POST /body\nbody \"a\\n\\x00\\xff\"\n-> 200\n|b", []string{`got   a\n\x00\xff`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(handler())
			defer server.Close()
			cases, err := parse("s.txt", "== case\n"+tt.script+"\n")
			if err != nil {
				t.Fatal(err)
			}
			r, err := newRunner(Options{BaseURL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			report := r.play(cases[0])
			rest := report
			for _, want := range tt.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("the report lacks\n%s\nit is\n%s", want, report)
				}
				rest = after
			}
		})
	}
}

// What a failing case could still read out of its answer serves later cases.
func TestAFailingCaseKeepsWhatItMatched(t *testing.T) {
	server := httptest.NewServer(handler())
	defer server.Close()
	r, err := newRunner(Options{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	cases, err := parse("s.txt", "== case\nPOST /register\n-> 201\n{\"key\":\"<alice hex40>\",\"id\":8}\n")
	if err != nil {
		t.Fatal(err)
	}
	if r.play(cases[0]) == "" {
		t.Error("the case passes")
	}
	if r.vars["alice"] != aliceKey {
		t.Errorf("alice = %q", r.vars["alice"])
	}
}

func TestNoAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	r, err := newRunner(Options{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	cases, err := parse("s.txt", "== case\nGET /\n-> 200\n")
	if err != nil {
		t.Fatal(err)
	}
	if report := r.play(cases[0]); !strings.Contains(report, "s.txt:1: no answer: ") {
		t.Errorf("report: %s", report)
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"no script", fstest.MapFS{}, "no script is named *.txt"},
		{"an empty one", fstest.MapFS{"a.txt": {Data: []byte("# nothing\n")}}, "a.txt has no case"},
		{"a wrong one", fstest.MapFS{"a.txt": {Data: []byte("GET /\n")}}, "a.txt:1: a case begins with =="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := load(tt.files, ""); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}
