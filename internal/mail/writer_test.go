package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/mail"
)

func newWriter(t *testing.T) *mail.Writer {
	t.Helper()
	w, err := mail.NewWriter("music.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Every letter can be written in every language, and says what it has to.
func TestLetters(t *testing.T) {
	w := newWriter(t)
	const link = "https://music.example.org/reset-password?key=abc&uid=1"
	for _, tongue := range []string{"en", "de"} {
		for kind, linked := range map[string]bool{"verify": true, "reset": true, "invite": true, "password": false, "factor": false} {
			l := mail.Letter{Kind: kind, Language: tongue, To: "ada@example.com", ToName: "Ada <b>", Lasts: 3 * 24 * time.Hour}
			if linked {
				l.Link = link
			}
			m, err := w.Write(l)
			if err != nil {
				t.Fatal(err)
			}
			if m.To != l.To || m.ToName != l.ToName || m.Subject == "" || strings.ContainsAny(m.Subject, "\r\n") {
				t.Errorf("%s, %s: %+v", tongue, kind, m)
			}
			for _, part := range []struct{ text, name, link string }{
				{m.Text, "Ada <b>,", link}, {m.HTML, "Ada &lt;b&gt;,", strings.ReplaceAll(link, "&", "&amp;")},
			} {
				if !strings.Contains(part.text, part.name) || strings.Contains(part.text, part.link) != linked ||
					!strings.Contains(part.text, "music.example.org") || strings.Contains(part.text, "<no value>") {
					t.Errorf("%s, %s: %s", tongue, kind, part.text)
				}
			}
			days := map[string]string{"en": "3 days", "de": "3 Tage"}[tongue]
			if strings.Contains(m.Text, days) != linked {
				t.Errorf("%s, %s: it says how long the link lasts, or does not: %s", tongue, kind, m.Text)
			}
		}
	}
}

func TestLayout(t *testing.T) {
	m, err := newWriter(t).Write(mail.Letter{Kind: "reset", Link: "https://music.example.org/x", Lasts: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	want := `Hello,

somebody wishes to set a new password for your account at music.example.org. If that was you, choose one here.

https://music.example.org/x

The link works once, within one hour. Then you sign in again on all your devices.

If it was not you, do nothing: your password stays as it is.

-- 
music.example.org
`
	if m.Text != want {
		t.Errorf("%s\nwant\n%s", m.Text, want)
	}
}

func TestLanguage(t *testing.T) {
	w := newWriter(t)
	for header, want := range map[string]string{
		"": "Hello", "en": "Hello", "de": "Hallo", "de-AT": "Hallo", "fr": "Hello", "fr, de;q=0.7, en;q=0.3": "Hallo",
		"en-GB,en;q=0.9,de;q=0.8": "Hello", "*": "Hello", ";;q=": "Hello", strings.Repeat("x-", 5000): "Hello",
	} {
		m, err := w.Write(mail.Letter{Kind: "password", Language: header})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(m.Text, want) {
			t.Errorf("%.30q: %.10s, want %s", header, m.Text, want)
		}
	}
}

// A name is one line, whatever its owner made of it.
func TestName(t *testing.T) {
	m, err := newWriter(t).Write(mail.Letter{Kind: "password", ToName: " Ada\r\n\r\nBuy this "})
	if err != nil {
		t.Fatal(err)
	}
	if m.ToName != "Ada Buy this" || !strings.HasPrefix(m.Text, "Hello Ada Buy this,\n") {
		t.Errorf("%q, %s", m.ToName, m.Text)
	}
	if _, err := newWriter(t).Write(mail.Letter{Kind: "farewell"}); err == nil {
		t.Error("there are words for everything")
	}
}
