package app

import (
	"runtime"
	"testing"
)

func TestGarbagePercent(t *testing.T) {
	for inUse, want := range map[uint64]int{
		0: 400, 1 << 20: 400, 10 << 20: 400, 20 << 20: 200, 40 << 20: 100, 80 << 20: 50, 1 << 30: 50,
	} {
		if got := garbagePercent(inUse); got != want {
			t.Errorf("with %d bytes in use: %d percent, want %d", inUse, got, want)
		}
	}
}

// The names of the metrics are strings that only the runtime knows.
func TestMemoryKeeperReadsItsMetrics(t *testing.T) {
	k := newMemoryKeeper()
	k.look()
	k.look()
	if k.allocated == 0 || k.percent == 0 {
		t.Errorf("allocated %d, percent %d", k.allocated, k.percent)
	}
}

// What was kept for a while after a burst goes back as well, though nothing is
// allocated any more; and what cannot go back is not tried for again and again.
func TestMemoryKeeperReturnsWhatWasKept(t *testing.T) {
	const size = 64 << 20
	held := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapSys - m.HeapReleased
	}
	k := newMemoryKeeper()
	kept, burst := make([]byte, size), make([]byte, size)
	for i := 0; i < size; i += 1 << 12 { // a page, so that the system has to give it
		kept[i], burst[i] = 1, 1
	}
	runtime.KeepAlive(burst)
	k.look()
	runtime.GC()
	k.look() // it is quiet
	if k.returned.allocated == 0 {
		t.Fatal("what the burst has left is not returned")
	}
	before := held()
	runtime.KeepAlive(kept)
	runtime.GC() // in a program that allocates nothing this takes its time
	k.look()
	if after := held(); before < after || before-after < size/2 {
		t.Errorf("%d MiB are held, %d MiB before", after>>20, before>>20)
	}
	returned := k.returned
	for range 3 {
		k.look()
	}
	if k.returned != returned {
		t.Error("it collects though nothing has happened")
	}
}
