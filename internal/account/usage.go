package account

import (
	"context"
	"sync"
	"time"
)

// usageEvery is how often the use of tokens is written down.
const usageEvery = time.Minute

// usage collects which tokens were used, so that no request waits for the
// write.
type usage struct {
	mu   sync.Mutex
	used map[int64]struct{}
}

func newUsage() *usage { return &usage{used: map[int64]struct{}{}} }

func (u *usage) note(tokenID int64) {
	u.mu.Lock()
	u.used[tokenID] = struct{}{}
	u.mu.Unlock()
}

func (u *usage) take() []int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	ids := make([]int64, 0, len(u.used))
	for id := range u.used {
		ids = append(ids, id)
	}
	clear(u.used)
	return ids
}

// RunUsage writes down once a minute when tokens were last used, until ctx
// ends; then it writes what is left.
func (s *Service) RunUsage(ctx context.Context) error {
	tick := time.NewTicker(usageEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.recordUsage(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			s.recordUsage(last)
			return nil
		}
	}
}

func (s *Service) recordUsage(ctx context.Context) {
	ids := s.usage.take()
	if len(ids) == 0 {
		return
	}
	if err := s.store.TouchTokens(ctx, ids, s.now()); err != nil {
		s.log.WarnContext(ctx, "the last use of tokens was not recorded", "tokens", len(ids), "error", err)
	}
}

// ExpireSessions removes the sessions that have ended and returns how many
// they were.
func (s *Service) ExpireSessions(ctx context.Context) (int, error) {
	return s.store.DeleteExpiredSessions(ctx, s.now())
}
