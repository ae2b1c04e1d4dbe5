package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestSuite(t *testing.T) {
	tests := []struct{ listen, suite, want string }{
		{"localhost:3000", "auto", "protocol"},
		{"localhost:3210", "auto", "client"},
		{"127.0.0.1:13210", "auto", "protocol"},
		{"localhost:3000", "client", "client"},
		{"localhost:3210", "protocol", "protocol"},
	}
	for _, tt := range tests {
		if got := (flags{Listen: tt.listen, Suite: tt.suite}).suite(); got != tt.want {
			t.Errorf("--listen %s --suite %s: %s, want %s", tt.listen, tt.suite, got, tt.want)
		}
	}
}

// serve starts what the flags ask for, and returns its URL.
func serve(t *testing.T, f flags) string {
	t.Helper()
	handler, services := build(f)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	for _, service := range services {
		go func() { ended <- service(ctx) }()
	}
	web := httptest.NewServer(handler)
	t.Cleanup(func() {
		stop()
		for range services {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		web.Close()
	})
	return web.URL
}

// exchange sends one request and returns the body of the answer.
func exchange(t *testing.T, method, url, body string) string {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if origin := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != http.StatusOK || origin != "*" {
		t.Fatalf("%s %s: %s, allows the origin %q, %q", method, url, res.Status, origin, answer)
	}
	return string(answer)
}

// poll opens a session by polling and returns its URL. settings is what follows
// the session's id in the handshake.
func poll(t *testing.T, url, settings string) string {
	t.Helper()
	url += "?EIO=4&transport=polling"
	handshake := exchange(t, "GET", url, "")
	match := regexp.MustCompile(`^0\{"sid":"([^"]+)",(.*)\}$`).FindStringSubmatch(handshake)
	if match == nil || match[2] != settings {
		t.Fatalf("handshake %s, want …,%s}", handshake, settings)
	}
	return url + "&sid=" + match[1]
}

func TestEngineSuite(t *testing.T) {
	url := serve(t, flags{Listen: "localhost:3000", Suite: "auto"})
	session := poll(t, url+"/engine.io/", `"upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000`)
	exchange(t, "POST", session, "4hello\x1ebAQID")
	if got := exchange(t, "GET", session, ""); got != "4hello\x1ebAQID" {
		t.Errorf("echo is %q", got)
	}
}

func TestSocketSuite(t *testing.T) {
	url := serve(t, flags{Suite: "protocol", PingInterval: time.Minute, PingTimeout: 30 * time.Second})
	session := poll(t, url+"/socket.io/", `"upgrades":["websocket"],"pingInterval":60000,"pingTimeout":30000,"maxPayload":1000000`)
	steps := []struct{ send, want string }{
		{`40{"token":"123"}`, `^40\{"sid":"[^"]{20}"\}` + "\x1e" + `42\["auth",\{"token":"123"\}\]$`},
		{`40/custom,`, `^40/custom,\{"sid":"[^"]{20}"\}` + "\x1e" + `42/custom,\["auth",\{\}\]$`},
		{`40/random`, `^44/random,\{"message":"Invalid namespace"\}$`},
		{`42["message",1,"2",{"3":[true]}]`, `^42\["message-back",1,"2",\{"3":\[true\]\}\]$`},
		{`42456["message-with-ack",1,"2"]`, `^43456\[1,"2"\]$`},
		{"452-[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]\x1ebAQID\x1ebBAUG",
			`^452-\["message-back",\{"_placeholder":true,"num":0\},\{"_placeholder":true,"num":1\}\]` + "\x1ebAQID\x1ebBAUG$"},
	}
	for _, step := range steps {
		exchange(t, "POST", session, step.send)
		if got := exchange(t, "GET", session, ""); !regexp.MustCompile(step.want).MatchString(got) {
			t.Errorf("%s: %q, want %s", step.send, got, step.want)
		}
	}
}

func TestClientSuite(t *testing.T) {
	url := serve(t, flags{Listen: "localhost:3210", Suite: "auto"})
	poll(t, url+"/socket.io/", `"upgrades":["websocket"],"pingInterval":2000,"pingTimeout":20000,"maxPayload":1000000`)
	if script := exchange(t, "GET", url+"/socket.io/socket.io.min.js", ""); !strings.Contains(script, "Socket.IO v4") {
		t.Errorf("the client begins with %.60q", script)
	}
}

func TestRunEnds(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := run(ctx, flags{Listen: "127.0.0.1:0", Suite: "protocol"}); err != nil {
		t.Error(err)
	}
	if err := run(ctx, flags{Listen: "nowhere", Suite: "protocol"}); err == nil {
		t.Error("an address that is none was served")
	}
}
