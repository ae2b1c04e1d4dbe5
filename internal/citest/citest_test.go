package citest_test

import (
	"runtime"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
)

// ending notes how a test was ended.
type ending struct {
	testing.TB
	how string
}

func (e *ending) Helper()      {}
func (e *ending) Fatal(...any) { e.how = "failed"; runtime.Goexit() }
func (e *ending) Skip(...any)  { e.how = "skipped"; runtime.Goexit() }

func TestMissing(t *testing.T) {
	for ci, want := range map[string]string{"true": "failed", "": "skipped", "false": "skipped"} {
		t.Setenv("CI", ci)
		e := &ending{TB: t}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			citest.Missing(e, "something is missing")
		}()
		<-ended
		if e.how != want {
			t.Errorf("with CI=%q it %s, want it %s", ci, e.how, want)
		}
	}
}
