package kit

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestBase(t *testing.T) {
	public, err := url.Parse("https://music.example.org")
	if err != nil {
		t.Fatal(err)
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	tests := []struct {
		name       string
		addresses  Addresses
		peer, sent string
		tls        bool
		want       string
	}{
		{"plain", Addresses{}, "192.0.2.1:5", "", false, "http://host:8080"},
		{"encrypted", Addresses{}, "192.0.2.1:5", "", true, "https://host:8080"},
		{"told by anybody", Addresses{}, "192.0.2.1:5", "https", false, "http://host:8080"},
		{"told by a stranger", Addresses{Proxies: proxies}, "192.0.2.1:5", "https", false, "http://host:8080"},
		{"told by a proxy", Addresses{Proxies: proxies}, "10.1.2.3:5", "HTTPS", false, "https://host:8080"},
		{"told by a proxy over IPv6", Addresses{Proxies: proxies}, "[fd00::1]:5", "https", false, "https://host:8080"},
		{"told by a proxy in IPv6's clothes", Addresses{Proxies: proxies}, "[::ffff:10.1.2.3]:5", "https", false, "https://host:8080"},
		{"a proxy says http", Addresses{Proxies: proxies}, "10.1.2.3:5", "http", false, "http://host:8080"},
		{"fixed", Addresses{Public: public}, "192.0.2.1:5", "", false, "https://music.example.org"},
	}
	for _, host := range []string{"", "a\"b", "a/b", "a b", "<x>", "ü.example", strings.Repeat("a", 260)} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		if got := (Addresses{}).Base(r); got != "http://localhost" {
			t.Errorf("host %q: %s", host, got)
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.Host, r.RemoteAddr = "host:8080", tt.peer
			if tt.sent != "" {
				r.Header.Set("X-Forwarded-Proto", tt.sent)
			}
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if got := tt.addresses.Base(r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestClient(t *testing.T) {
	a := Addresses{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "192.0.2.1:5", nil, "192.0.2.1"},
		{"a stranger's word", "192.0.2.1:5", []string{"203.0.113.9"}, "192.0.2.1"},
		{"behind a proxy", "10.0.0.1:5", []string{"203.0.113.9"}, "203.0.113.9"},
		{"behind two", "10.0.0.1:5", []string{"203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"in two headers", "10.0.0.1:5", []string{"203.0.113.9", "10.0.0.2"}, "203.0.113.9"},
		{"a forged start", "10.0.0.1:5", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"nonsense", "10.0.0.1:5", []string{"1.1.1.1, nonsense"}, "10.0.0.1"},
		{"nothing", "10.0.0.1:5", nil, "10.0.0.1"},
		{"a mapped address", "10.0.0.1:5", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"no address", "@", []string{"203.0.113.9"}, "@"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.peer
			r.Header["X-Forwarded-For"] = tt.forwarded
			if got := a.Client(r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	o := Origins{"http://localhost:3000", "https://music.example.org"}
	for origin, want := range map[string]bool{
		"http://localhost:3000":     true,
		"https://music.example.org": true,
		"http://own:8080":           true,
		"":                          false,
		"null":                      false,
		"http://localhost:30000":    false,
		"https://localhost:3000":    false,
	} {
		if got := o.Allowed(origin, "http://own:8080"); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	if (Origins{}).Allowed("", "") {
		t.Error("no origin is allowed")
	}
}
