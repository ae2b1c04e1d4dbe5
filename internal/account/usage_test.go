package account_test

import (
	"context"
	"testing"
	"time"
)

// The use of tokens is written down when the server ends, at the latest.
func TestRunUsage(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	u := h.join(t, "alice@example.com")
	alice, _ := h.enter(t, u)
	must(h.IssueToken(ctx, u.ID, "never used"))(t)
	lastUsed := func(i int) time.Time {
		t.Helper()
		return must(h.Tokens(t.Context(), alice))(t)[i].LastUsed
	}
	if !lastUsed(0).IsZero() || !lastUsed(1).IsZero() {
		t.Error("written down before its time")
	}
	before := h.Clock.Now()
	cancel()
	check(t, h.RunUsage(ctx))
	if !lastUsed(0).IsZero() || !lastUsed(1).After(before) {
		t.Errorf("last used %v and %v, want never and after %v", lastUsed(0), lastUsed(1), before)
	}
	at := lastUsed(1)
	check(t, h.RunUsage(ctx))
	equal(t, "last used", lastUsed(1), at) // not used again
}
