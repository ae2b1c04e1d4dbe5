package config

import "testing"

func TestHome(t *testing.T) {
	for _, tt := range []struct{ public, listen, want string }{
		{"https://music.example.org/", "127.0.0.1:8080", "https://music.example.org"},
		{"", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"", ":8080", "http://localhost:8080"},
		{"", "0.0.0.0:80", "http://localhost:80"},
		{"", "[::]:80", "http://localhost:80"},
		{"", "[::1]:80", "http://[::1]:80"},
		{"", "music:http", "http://music:http"},
	} {
		c := Config{PublicURL: tt.public, Listen: tt.listen}
		if got := c.Home(); got != tt.want {
			t.Errorf("%q, %q: %s, want %s", tt.public, tt.listen, got, tt.want)
		}
	}
}
