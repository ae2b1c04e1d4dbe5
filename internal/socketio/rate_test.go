package socketio

import (
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	const ms = time.Millisecond
	rate := Rate{PerSecond: 10, Burst: 2}
	steps := []struct {
		at   time.Duration
		want verdict
	}{
		{5000 * ms, inTime},
		{5000 * ms, inTime},
		{5000 * ms, tooMany},
		{5100 * ms, tooMany},
		{5100 * ms, tooMany}, // four are due
		{5100 * ms, flood},
		{5500 * ms, inTime},
		{5600 * ms, inTime},
		{5700 * ms, inTime},
		{9000 * ms, inTime},
		{9000 * ms, inTime},
		{9000 * ms, tooMany},
	}
	var m meter
	for i, step := range steps {
		if got := m.count(rate, step.at); got != step.want {
			t.Errorf("step %d: got %d, want %d", i, got, step.want)
		}
	}
	for range 1000 {
		if m.count(Rate{}, 0) != inTime {
			t.Fatal("no rate limits")
		}
	}
	m = 0
	if got := m.count(Rate{PerSecond: 1}, time.Hour); got != inTime {
		t.Errorf("a burst of 0 lets nothing pass: %d", got)
	}
}
