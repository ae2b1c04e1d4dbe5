package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOutside(t *testing.T) {
	oidc := func(c *Config) {
		c.OIDCName, c.OIDCIssuer, c.OIDCClientID, c.OIDCGroupsClaim = "company", "https://login.example.org/realms/music", "antiphon", "groups"
	}
	for _, tt := range []struct {
		want  string // what the error begins with; "" for none
		spoil func(*Config)
	}{
		{"", oidc},
		{"", func(c *Config) { c.ClerkIssuer = "https://clerk.example.org" }},
		{"", func(c *Config) {
			c.ClerkPublishableKey, c.ClerkSecretKey, c.ClerkAPIURL = "pk_test_x", "sk_test_x", "http://127.0.0.1:5000"
			c.ClerkAuthorizedParty = []string{"https://app.example.org"}
		}},
		{"", func(c *Config) { c.AllowedDomain = []string{"example.org", "localhost", "bücher.example"} }},
		{"clerk-issuer: ", func(c *Config) { c.ClerkIssuer = "clerk.example.org" }},
		{"clerk-issuer: ", func(c *Config) { c.ClerkIssuer = "https://a:b@clerk.example.org" }},
		{"clerk-jwks-url: ", func(c *Config) { c.ClerkJWKSURL = "file:///keys" }},
		{"clerk-api-url: ", func(c *Config) { c.ClerkIssuer, c.ClerkAPIURL = "https://clerk.example.org", "https://api.example.org" }},
		{"clerk-authorized-party: ", func(c *Config) { c.ClerkAuthorizedParty = []string{"https://app.example.org"} }},
		{"clerk-authorized-party: ", func(c *Config) {
			c.ClerkIssuer, c.ClerkAuthorizedParty = "https://clerk.example.org", []string{"app.example.org"}
		}},
		{"oidc-issuer: ", func(c *Config) { oidc(c); c.OIDCIssuer = "login.example.org" }},
		{"oidc-client-id: ", func(c *Config) { oidc(c); c.OIDCClientID = "" }},
		{"oidc-name: ", func(c *Config) { oidc(c); c.OIDCName = "Our company" }},
		{"oidc-name: ", func(c *Config) { oidc(c); c.OIDCName = "" }},
		{"oidc-groups-claim: ", func(c *Config) { oidc(c); c.OIDCGroupsClaim, c.OIDCAdminGroup = "", "admins" }},
		{"oidc-client-id: ", func(c *Config) { c.OIDCClientID = "antiphon" }},
		{"oidc-client-secret: ", func(c *Config) { c.OIDCClientSecret = "s3cret" }},
		{"oidc-editor-group: ", func(c *Config) { c.OIDCEditorGroup = "editors" }},
		{"allowed-domain: ", func(c *Config) { c.AllowedDomain = []string{"example.org", "@example.org"} }},
		{"allowed-domain: ", func(c *Config) { c.AllowedDomain = []string{"*.example.org"} }},
		{"allowed-domain: ", func(c *Config) { c.AllowedDomain = []string{" "} }},
	} {
		c := valid()
		tt.spoil(&c)
		err := c.Validate()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%v, want %q", err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("a secret is told: %v", err)
		}
	}
}

func TestClerkPEM(t *testing.T) {
	const pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
	path := filepath.Join(t.TempDir(), "clerk.pem")
	if err := os.WriteFile(path, []byte(pem), 0o600); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{"": "", pem: pem, strings.ReplaceAll(pem, "\n", `\n`): pem, path: pem} {
		c := Config{ClerkPublicKey: value}
		if got, err := c.ClerkPEM(); err != nil || got != want {
			t.Errorf("%q is %q, %v", value, got, err)
		}
	}
	c := Config{ClerkPublicKey: path + ".absent"}
	if _, err := c.ClerkPEM(); err == nil || !strings.HasPrefix(err.Error(), "clerk-public-key: ") {
		t.Errorf("an absent file: %v", err)
	}
}

// Secrets are not shown, and a key in PEM keeps to its line.
func TestOutsideIsPrinted(t *testing.T) {
	_, k, f, err := parse(t, `
clerk-secret-key = "sk_live_s3cret"
clerk-public-key = """-----BEGIN PUBLIC KEY-----
MIIB
-----END PUBLIC KEY-----"""
oidc-issuer = "https://login.example.org"
oidc-client-id = "antiphon"
oidc-client-secret = "s3cret"
registration = "invite"
allowed-domain = ["example.org", "example.com"]`)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Print(&out, k, f); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if strings.Contains(text, "s3cret") || !strings.Contains(text, `KEY-----\nMIIB\n-----END`) || !strings.Contains(text, "example.org,example.com") {
		t.Errorf("it prints %s", text)
	}
	if _, _, _, err := parse(t, `registration = "sometimes"`); err == nil || !strings.Contains(err.Error(), `"open","invite","closed"`) {
		t.Errorf("an unknown way to register: %v", err)
	}
}
