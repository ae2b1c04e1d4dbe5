package app

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// soakCallers use REST by way of the proxy while the others chat: they read,
// upload songs slowly, and write messages to themselves.
type soakCallers struct {
	s       *soak
	writer  *crash
	working sync.WaitGroup
	answers atomic.Int64 // to who reads
}

// readPaths are of all dialects, some answered from memory.
var readPaths = []string{
	"/api/albums", "/api/songs/?page_size=50", "/api/auth/user/", "/web/api/session", "/api/messages/?page_size=5", "/api/users/", "/readyz",
}

// call lets the callers loose; they stop when all is over.
func (s *soak) call() *soakCallers {
	writer := newWriter(s.t, s.adminID, s.admin)
	writer.pace, writer.excuse = 50*time.Millisecond, s.allows
	c := &soakCallers{s: s, writer: writer}
	base := *s.front.address.Load()
	again := func(do func()) {
		c.working.Go(func() {
			for {
				select {
				case <-s.over:
					return
				case <-time.After(100 * time.Millisecond):
					do()
				}
			}
		})
	}
	for range 3 {
		again(func() { writer.upload(base) })
		again(func() { writer.message(base) })
	}
	for _, path := range readPaths {
		again(func() { c.get(base + path) })
	}
	return c
}

// get asks for something, which has to be there.
func (c *soakCallers) get(url string) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		c.s.t.Error(err)
		return
	}
	req.Header.Set("Authorization", "Token "+c.writer.key)
	answer, err := httpClient.Do(req)
	if err != nil {
		if !c.s.isShaken() {
			c.s.fail("%s: %v", url, err)
		}
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case answer.StatusCode != http.StatusOK && !c.s.allows(answer):
		c.s.fail("%s answered %d after %s: %.200s", url, answer.StatusCode, c.s.clock(), body)
	case err != nil && !c.s.isShaken():
		c.s.fail("%s ended in the middle after %s: %v", url, c.s.clock(), err)
	case answer.StatusCode == http.StatusOK && err == nil:
		c.answers.Add(1)
	}
}

// check compares what was acknowledged with what is there.
func (c *soakCallers) check() {
	c.working.Wait()
	base := *c.s.front.address.Load()
	c.writer.checkSongs(base)
	c.writer.checkMessages(base)
	songs, texts, answers := len(c.writer.songsAcked), len(c.writer.textsAcked), c.answers.Load()
	c.s.t.Logf("REST: %d songs and %d messages acknowledged, %d answers", songs, texts, answers)
	if seconds := int(c.s.duration.Seconds()); songs < seconds/4 || texts < seconds || answers < int64(seconds) {
		c.s.t.Error("this is too little to say anything")
	}
}

// aftermath is how long after a server has come or ended a request may fail by it:
// it was about to answer, or the proxy has not noticed yet.
const aftermath = 5 * time.Second

// isShaken reports whether a request may fail now: something is away, or a server
// has just come or ended.
func (s *soak) isShaken() bool {
	return s.isExcused() || s.clock() < time.Duration(s.shaken.Load())+aftermath
}

// allows reports whether an answer may be no success: a 503 that says when to come
// back.
func (s *soak) allows(answer *http.Response) bool {
	return s.isShaken() && answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != ""
}
