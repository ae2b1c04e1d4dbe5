package realtime

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
)

// What one session may have the server send: entries of lists to itself, and
// news to others. A short event costs as much as there are users, which the
// bound on events does not see.
const (
	deliveriesPerSecond = 250_000
	deliveriesAtOnce    = 2_500_000
)

// A debt is until when a session has used up what it may have delivered. It
// belongs to the goroutine that calls the session's handlers.
type debt struct{ until time.Time }

// add counts deliveries and returns how long they have to wait.
func (d *debt) add(now time.Time, deliveries int) time.Duration {
	const each = time.Second / deliveriesPerSecond
	if d.until.Before(now) {
		d.until = now
	}
	d.until = d.until.Add(time.Duration(deliveries) * each)
	return d.until.Sub(now) - deliveriesAtOnce*each
}

// pace holds up a socket's session whose events cost too many deliveries: the
// next of them are read only then.
func (rt *Realtime) pace(s *socketio.Socket, deliveries int) {
	wait := s.Origin().(*visitor).debt.add(time.Now(), deliveries)
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-rt.ctx.Done():
	}
}
