package app

import "testing"

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
