package app

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// footprint is what a server takes of its machine.
type footprint struct {
	goroutines int
	memory     int // resident, in bytes
}

// How far the footprint of a server that everybody has left may be above that
// of a new one. Connections that leaked would show: each takes a goroutine. The
// memory is what Go keeps of its peak, what is kept for clients to recover
// their sessions, and caches.
const (
	spareGoroutines = 50
	spareMemory     = 192 << 20
)

// checkFootprint waits for the server to become small again.
func (s *soak) checkFootprint() {
	var f footprint
	fresh := s.servers[0].fresh
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		f = s.footprint(s.base())
		if f.goroutines <= fresh.goroutines+spareGoroutines && f.memory <= fresh.memory+spareMemory {
			break
		}
		if time.Now().After(deadline) {
			s.t.Errorf("everybody is gone, and the server has %d goroutines and %d MiB; before they came it had %d and %d MiB",
				f.goroutines, f.memory>>20, fresh.goroutines, fresh.memory>>20)
			break
		}
	}
	s.t.Logf("goroutines: %d before, %d after; memory: %d MiB before, %d MiB after",
		fresh.goroutines, f.goroutines, fresh.memory>>20, f.memory>>20)
}

func (s *soak) footprint(base string) (f footprint) {
	s.t.Helper()
	for line := range strings.Lines(string(s.get(base+"/metrics", s.admin))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, _ := strconv.ParseFloat(value, 64) // comments have none
		switch name {
		case "go_goroutines":
			f.goroutines = int(n)
		case "process_resident_memory_bytes":
			f.memory = int(n)
		}
	}
	if f.goroutines == 0 {
		s.t.Fatal("the metrics have no goroutines")
	}
	return f
}

// checkPresence waits until every server knows who is there, and nobody else: the
// grace of those who have left has to pass.
func (s *soak) checkPresence() {
	began := s.clock()
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		wrong := s.wrongPresence()
		if wrong == "" {
			s.t.Logf("presence: right on all servers %s after the last has settled", s.clock()-began)
			return
		}
		if time.Now().After(deadline) {
			s.t.Error(wrong)
			return
		}
	}
}

// wrongPresence says what the first server that is wrong thinks; "" for none.
func (s *soak) wrongPresence() string {
	there := map[string]bool{}
	for _, c := range s.people {
		if l := c.stays.Load(); l != nil && l.isOpen() {
			there[c.name] = true
		}
	}
	for i, v := range s.servers {
		var online []struct{ Person struct{ ID string } }
		if err := json.Unmarshal(s.get(*v.address.Load()+"/web/api/presence", s.admin), &online); err != nil {
			return err.Error()
		}
		known := map[string]bool{}
		for _, p := range online {
			known[p.Person.ID] = true
		}
		if !maps.Equal(known, there) {
			return fmt.Sprintf("server %d knows of %d who are there, and there are %d", i, len(known), len(there))
		}
	}
	return ""
}

// checkHistory compares what was sent with what the history has.
func (s *soak) checkHistory() {
	work := make(chan [2]*soaker)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for pair := range work {
				s.checkConversation(pair[0], pair[1])
			}
		})
	}
	for _, c := range s.people {
		for _, other := range c.correspondents()[:3] { // the further two come to c
			work <- [2]*soaker{c, s.people[other]}
		}
	}
	close(work)
	workers.Wait()
	sent, acked := 0, 0
	for _, c := range s.people {
		for to, mails := range c.sent {
			for n, m := range mails {
				sent++
				if m.acked == 0 {
					continue
				}
				acked++
				if m.place == 0 {
					s.fail("message %v was acknowledged, and the history does not have it", address{c.number, to, n})
				}
			}
		}
	}
	s.t.Logf("messages: %d sent, %d acknowledged", sent, acked)
	if acked < sent/2 {
		s.t.Errorf("of %d messages only %d were acknowledged", sent, acked)
	}
}

