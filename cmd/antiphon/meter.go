package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// meter shows how far a long command is: a bar with its rate and the time that
// remains on a terminal, a line now and then elsewhere.
type meter struct {
	terminal bool
	bar      *progressbar.ProgressBar
	what     string
	said     time.Time
}

func newMeter() *meter {
	return &meter{terminal: term.IsTerminal(int(os.Stderr.Fd())), said: time.Now()}
}

// show says that so many of all of something are done; total is -1 if nobody
// knows how many there are.
func (m *meter) show(what string, done, total int64) {
	if m.terminal {
		m.draw(what, done, total)
		return
	}
	if time.Since(m.said) < progressEvery {
		return
	}
	m.said = time.Now()
	if total >= 0 {
		fmt.Fprintf(os.Stderr, "%s: %d of %d\n", what, done, total)
	} else {
		fmt.Fprintf(os.Stderr, "%s: %d\n", what, done)
	}
}

func (m *meter) draw(what string, done, total int64) {
	if m.what != what {
		m.end()
		m.what = what
		m.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	if total >= 0 && done > total { // it was about so many
		m.bar.ChangeMax64(done)
	}
	_ = m.bar.Set64(done) // a terminal that has gone is no reason to stop
}

// end leaves the bar as it is.
func (m *meter) end() {
	if m.bar != nil {
		fmt.Fprintln(os.Stderr)
	}
	m.bar = nil
}

// importing shows the progress of an import.
func (m *meter) importing(p transfer.Progress) {
	m.show(p.Phase.String()+" "+p.Kind.String(), p.Done, p.Total)
}
