package config

import (
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// valid is a configuration without fault.
func valid() Config {
	return Config{
		Listen: "127.0.0.1:8080", NodeAPI: true, DjangoAPI: true, Data: "data",
		AudioLimit: 1, ImageLimit: 1, MaxPixels: 1, CleanEvery: time.Second,
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]Size{
		"0": 0, "1048576": 1 << 20, "200MiB": 200 << 20, "1 GB": 1e9, "1.5 KiB": 1536, "1PiB": 1 << 50,
	} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%q is %d, %v, want %d", text, s, err, want)
		}
	}
	for _, text := range []string{"", "much", "-1", "1 XB", "2PiB", "NaN", "99999999999999999999"} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), "is no size") {
			t.Errorf("%q is %d, %v", text, s, err)
		}
	}
	if s := Size(200 << 20).String(); s != "200MiB" {
		t.Errorf("200 MiB is written %s", s)
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"https://music.example.org":    "https://music.example.org",
		"http://music.example.org:81/": "http://music.example.org:81/",
		"http://[::1]:8080":            "http://[::1]:8080",
	} {
		c := Config{PublicURL: text}
		u, err := c.Public()
		if err != nil || u == nil != (want == "") || u != nil && u.String() != want {
			t.Errorf("%q is %v, %v", text, u, err)
		}
	}
	for _, text := range []string{
		"music.example.org", "ftp://a.example", "https://", "https://a.example/music", "https://a.example?b",
		"https://a.example#b", "https://mira:secret@a.example", "://", "https://a b",
	} {
		c := Config{PublicURL: text}
		if u, err := c.Public(); err == nil {
			t.Errorf("%q is %v", text, u)
		}
	}
}

func TestProxies(t *testing.T) {
	c := Config{TrustedProxy: []string{"10.0.0.0/8", "192.0.2.7", "::1", "2001:db8::/32", "::ffff:192.0.2.8"}}
	got, err := c.Proxies()
	want := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("::1/128"),
		netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("192.0.2.8/32"),
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{"", "proxy", "10.0.0.0/33", "10.0.0", "*"} {
		c := Config{TrustedProxy: []string{text}}
		if got, err := c.Proxies(); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		want  string // what the error begins with; "" for none
		spoil func(*Config)
	}{
		{"", func(*Config) {}},
		{"", func(c *Config) { c.Listen = ":0" }},
		{"", func(c *Config) { c.Database = "postgresql:///antiphon" }},
		{"", func(c *Config) { c.AllowedOrigin = []string{"https://app.example.org", "http://[::1]:3000"} }},
		{"", func(c *Config) { c.AdminEmail = "admin@localhost" }},
		{"", func(c *Config) { c.NodeAPI = false }},
		{"listen: ", func(c *Config) { c.Listen = "localhost" }},
		{"listen: ", func(c *Config) { c.Listen = "" }},
		{"metrics-listen: ", func(c *Config) { c.MetricsListen = "9090" }},
		{"public-url: ", func(c *Config) { c.PublicURL = "/" }},
		{"trusted-proxy: ", func(c *Config) { c.TrustedProxy = []string{"10.0.0.0/8", "x"} }},
		{"allowed-origin: ", func(c *Config) { c.AllowedOrigin = []string{"*"} }},
		{"allowed-origin: ", func(c *Config) { c.AllowedOrigin = []string{"https://app.example.org/"} }},
		{"allowed-origin: ", func(c *Config) { c.AllowedOrigin = []string{"https://a@app.example.org"} }},
		{"admin-email: ", func(c *Config) { c.AdminEmail = "Mira <mira@example.org>" }},
		{"database: ", func(c *Config) { c.Database = "antiphon.db" }},
		{"", func(c *Config) { c.Media, c.MediaKey, c.MediaSecret = "cloudinary://music", "a", "b" }},
		{"", func(c *Config) { c.Media, c.MediaDelivery = "s3://bucket", MediaRedirect }},
		{"", func(c *Config) { c.SMTPURL, c.MailFrom = "smtp://mail.example.org", "Antiphon <music@example.org>" }},
		{"smtp-url, mail-from: ", func(c *Config) { c.SMTPURL = "smtp://mail.example.org" }},
		{"smtp-url, mail-from: ", func(c *Config) { c.MailFrom = "music@example.org" }},
		{"smtp-url: ", func(c *Config) { c.SMTPURL, c.MailFrom = "mail.example.org", "music@example.org" }},
		{"mail-from: ", func(c *Config) { c.SMTPURL, c.MailFrom = "smtp://mail.example.org", "Antiphon" }},
		{"media: ", func(c *Config) { c.Media = "ftp://bucket" }},
		{"media-key, media-secret: ", func(c *Config) { c.MediaKey = "a" }},
		{"media-delivery: ", func(c *Config) { c.MediaDelivery = MediaRedirect }},
		{"media-delivery: ", func(c *Config) { c.Media, c.MediaDelivery = "cloudinary://music", MediaRedirect }},
		{"audio-limit: ", func(c *Config) { c.AudioLimit = 0 }},
		{"image-limit: ", func(c *Config) { c.ImageLimit = 0 }},
		{"max-pixels: ", func(c *Config) { c.MaxPixels = -1 }},
		{"clean-every: ", func(c *Config) { c.CleanEvery = 0 }},
		{"recovery-window: ", func(c *Config) { c.RecoveryWindow = -1 }},
		{"recovery-memory: ", func(c *Config) { c.RecoveryWindow = time.Minute }},
		{"node-api, django-api: ", func(c *Config) { c.NodeAPI, c.DjangoAPI = false, false }},
		{"listen: \"\" is no address such as 127.0.0.1:8080 or :8080\nmax-pixels: ", func(c *Config) { c.Listen, c.MaxPixels = "", 0 }},
	}
	for _, tt := range tests {
		c := valid()
		tt.spoil(&c)
		err := c.Validate()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	c := Config{Data: "music"}
	if got, want := c.DatabaseURL(), "sqlite:"+filepath.Join("music", "antiphon.db"); got != want {
		t.Errorf("the database is %s, want %s", got, want)
	}
	if got, want := c.MediaDir(), filepath.Join("music", "media"); got != want {
		t.Errorf("the media are in %s, want %s", got, want)
	}
	c.Media = "s3://bucket"
	if got, want := c.MediaDir(), filepath.Join("music", "media"); got != want {
		t.Errorf("with media elsewhere, the rest is in %s, want %s", got, want)
	}
	c.Database, c.Media = "postgres:///antiphon", "elsewhere"
	if c.DatabaseURL() != "postgres:///antiphon" || c.MediaDir() != "elsewhere" {
		t.Errorf("%s, %s", c.DatabaseURL(), c.MediaDir())
	}
}
