package presence_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/presence"
)

var one, two, three = user(1), user(2), user(3)

func TestConnections(t *testing.T) {
	tests := []struct {
		name string
		do   func(r *room)
		want string // what was published, separated by commas
	}{
		{"the first counts", func(r *room) { r.join(one, two); r.join(one) }, "1 arrived, 2 arrived"},
		{"several at once", func(r *room) { r.join(one, one, one) }, "1 arrived"},
		{"one of two ends", func(r *room) { r.join(one, one); r.Leave(1); pass(60) }, "1 arrived"},
		{"the last one ends", func(r *room) { r.join(one, one); r.Leave(1); r.Leave(1); pass(5) }, "1 arrived, 1 left"},
		{"just before the grace is over", func(r *room) { r.join(one); r.Leave(1); pass(4.999) }, "1 arrived"},
		{"a reload", func(r *room) {
			r.join(one)
			r.do(one, "x")
			r.Leave(1)
			pass(4)
			r.join(one)
			pass(60)
		}, "1 arrived, 1 does x"},
		{"reloads one after the other", func(r *room) {
			r.join(one)
			for range 10 {
				r.Leave(1)
				pass(4)
				r.join(one)
			}
			r.Leave(1)
			pass(4)
		}, "1 arrived"},
		{"back too late", func(r *room) { r.join(one); r.do(one, "x"); r.Leave(1); pass(5); r.join(one) },
			"1 arrived, 1 does x, 1 left, 1 arrived"},
		{"nobody leaves", func(r *room) {
			r.Leave(1)
			pass(60)
			r.join(one)
			r.Leave(1)
			r.Leave(1)
			r.join(one)
			pass(60)
		}, "1 arrived"},

		{"no activity without a connection", func(r *room) { r.do(one, "x"); r.join(one) }, "1 arrived"},
		{"a lease", func(r *room) { r.announce(one, "x"); pass(59.999) }, "1 arrived, 1 does x"},
		{"a lease ends", func(r *room) { r.announce(one, "x"); pass(60) }, "1 arrived, 1 does x, 1 left"},
		{"a lease is renewed", func(r *room) { r.announce(one, "x"); pass(59); r.announce(one, "x"); pass(59) }, "1 arrived, 1 does x"},
		{"a renewed one ends", func(r *room) { r.announce(one, ""); pass(59); r.announce(one, ""); pass(60) }, "1 arrived, 1 left"},
		{"a lease in the grace", func(r *room) { r.join(one); r.Leave(1); pass(4); r.announce(one, ""); pass(59) }, "1 arrived"},
		{"connections count instead of a lease", func(r *room) { r.announce(one, ""); r.join(one); pass(90); r.Leave(1); pass(5) }, "1 arrived, 1 left"},
		{"no lease beside a connection", func(r *room) { r.join(one); r.announce(one, ""); r.Leave(1); pass(5) }, "1 arrived, 1 left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				tt.do(r)
				if got := strings.Join(r.said, ", "); got != tt.want {
					t.Errorf("published %s\nwant      %s", got, tt.want)
				}
			})
		})
	}
}

func TestWelcome(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.join(one)
		r.do(one, "Reading")
		check(t, r.Join(t.Context(), []account.User{three, two, one}, func(v presence.View) {
			r.wants("1 arrived", "1 does Reading", "3 arrived", "2 arrived")
			if got := listed(v.Public()); got != "1 Reading, 3 Idle, 2 Idle" {
				t.Errorf("welcomed by %q", got)
			}
		}))
		r.Leave(3)
		pass(presence.DefaultGrace.Seconds())
		r.join(three)
		r.sees(two, "1 Reading, 2 Idle, 3 Idle")
	})
}

func TestActivity(t *testing.T) {
	tests := []struct {
		name, text string
		want       string    // shown
		code       errs.Code // or refused
	}{
		{"plain", "Playing Night by The Band", "Playing Night by The Band", ""},
		{"a tab within", " \n x\ty \u00a0", "", errs.Malformed},
		{"trimmed", " \n x y \u00a0", "x y", ""},
		{"empty", "", presence.Idle, ""},
		{"blank", " \t\r\n", presence.Idle, ""},
		{"as long as can be", strings.Repeat("é", 200), strings.Repeat("é", 200), ""},
		{"long before it is trimmed", "x" + strings.Repeat(" ", 300), "x", ""},
		{"too long", strings.Repeat("é", 201), "", errs.TooLong},
		{"a line", "a\nb", "", errs.Malformed},
		{"NUL", "a\x00b", "", errs.Malformed},
		{"escape", "\x1b[31m", "", errs.Malformed},
		{"not UTF-8", "a\xff", "", errs.Malformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				r.join(one)
				r.do(one, "before")
				err := r.SetActivity(t.Context(), actor(one), tt.text)
				_, announced := r.Announce(t.Context(), actor(one), tt.text)
				if tt.code == "" {
					check(t, err)
					check(t, announced)
					r.wants("1 arrived", "1 does before", "1 does "+tt.want)
					return
				}
				for _, err := range []error{err, announced} {
					var e *errs.Error
					if !errors.As(err, &e) || e.Kind != errs.Invalid || e.Fields[0].Name != "activity" || e.Fields[0].Code != tt.code {
						t.Errorf("error %v, want activity %s", err, tt.code)
					}
				}
				r.sees(one, "1 before")
			})
		})
	}
}

func TestSince(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		start := time.Now()
		since := func(want float64) {
			t.Helper()
			e := must(r.Online(t.Context(), actor(two)))(t)[0]
			if got := e.Since.Sub(start).Seconds(); got != want || e.ExternalID != "user_1" {
				t.Errorf("%+v since %v s, want %v s", e, got, want)
			}
		}
		pass(1)
		r.join(one)
		pass(1)
		since(1)
		r.do(one, "x")
		pass(1)
		r.do(one, " x ")
		since(2)
		r.do(one, "")
		since(3)
	})
}

func TestStrangers(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		_, online := r.Online(t.Context(), account.Actor{})
		_, announced := r.Announce(t.Context(), account.Actor{}, "x")
		for _, err := range []error{
			online, announced, r.SetActivity(t.Context(), account.Actor{}, "x"), r.SetAudience(t.Context(), account.Actor{}, account.Nobody),
		} {
			wantKind(t, err, errs.Unauthenticated)
		}
		r.wants()
	})
}
