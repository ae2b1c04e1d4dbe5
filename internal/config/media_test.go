package config

import (
	"strings"
	"testing"
)

func TestPublicMedia(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"https://cdn.example.org":      "https://cdn.example.org",
		"https://cdn.example.org///":   "https://cdn.example.org",
		"http://10.0.0.1:8081/music/":  "http://10.0.0.1:8081/music",
		"https://[2001:db8::1]:444/a.": "https://[2001:db8::1]:444/a.",
	} {
		c := valid()
		c.MediaPublicURL = text
		if got, err := c.PublicMedia(); err != nil || got != want || c.Validate() != nil {
			t.Errorf("%q is %q, %v, %v", text, got, err, c.Validate())
		}
	}
	for _, text := range []string{
		"cdn.example.org", "//cdn.example.org", "/media", "ftp://cdn.example", "https://", "https://:81", "https:///media",
		"https://cdn.example?a", "https://cdn.example?", "https://cdn.example#b", "https://me:secret@cdn.example", "https://cdn.example/a//b",
		"https://cdn.example/../b", "https://cdn.example/a b", "https://cdn.example;x", "https://cdn.example,x", `https://cdn.example/"`,
		"https://cdn.example/'", "https://cdn.example/%2e", "https://c\u00e4n.example", "https://*.example",
	} {
		c := valid()
		c.MediaPublicURL = text
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "media-public-url") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
