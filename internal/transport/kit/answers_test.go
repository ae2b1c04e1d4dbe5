package kit

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWeakETag(t *testing.T) {
	for body, want := range map[string]string{
		"[]":               `W/"2-l9Fw4VUO7kr8CvBlt4zaMCqXZ0w"`,
		`{"success":true}`: `W/"10-oV4hJxRVSENxc/wX8+mA4/Pe4tA"`,
		"":                 `W/"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk"`,
	} {
		if got := WeakETag([]byte(body)); got != want {
			t.Errorf("%q: %s, want %s", body, got, want)
		}
	}
}

func TestFresh(t *testing.T) {
	for _, tt := range []struct {
		match, control string
		want           bool
	}{
		{"", "", false},
		{"*", "", true},
		{" * ", "", true},
		{`W/"a"`, "", true},
		{`"a"`, "", true},
		{`"x", W/"a"`, "", true},
		{`"x",W/"a","y"`, "", true},
		{`W/"b"`, "", false},
		{`a`, "", false},
		{`W/"a"`, "no-cache", false},
		{`*`, "max-age=0, no-cache", false},
		{`W/"a"`, "max-age=0", true},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("If-None-Match", tt.match)
		r.Header.Set("Cache-Control", tt.control)
		if got := Fresh(r, `W/"a"`); got != tt.want {
			t.Errorf("%q, %q: %v", tt.match, tt.control, got)
		}
	}
}

func TestAnswers(t *testing.T) {
	revision := uint64(1)
	a := &Answers{Revision: func() uint64 { return revision }}
	built := 0
	get := func(key string) string {
		t.Helper()
		e, err := a.Get(key, func() ([]byte, error) {
			built++
			return fmt.Appendf(nil, "%s at %d", key, revision), nil
		})
		if err != nil || e.ETag != WeakETag(e.Body) {
			t.Fatal(err, e)
		}
		return string(e.Body)
	}
	for _, want := range []string{"a at 1", "a at 1", "b at 1", "a at 1"} {
		if got := get(want[:1]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if built != 2 {
		t.Errorf("built %d times", built)
	}
	revision = 2
	if got := get("a"); got != "a at 2" || built != 3 {
		t.Errorf("got %s, built %d times", got, built)
	}
	if _, err := a.Get("broken", func() ([]byte, error) { return nil, errors.New("no") }); err == nil {
		t.Error("an error got lost")
	}
	if got := get("broken"); got != "broken at 2" {
		t.Errorf("an error was kept: %s", got)
	}
}

// What was built under a revision that has passed meanwhile is not served to
// the next.
func TestAnswersThatAge(t *testing.T) {
	revision := uint64(1)
	a := &Answers{Revision: func() uint64 { return revision }}
	change := func() ([]byte, error) { revision++; return []byte("old"), nil }
	if _, err := a.Get("a", change); err != nil {
		t.Fatal(err)
	}
	e, err := a.Get("a", func() ([]byte, error) { return []byte("new"), nil })
	if err != nil || string(e.Body) != "new" {
		t.Errorf("%s, %v", e.Body, err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	a := &Answers{Revision: func() uint64 { return 1 }}
	get := func(key string, size int) (fresh bool) {
		_, err := a.Get(key, func() ([]byte, error) { fresh = true; return []byte(strings.Repeat("x", size)), nil })
		if err != nil {
			t.Fatal(err)
		}
		return fresh
	}
	get("long", maxAnswer)
	if !get("long", 1) {
		t.Error("too long an answer was kept")
	}
	for i := range 40 {
		get(fmt.Sprint(i), maxAnswer-1000)
	}
	if a.size > maxAnswers {
		t.Errorf("%d bytes are kept", a.size)
	}
	if get("39", 1) {
		t.Error("the last answer was not kept")
	}
}
