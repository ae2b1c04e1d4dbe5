package socketio

import "time"

// Rate is how many events (and CONNECT packets) a connection may send: Burst at
// once, PerSecond in the long run. What is over it is given to the OnFlood
// handler instead of its own, and counts all the same: who goes on until he is
// Burst events over it is disconnected.
type Rate struct {
	PerSecond float64 // 0: no limit
	Burst     int     // at least 1
}

// verdict is what becomes of an event under a Rate.
type verdict int

const (
	inTime  verdict = iota // to be handled
	tooMany                // over the rate
	flood                  // so far over it that the connection is to be closed
)

// meter measures one connection by a Rate, without a timer: it is the time at
// which the bucket will be empty again, as in the generic cell rate algorithm
// (ITU-T I.371).
type meter time.Duration

// count counts one event at the time now.
func (m *meter) count(r Rate, now time.Duration) verdict {
	if r.PerSecond <= 0 {
		return inTime
	}
	drop := time.Duration(float64(time.Second) / r.PerSecond)
	*m = max(*m, meter(now)) + meter(drop)
	level := time.Duration(*m) - now
	switch burst := time.Duration(max(r.Burst, 1)) * drop; {
	case level <= burst:
		return inTime
	case level <= 2*burst:
		return tooMany
	}
	return flood
}
