package config

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// HasClerk reports whether people may come with tokens of Clerk.
func (c *Config) HasClerk() bool {
	return cmp.Or(c.ClerkIssuer, c.ClerkPublishableKey, c.ClerkPublicKey, c.ClerkJWKSURL, c.ClerkSecretKey) != ""
}

// HasOIDC reports whether there is a provider of OpenID Connect.
func (c *Config) HasOIDC() bool { return c.OIDCIssuer != "" }

// ClerkPEM returns the key that Clerk signs with as PEM, "" if none is set: the
// setting is the text itself, in which \n may stand for the ends of lines, or the
// name of a file.
func (c *Config) ClerkPEM() (string, error) {
	if c.ClerkPublicKey == "" || strings.HasPrefix(c.ClerkPublicKey, "-----BEGIN") {
		return strings.ReplaceAll(c.ClerkPublicKey, `\n`, "\n"), nil
	}
	text, err := os.ReadFile(c.ClerkPublicKey)
	if err != nil {
		return "", fmt.Errorf("clerk-public-key: it is neither a key in PEM nor a file that can be read: %w", err)
	}
	return string(text), nil
}

// checkClerk checks what can be told without the keys themselves, at which the
// package that uses them looks.
func (c *Config) checkClerk() error {
	var wrong []error
	for _, s := range []struct{ name, value string }{
		{"clerk-issuer", c.ClerkIssuer}, {"clerk-jwks-url", c.ClerkJWKSURL}, {"clerk-api-url", c.ClerkAPIURL},
	} {
		if s.value != "" && !isAddress(s.value) {
			wrong = append(wrong, fmt.Errorf("%s: %q is no address such as https://clerk.example.org", s.name, s.value))
		}
	}
	if c.ClerkAPIURL != "" && c.ClerkSecretKey == "" {
		wrong = append(wrong, errors.New("clerk-api-url: it is nothing without clerk-secret-key"))
	}
	if len(c.ClerkAuthorizedParty) > 0 && !c.HasClerk() {
		wrong = append(wrong, errors.New("clerk-authorized-party: it is nothing without clerk-issuer or clerk-publishable-key"))
	}
	return errors.Join(append(wrong, checkOrigins("clerk-authorized-party", c.ClerkAuthorizedParty))...)
}

// providerName is what a provider may be called: it is a part of paths.
var providerName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func (c *Config) checkOIDC() error {
	if !c.HasOIDC() {
		for _, s := range []struct{ name, value string }{
			{"oidc-client-id", c.OIDCClientID}, {"oidc-client-secret", c.OIDCClientSecret},
			{"oidc-admin-group", c.OIDCAdminGroup}, {"oidc-editor-group", c.OIDCEditorGroup},
		} {
			if s.value != "" {
				return fmt.Errorf("%s: it is nothing without oidc-issuer", s.name)
			}
		}
		return nil
	}
	var wrong []error
	if !isAddress(c.OIDCIssuer) {
		wrong = append(wrong, fmt.Errorf("oidc-issuer: %q is no address such as https://login.example.org/realms/music", c.OIDCIssuer))
	}
	if c.OIDCClientID == "" {
		wrong = append(wrong, errors.New("oidc-client-id: the provider has to know the server by some name"))
	}
	if !providerName.MatchString(c.OIDCName) {
		wrong = append(wrong, fmt.Errorf("oidc-name: %q is no name of at most 32 lower-case letters, digits and dashes", c.OIDCName))
	}
	if c.OIDCGroupsClaim == "" && cmp.Or(c.OIDCAdminGroup, c.OIDCEditorGroup) != "" {
		wrong = append(wrong, errors.New("oidc-groups-claim: without it nobody is in a group"))
	}
	return errors.Join(wrong...)
}

// isAddress reports whether a text is an address over HTTP without anything that
// belongs to a single request.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// domainName has a dot or not: "localhost" is one too.
var domainName = regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{N}.-]{0,252}[\p{L}\p{N}])?$`)

func (c *Config) checkDomains() error {
	for _, d := range c.AllowedDomain {
		if !domainName.MatchString(d) {
			return fmt.Errorf("allowed-domain: %q is no domain such as example.org", d)
		}
	}
	return nil
}
