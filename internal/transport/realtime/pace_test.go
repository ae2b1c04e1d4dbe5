package realtime

import (
	"testing"
	"time"
)

func TestDebt(t *testing.T) {
	var d debt
	now := time.Now()
	for _, tt := range []struct {
		after      time.Duration
		deliveries int
		wait       time.Duration
	}{
		{0, deliveriesAtOnce, 0},
		{0, deliveriesPerSecond, time.Second},
		{0, deliveriesPerSecond, 2 * time.Second},
		{2 * time.Second, 0, 0},
		{time.Second, deliveriesPerSecond, 0},
		{time.Second, 3 * deliveriesPerSecond, 2 * time.Second},
		{time.Hour, deliveriesAtOnce + 1, 4 * time.Microsecond}, // nothing is saved up
	} {
		now = now.Add(tt.after)
		if wait := d.add(now, tt.deliveries); max(wait, 0) != tt.wait {
			t.Fatalf("%d deliveries %v later wait %v, want %v", tt.deliveries, tt.after, wait, tt.wait)
		}
	}
}
