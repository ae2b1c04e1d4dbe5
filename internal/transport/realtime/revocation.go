package realtime

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/socketio"
)

// Whether credentials still hold is looked at when accounts have changed, which
// is noticed within checkEvery, and after expireEvery for those that end by
// themselves.
const (
	checkEvery  = time.Second
	expireEvery = 30 * time.Second
)

// watchCredentials ends the sockets whose credentials have ended, until ctx
// does.
func (rt *Realtime) watchCredentials(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	seen, last := rt.c.Accounts.Revision(), time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		revision := rt.c.Accounts.Revision() // before asking, so that no change is missed
		late := time.Since(last) >= expireEvery
		if recheck := rt.recheck.Swap(false); revision == seen && !recheck && !late {
			continue
		}
		rt.people.forget(time.Now().Add(-rt.c.RecoveryWindow))
		if err := rt.dismiss(ctx); err != nil {
			rt.c.Log.WarnContext(ctx, "the credentials of sockets were not checked", "error", err)
			rt.recheck.Store(true)
			continue
		}
		seen, last = revision, time.Now()
	}
}

// dismiss disconnects the sockets whose credentials do not hold any more.
func (rt *Realtime) dismiss(ctx context.Context) error {
	sockets := map[account.Credential][]*socketio.Socket{}
	for s := range rt.sockets.Sockets() {
		c := personOf(s).credential
		sockets[c] = append(sockets[c], s)
	}
	held := make([]account.Credential, 0, len(sockets))
	for c := range sockets {
		held = append(held, c)
	}
	ended, err := rt.c.Accounts.Ended(ctx, held)
	if err != nil {
		return err
	}
	for _, c := range ended {
		for _, s := range sockets[c] {
			s.Disconnect(true)
		}
	}
	return nil
}
