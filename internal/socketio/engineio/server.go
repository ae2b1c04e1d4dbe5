package engineio

import (
	"context"
	"runtime"
	"sync"

	"github.com/gobwas/ws"
)

// A Server holds sessions. It is an [http.Handler] for any path; sessions are
// written to while Run is running.
type Server struct {
	config   Config
	schedule *scheduler
	ping     *Frame
	buffers  sync.Pool // of *[readBuffer]byte

	// tasks counts the sessions whose receivers have not been told of their end
	// and the goroutines of websockets.
	tasks sync.WaitGroup

	mu       sync.RWMutex
	sessions map[string]*Session
	open     int // of sessions, those that have not ended
	stopped  bool
}

// NewServer returns a server without sessions.
func NewServer(c Config) *Server {
	c = c.withDefaults()
	return &Server{
		config:   c,
		schedule: newScheduler(c.Tick, c.MaxTick),
		ping:     packetFrame(string(packetPing)),
		buffers:  sync.Pool{New: func() any { return new([readBuffer]byte) }},
		sessions: make(map[string]*Session),
	}
}

// Run writes what sessions send until ctx ends. Then it refuses new sessions and
// closes all there are, as for a restart: websockets with the code 1012, polling
// with a close packet. What is queued goes out first as far as the clients take
// it within a second. Run returns nil when every receiver has been told; it is
// called once.
func (s *Server) Run(ctx context.Context) error {
	var flushers sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for range n - n/2 {
		flushers.Go(s.schedule.work)
	}
	for range n / 2 {
		flushers.Go(s.schedule.workExpress)
	}
	<-ctx.Done()
	for _, c := range s.stop() {
		c.end(ShuttingDown, farewell{polling: packetClose, code: statusServiceRestart, text: "service restart"})
	}
	s.tasks.Wait()
	s.schedule.stop()
	flushers.Wait()
	return nil
}

// statusServiceRestart is registered with IANA besides the codes of RFC 6455.
const statusServiceRestart ws.StatusCode = 1012

// Together runs do, which calls SendSoon for many sessions, and has all of that
// written in one tick.
func (s *Server) Together(do func()) { s.schedule.together(do) }

// Sessions returns how many sessions are open.
func (s *Server) Sessions() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.open
}

// enter makes a session known under its id, unless the server has stopped.
func (s *Server) enter(c *Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.sessions[c.id] = c
	s.open++
	s.tasks.Add(1)
	return true
}

// leave counts an ended session out. One that lingers can still be polled.
func (s *Server) leave(c *Session, lingers bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	if !lingers {
		delete(s.sessions, c.id)
	}
}

// remove forgets a session that lingered.
func (s *Server) remove(c *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, c.id)
}

// find returns the session with the id, or nil.
func (s *Server) find(id string) *Session {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.sessions[id]
}

// start runs f in a goroutine that Run waits for, unless the server has stopped.
func (s *Server) start(f func()) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopped {
		return false
	}
	s.tasks.Go(f)
	return true
}

// stop closes the door and returns who is inside.
func (s *Server) stop() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	all := make([]*Session, 0, len(s.sessions))
	for _, c := range s.sessions {
		all = append(all, c)
	}
	return all
}
