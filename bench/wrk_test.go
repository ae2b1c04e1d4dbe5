package main

import (
	"strings"
	"testing"
	"time"
)

func TestParseWrk(t *testing.T) {
	const good = `Running 1s test @ http://127.0.0.1:1
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   599.49us  262.51us   3.99ms   71.16%
  58142 requests in 1.10s, 97.51MB read
Requests/sec:  52857.11
`
	got, err := parseWrk(good)
	if err != nil || got.requests != 58142 || got.elapsed != 1100*time.Millisecond {
		t.Errorf("%+v, %v", got, err)
	}
	for out, want := range map[string]string{
		good + "  Non-2xx or 3xx responses: 3\n":                          "Non-2xx",
		"  Socket errors: connect 0, read 1, write 0, timeout 0\n" + good: "Socket errors",
		"nothing of the kind":                                             "unknown output",
	} {
		if _, err := parseWrk(out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if got := luaString([]byte("a\"\n")); got != `"\097\034\010"` {
		t.Error(got)
	}
}
