package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// A list of who is online follows what a member hears, however often and in
// whatever order, and is right when all are in it.
func TestLists(t *testing.T) {
	tests := []struct {
		name   string
		hears  []string
		online int
		right  int64
	}{
		{"nothing", nil, 0, 0},
		{"himself", []string{`2["user_connected","user_1"]`}, 1, 0},
		{"a snapshot with an offset", []string{`2["users_online",["user_1","user_2"],"user_offset"]`}, 2, 0},
		{"twice", []string{`2["user_connected","user_2"]`, `2["users_online",["user_2"]]`}, 1, 0},
		{"all", []string{`2["users_online",["user_1","user_3"]]`, `2["user_connected","user_2"]`}, 3, 1},
		{"all, then one goes", []string{`2["users_online",["user_1","user_3","user_2"]]`, `2["user_disconnected","user_2"]`}, 2, 0},
		{"one who never came goes", []string{`2["user_disconnected","user_2"]`}, 0, 0},
		{"strangers", []string{`2["users_online",["user_4","user_0","user_x"]]`, `2["activities",[["user_1","Idle"]]]`}, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLists(3)
			for _, packet := range tt.hears {
				l.hear(&member{index: 1}, []byte(packet))
			}
			if l.known[1] != tt.online || l.right.Load() != tt.right {
				t.Errorf("%d are online, %d lists are right, want %d and %d", l.known[1], l.right.Load(), tt.online, tt.right)
			}
		})
	}
}

func TestTelling(t *testing.T) {
	c := &crowd{members: make([]*member, 2)}
	c.newTelling() // the numbers of a second one begin higher
	l := c.newTelling()
	var next []int
	l.next = func(n int) { next = append(next, n) }
	l.pending.Store(1)
	for _, packet := range []string{
		`2["activity_updated",{"userId":"user_1","activity":"Playing 32768 by Bench"}]`,
		`2["activity_updated",{"userId":"user_1","activity":"Playing 16384 by Bench"}]`, // of the first
		`2["activity_updated",{"userId":"user_1","activity":"Idle"}]`,
		`2["user_connected","user_1"]`,
		`2["activity_updated",{"activity":"Playing 32768 by Bench","userId":"user_1"},"offset"]`,
	} {
		l.hear(nil, []byte(packet))
	}
	if l.deliveries.Load() != 2 || len(next) != 1 || next[0] != 0 || l.ended.IsZero() {
		t.Errorf("%d deliveries, next %v", l.deliveries.Load(), next)
	}
	if err := l.finish(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMail(t *testing.T) {
	l := &mail{begun: time.Now().Add(-time.Hour)}
	l.hear(nil, []byte(`2["receive_message",{"senderId":"user_2","content":"60000000000 ns after we began","__v":0}]`))
	if len(l.delays) != 1 || l.delays[0].Round(time.Minute) != 59*time.Minute {
		t.Errorf("the delays are %v", l.delays)
	}
	l.hear(nil, []byte(`2["message_sent",{"content":"1"}]`))
	l.hear(nil, []byte(`31[{"ok":false,"error":"too much"}]`))
	if len(l.delays) != 1 || l.wrong == nil || !strings.Contains(l.wrong.Error(), "too much") {
		t.Errorf("%d delays, %v", len(l.delays), l.wrong)
	}
}

func TestWaitFor(t *testing.T) {
	if err := waitFor(t.Context(), time.Minute, func() bool { return true }); err != nil {
		t.Error(err)
	}
	if err := waitFor(t.Context(), 0, func() bool { return false }); err == nil {
		t.Error("waited for nothing")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := waitFor(ctx, time.Minute, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 10_050: "10,050", 1_000_007: "1,000,007"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// Every seeded user has a key.
func TestSeedKeys(t *testing.T) {
	d := dataset{albums: 1, users: 600, messages: readerPartners * conversationMessages}
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := storetest.URL(t, engine)
			if err := seed(t.Context(), url, d); err != nil {
				t.Fatal(err)
			}
			if err := seedKeys(t.Context(), url, d.users); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(t.Context(), store.Config{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			for _, n := range []int{1, 500, 501, 600} {
				tokens, err := s.TokensByHash(t.Context(), []string{hashOf(keyOf(n))})
				if err != nil || len(tokens) != 1 || tokens[0].User.ID != int64(n) {
					t.Errorf("the key of user %d is that of %v: %v", n, tokens, err)
				}
			}
		})
	}
}
