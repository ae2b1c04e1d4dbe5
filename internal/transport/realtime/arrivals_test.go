package realtime

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestGathering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var served [][]int
		var takes time.Duration
		g := gathering[int]{serve: func(batch []int) {
			mu.Lock()
			served = append(served, batch)
			d := takes
			mu.Unlock()
			time.Sleep(d)
		}}
		want := func(what string, batches ...[]int) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if !slices.EqualFunc(served, batches, slices.Equal) {
				t.Errorf("%s: served %v, want %v", what, served, batches)
			}
			served = nil
		}
		g.add(1)
		want("the first", []int{1})
		g.add(2)
		g.add(3)
		want("within the tick")
		time.Sleep(gatherAtLeast)
		want("after it", []int{2, 3})
		time.Sleep(gatherAtLeast)
		mu.Lock()
		takes = time.Second
		mu.Unlock()
		g.add(4)
		want("after a quiet while", []int{4})
		g.add(5)
		time.Sleep(2*time.Second - time.Millisecond)
		want("while serving takes long, and as long again")
		time.Sleep(time.Millisecond)
		want("then", []int{5})
		time.Sleep(time.Minute)
	})
}
