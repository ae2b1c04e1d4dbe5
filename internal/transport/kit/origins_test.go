package kit

import "testing"

func TestAllowed(t *testing.T) {
	origins := Origins{"http://localhost:3000", "https://app.example.org"}
	tests := []struct {
		origin  string
		allowed bool
	}{
		{"", false},
		{"http://localhost:3000", true},
		{"https://app.example.org", true},
		{"http://music.example.org", true}, // the server's own
		{"https://music.example.org", false},
		{"http://localhost:3001", false},
		{"https://app.example.org.evil.example", false},
		{"https://APP.example.org", false}, // browsers send it in lower case
		{"null", false},
	}
	for _, tt := range tests {
		if got := origins.Allowed(tt.origin, "http://music.example.org"); got != tt.allowed {
			t.Errorf("a page of %q: %v, want %v", tt.origin, got, tt.allowed)
		}
	}
}

// A page whose origin has no name must not be the server's own, whatever the
// Host header says.
func TestOriginOfNobody(t *testing.T) {
	if (Origins{}).Allowed("", "") {
		t.Error("no origin is allowed")
	}
}
