package app

import (
	"os"
	"testing"
	"time"

	processes "github.com/antiphon-music/antiphon/internal/citest/process"
	"github.com/antiphon-music/antiphon/internal/config"
)

// Three nodes on one PostgreSQL are as one server: nodes are killed and stopped
// in turn, and the bus and the database are away for a while each.
//
// Before them is nginx as the guide has it, their media are on S3, and their
// clocks are five minutes apart. This is the short form; with ANTIPHON_SOAK=3m 500
// people chat for three minutes, and what is away is so for ten seconds.
func TestSoakNodes(t *testing.T) {
	engines, form, away := []string{config.BusNATS}, shortSoak, 3*time.Second
	form.duration, form.people, form.nodes = 40*time.Second, 100, 3
	if text := os.Getenv("ANTIPHON_SOAK"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			t.Fatalf("ANTIPHON_SOAK is %q: it has to be a duration such as 3m", text)
		}
		engines, away = []string{config.BusNATS, config.BusPostgres}, 10*time.Second
		form.duration, form.people, form.stay, form.talk = d, 500, 10*time.Second, 3*time.Second
	}
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			o := newOutside(t, engine)
			s := newSoak(t, o.database, form)
			s.distribute(o)
			var callers *soakCallers
			s.run(func() {
				s.openFront()
				callers = s.call()
				s.harmNodes(o, away)
			})
			callers.check()
			s.check()
		})
	}
}

// distribute sets up the servers as nodes behind a proxy.
func (s *soak) distribute(o *outside) {
	gateway := elsewhere(s.t)
	skews := [3]time.Duration{0, 5 * time.Minute, -5 * time.Minute}
	for i, v := range s.servers {
		var err error
		if v.Listen, err = processes.FreeAddress(); err != nil {
			s.t.Fatal(err)
		}
		v.Bus, v.Skew = o.bus, skews[i]
		v.Media, v.MediaKey, v.MediaSecret = gateway.Location("music", ""), gateway.Key, gateway.Secret
	}
	s.front = &soakServer{}
}

// openFront starts nginx.
func (s *soak) openFront() {
	base := startNginx(s.t, [3]string{s.servers[0].Listen, s.servers[1].Listen, s.servers[2].Listen})
	s.front.address.Store(&base)
}

// recovery is how long after an outage something may still fail.
const recovery = 15 * time.Second

// harmNodes does one thing after another to the nodes and to what they stand on.
func (s *soak) harmNodes(o *outside, away time.Duration) {
	outage := func(cut, restore func() error) func() {
		return func() {
			s.excuse(away + patience)
			if err := cut(); err != nil {
				s.t.Error(err)
			}
			<-time.After(away)
			if err := restore(); err != nil {
				s.t.Error(err)
			}
			s.excuse(recovery)
		}
	}
	harms := []func(){
		func() { s.end(s.servers[0], (*process).kill); s.serve(s.servers[0]) },
		outage(o.cut, o.restore),
		func() { s.end(s.servers[1], (*process).stop); s.serve(s.servers[1]) },
		outage(o.postgres.Kill, o.postgres.Resume),
		func() { s.end(s.servers[2], (*process).kill); s.serve(s.servers[2]) },
	}
	for _, harm := range harms {
		<-time.After(s.duration / time.Duration(len(harms)+1))
		harm()
	}
	<-time.After(s.duration / time.Duration(len(harms)+1))
}
