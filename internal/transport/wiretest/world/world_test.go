package world

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audio"
	"github.com/antiphon-music/antiphon/internal/media/picture"
)

// A fixture that is not what it is said to be would make a dialect look wrong.
func TestFixtures(t *testing.T) {
	images := []string{"cover.png", "img.jpg", "img.gif", "img.bmp", "img.tiff", "img.webp"}
	for name, content := range Fixtures() {
		r, size := bytes.NewReader(content), int64(len(content))
		_, err := picture.Check(r, size, MaxPixels)
		if want := slices.Contains(images, name); (err == nil) != want {
			t.Errorf("%s as an image: %v", name, err)
		}
		_, err = audio.Probe(r, size)
		if want := name == "track.mp3"; (err == nil) != want {
			t.Errorf("%s as audio: %v", name, err)
		}
	}
}

func TestNew(t *testing.T) {
	w := New(t, "sqlite")
	u, key := w.AddUser(t, "admin@example.com", "Admin", true)
	actor, err := w.Accounts.AuthenticateToken(context.Background(), key)
	if err != nil || actor.User.ID != u.ID || !actor.Admin() || actor.Via != account.ViaToken {
		t.Errorf("%+v, %v", actor, err)
	}
	if n := w.Staged(t); n != 0 {
		t.Errorf("%d uploads on the stage", n)
	}
}