// checkConversation reads what two wrote to each other, and notes the places.
func (s *soak) checkConversation(a, b *soaker) {
	var history []soakMessage
	if err := json.Unmarshal(s.get(s.base()+"/api/users/messages/"+b.name, a.key), &history); err != nil {
		s.fail("the history of clients %d and %d: %v", a.number, b.number, err)
		return
	}
	type way struct{ from, to int }
	lastAcked, lastOf := map[way]int{}, map[*line]map[way]int{}
	for i, m := range history {
		at, ok := s.mailOf("history", m)
		if !ok {
			continue
		}
		mails := s.people[at.from].sent[at.to]
		if at.n >= len(mails) {
			s.fail("the history has message %v, which was never sent", at)
			continue
		}
		m := mails[at.n]
		if m.place != 0 {
			s.fail("the history has message %v twice", at)
		}
		m.place = i + 1
		w := way{at.from, at.to}
		if lastOf[m.line] == nil {
			lastOf[m.line] = map[way]int{}
		}
		if last, ok := lastOf[m.line][w]; ok && last > at.n {
			s.fail("the history has message %v after number %d, of the same connection", at, last)
		}
		lastOf[m.line][w] = at.n
		// One that was never acknowledged may have come late, over a connection
		// that its sender had given up.
		if m.acked == 0 {
			continue
		}
		if last, ok := lastAcked[w]; ok && last > at.n {
			s.fail("the history has message %v after number %d, which was sent later", at, last)
		}
		lastAcked[w] = at.n
	}
}

// checkDeliveries looks at what came over the connections.
func (s *soak) checkDeliveries() {
	var total deliveries
	for _, c := range s.people {
		total.add(c.checkDeliveries())
	}
	s.t.Logf("connections: %d, of which %d asked for their former session and %d got it", total.lines, total.asked, total.recovered)
	s.t.Logf("deliveries: %d, of which %d had to be", total.got, total.due)
	if total.recovered < total.asked/2 || total.due < total.got/4 {
		s.t.Error("this is too little to say anything")
	}
}

// deliveries counts.
type deliveries struct{ lines, asked, recovered, got, due int }

func (d *deliveries) add(e deliveries) {
	d.lines += e.lines
	d.asked += e.asked
	d.recovered += e.recovered
	d.got += e.got
	d.due += e.due
}

// A session is one connection, or several of which each goes on with the
// session of the one before.
type session struct {
	begun, proven time.Duration
	got           map[address]bool
}

// checkDeliveries looks at what one client received.
func (c *soaker) checkDeliveries() (d deliveries) {
	ever := map[address]bool{}
	var sessions []*session
	last := map[int]int{} // places of what came last in the session, by sender
	for _, l := range c.lines {
		d.lines++
		if l.asked {
			d.asked++
		}
		if l.recovered {
			d.recovered++
		}
		if !l.recovered || len(sessions) == 0 {
			sessions = append(sessions, &session{begun: l.begun, got: map[address]bool{}})
			clear(last)
		}
		now := sessions[len(sessions)-1]
		now.proven = max(now.proven, l.proven)
		for _, a := range l.got {
			d.got++
			place := c.s.placeOf(a)
			switch {
			case ever[a]:
				c.s.fail("client %d received message %v twice", c.number, a)
			case place == 0:
				c.s.fail("client %d received message %v, and the history does not have it", c.number, a)
			case place < last[a.from]:
				c.s.fail("client %d received message %v too late: it is before another one in the history", c.number, a)
			}
			ever[a], now.got[a] = true, true
			last[a.from] = place
		}
	}
	for _, from := range c.correspondents() {
		for n, m := range c.s.people[from].sent[c.number] {
			if m.acked == 0 {
				continue
			}
			for _, during := range sessions {
				if m.begun < during.begun || m.acked > during.proven {
					continue
				}
				d.due++
				if a := (address{from, c.number, n}); !during.got[a] {
					c.s.fail("client %d did not receive message %v: it was sent after %s and acknowledged after %s, and he was there from %s to %s",
						c.number, a, m.begun, m.acked, during.begun, during.proven)
				}
			}
		}
	}
	return d
}

// placeOf returns where in the history of its conversation a mail is, from 1;
// 0 if it is not there.
func (s *soak) placeOf(a address) int {
	mails := s.people[a.from].sent[a.to]
	if a.n >= len(mails) {
		return 0
	}
	return mails[a.n].place
}

// get returns what a GET answers.
func (s *soak) get(url, key string) []byte {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		s.t.Error(err)
		return nil
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := httpClient.Do(req)
	if err != nil {
		s.t.Error(err)
		return nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Errorf("%s answered %d, %v: %.200s", url, resp.StatusCode, err, body)
	}
	return body
}
