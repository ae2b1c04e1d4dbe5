package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAnswer(t *testing.T) {
	tests := []struct {
		name, in string
		want     int64
		err      string // "" for none
	}{
		{"a length", "HTTP/1.1 200 OK\r\nDate: x\r\ncontent-LENGTH: 3\r\n\r\nabc", 3, ""},
		{"a range", "HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nab", 2, ""},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", 4, ""},
		{"nothing in it", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0, ""},
		{"a refusal", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 0, "401"},
		{"no end", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 0, "EOF"},
		{"neither length nor chunks", "HTTP/1.1 200 OK\r\n\r\nxyz\r\n", 0, "neither"},
		{"no HTTP", "hello\r\n", 0, "answered"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := client{in: bufio.NewReaderSize(strings.NewReader(tt.in+"next"), 32)}
			got, err := c.answer()
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("the error is %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Fatalf("%d bytes, %v, want %d", got, err, tt.want)
			}
			if rest, err := c.in.Peek(4); string(rest) != "next" {
				t.Errorf("the next answer begins with %q, %v", rest, err)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer key" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprint(w, r.URL.Path)
	}))
	defer s.Close()
	requests := endpoint{key: "key", targets: []string{"/a", "/bc", "/def"}}.requests()
	l := load{addr: s.Listener.Addr().String(), requests: requests, connections: 2}
	r, err := l.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.requests != 6 || r.bytes != 2*(2+3+4) || len(r.latencies) != 6 {
		t.Errorf("%d requests, %d bytes, %d latencies", r.requests, r.bytes, len(r.latencies))
	}
	l.requests = endpoint{targets: []string{"/a"}}.requests()
	if _, err := l.run(t.Context()); err == nil || !strings.Contains(err.Error(), "GET /a") {
		t.Errorf("the error is %v, want one that names the request", err)
	}
}

func TestLoadWithoutServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := (load{addr: addr, connections: 1}).run(context.Background()); err == nil {
		t.Error("no error")
	}
}
