package realtime

import (
	"testing"
	"time"
)

func TestDirectory(t *testing.T) {
	d := newDirectory()
	here := func(what string, want bool) {
		t.Helper()
		if d.anyHere(7, 1) != want {
			t.Errorf("%s: here is %v", what, !want)
		}
	}
	here("at first", false)
	d.enter(1, "user_1")
	d.enter(1, "user_1")
	d.leave(1)
	d.forget(time.Now().Add(time.Hour))
	here("with one socket left", true)
	d.leave(1)
	here("a moment after the last", true)
	d.forget(time.Now().Add(-time.Hour))
	here("not for long enough", true)
	d.forget(time.Now().Add(time.Hour))
	here("later", false)
	d.leave(1) // of nobody

	d.note(2, "user_2")
	if names, unknown := d.names([]int64{2, 3, 1}); names[0] != "user_2" || names[1] != "" || names[2] != "user_1" || len(unknown) != 1 || unknown[0] != 3 {
		t.Errorf("names %q, unknown %v", names, unknown)
	}
	for id := range int64(directorySize) {
		d.note(10+id, "x")
	}
	if len(d.ids) > directorySize {
		t.Errorf("%d names are kept", len(d.ids))
	}
}
