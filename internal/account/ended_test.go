package account_test

import (
	"slices"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestEnded(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	ann, bob := h.join(t, "ann@example.com"), h.join(t, "bob@example.com")
	byToken, _ := h.enter(t, ann)
	revoked, _ := h.enter(t, ann)
	his, _ := h.enter(t, bob)
	session, _ := must2(h.OpenSession(ctx, ann.ID, "browser"))(t)
	bySession := account.Credential{Via: account.ViaSession, ID: session.ID}
	held := []account.Credential{
		byToken.Credential(), revoked.Credential(), his.Credential(), bySession,
		account.Operator().Credential(), {}, {Via: account.ViaToken, ID: 99},
	}
	want := func(what string, want ...account.Credential) {
		t.Helper()
		if got := must(h.Ended(ctx, held))(t); !slices.Equal(got, want) {
			t.Errorf("%s: %v ended, want %v", what, got, want)
		}
	}
	nobody := held[5:]
	want("at first", nobody...)
	check(t, h.RevokeToken(ctx, byToken, revoked.CredentialID))
	want("after a revocation", append([]account.Credential{revoked.Credential()}, nobody...)...)
	check(t, h.SetActive(ctx, account.Operator(), bob.ID, false))
	want("when Bob is shut out", append([]account.Credential{revoked.Credential(), his.Credential()}, nobody...)...)
	h.Clock.Set(session.Expires.Add(time.Second))
	want("when the session is over", append([]account.Credential{revoked.Credential(), his.Credential(), bySession}, nobody...)...)
	if got := must(h.Ended(ctx, nil))(t); len(got) != 0 {
		t.Errorf("of none, %v ended", got)
	}
}

// What another process has ended is not remembered once it was noticed.
func TestEndedElsewhere(t *testing.T) {
	h := newHouse(t)
	ann := h.join(t, "ann@example.com")
	actor, key := h.enter(t, ann)
	other := newService(t, h.World)
	check(t, other.SetActive(t.Context(), account.Operator(), ann.ID, false))
	if got := must(h.Ended(t.Context(), []account.Credential{actor.Credential()}))(t); len(got) != 1 {
		t.Fatalf("%v ended", got)
	}
	_, err := h.AuthenticateToken(t.Context(), key)
	wantKind(t, err, errs.Unauthenticated)
}
