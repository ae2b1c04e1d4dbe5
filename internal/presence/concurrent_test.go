package presence_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// Whoever has been welcomed and then follows the changes knows what the service
// knows, whatever many do at once.
func TestConcurrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const users, workers, steps = 20, 8, 400
		s := presence.NewService(presence.Config{Now: time.Now, Grace: time.Millisecond})
		known := map[int64]string{} // guarded by the service's lock, under which all of this is called
		s.Changes.Subscribe(func(c presence.Change) {
			activity, online := known[c.UserID]
			switch {
			case c.Kind == presence.Arrived && online, c.Kind != presence.Arrived && !online,
				c.Kind == presence.ActivityChanged && activity == c.Activity:
				t.Errorf("%s, who did %q (%v)", words(c), activity, online)
			}
			if known[c.UserID] = c.Activity; c.Kind == presence.Left {
				delete(known, c.UserID)
			}
		})
		compare := func(v presence.View) {
			seen := map[int64]string{}
			for e := range v.Public() {
				seen[e.UserID] = e.Activity
			}
			if !maps.Equal(seen, known) {
				t.Errorf("the view is %v, published was %v", seen, known)
			}
		}

		var all sync.WaitGroup
		for w := range workers {
			all.Go(func() {
				random := rand.New(rand.NewPCG(1, uint64(w)))
				joined := map[int64]int{}
				for range steps {
					u := user(random.Int64N(users))
					switch random.IntN(9) {
					case 0, 1, 2:
						check(t, s.Join(t.Context(), []account.User{u, u}, compare))
						joined[u.ID] += 2
					case 3, 4, 5:
						if joined[u.ID] > 0 {
							joined[u.ID]--
							s.Leave(u.ID)
						}
					case 6:
						must(s.Announce(t.Context(), actor(u), fmt.Sprint(random.IntN(3))))(t)
					case 7:
						time.Sleep(time.Millisecond)
					default:
						check(t, s.SetActivity(t.Context(), actor(u), fmt.Sprint(random.IntN(3))))
					}
				}
				for id, n := range joined {
					for range n {
						s.Leave(id)
					}
				}
			})
		}
		all.Wait()
		check(t, s.Join(t.Context(), nil, compare))
		// Every connection that was counted has ended, so that everybody leaves.
		pass(presence.Lease.Seconds())
		if list := must(s.Online(t.Context(), actor(one)))(t); len(list) > 0 || len(known) > 0 {
			t.Errorf("online are %v, published were %v", list, slices.Collect(maps.Keys(known)))
		}
	})
}

// BenchmarkJoin admits 5,000 users one by one, each of whom looks at everybody
// who is there: 12.5 million entries in all.
func BenchmarkJoin(b *testing.B) {
	const users = 5000
	for _, tt := range []struct {
		name string
		busy bool // each arrival is followed by a change of activity
	}{{"storm", false}, {"busy", true}} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s := presence.NewService(presence.Config{Now: time.Now})
				for id := range int64(users) {
					seen := int64(0)
					check(b, s.Join(b.Context(), []account.User{user(id)}, func(v presence.View) {
						for range v.Public() {
							seen++
						}
						if v.SeesMore(id) {
							seen++
						}
					}))
					if seen != id+1 {
						b.Fatalf("%d entries for user %d", seen, id)
					}
					if tt.busy {
						check(b, s.SetActivity(b.Context(), actor(user(id)), "Playing"))
					}
				}
			}
		})
	}
}
