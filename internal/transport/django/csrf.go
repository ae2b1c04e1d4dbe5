package django

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Whoever comes by a cookie has to show that the page he comes from knows the
// secret in another cookie, as Django asks it
// (https://docs.djangoproject.com/en/5.2/ref/csrf/).

// csrfCookie holds the secret, which a page repeats in csrfHeader, plain or
// masked.
const (
	csrfCookie = "csrftoken"
	csrfHeader = "X-Csrftoken"

	secretLength = 32
	maskedLength = 2 * secretLength
	csrfAge      = 364 * 24 * time.Hour

	csrfAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

// checkCSRF returns a refusal unless the request changes nothing or proves
// where it comes from.
func (d *Dialect) checkCSRF(c *call) error {
	switch c.method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return nil
	}
	if problem := c.wrongOrigin(); problem != "" {
		return errCSRF(problem)
	}
	cookie, err := c.r.Cookie(csrfCookie)
	if err != nil {
		return errCSRF("CSRF cookie not set.")
	}
	secret, problem := csrfSecret(cookie.Value)
	if problem != "" {
		return errCSRF("CSRF cookie " + problem + ".")
	}
	sent := c.r.Header.Values(csrfHeader)
	if len(sent) == 0 {
		return errCSRF("CSRF token missing.")
	}
	token, problem := csrfSecret(sent[0])
	if problem == "" && subtle.ConstantTimeCompare([]byte(token), []byte(secret)) == 0 {
		problem = "incorrect"
	}
	if problem != "" {
		return errCSRF("CSRF token from the '" + csrfHeader + "' HTTP header " + problem + ".")
	}
	return nil
}

// wrongOrigin says what is wrong with the page that the request comes from, ""
// for nothing. Where no Origin header tells of it, Referer has to, but only
// over TLS: without, whoever could set cookies could set that as well.
func (c *call) wrongOrigin() string {
	if origin := c.r.Header.Values("Origin"); len(origin) > 0 {
		if origin[0] != c.base {
			return "Origin checking failed - " + origin[0] + " does not match any trusted origins."
		}
		return ""
	}
	if !strings.HasPrefix(c.base, "https:") {
		return ""
	}
	sent := c.r.Header.Values("Referer")
	if len(sent) == 0 {
		return "Referer checking failed - no Referer."
	}
	page, err := url.Parse(sent[0])
	switch {
	case err != nil || page.Scheme == "" || page.Host == "":
		return "Referer checking failed - Referer is malformed."
	case page.Scheme != "https":
		return "Referer checking failed - Referer is insecure while host is secure."
	case !strings.EqualFold("https://"+page.Host, c.base):
		return "Referer checking failed - " + sent[0] + " does not match any trusted origins."
	}
	return ""
}

func errCSRF(reason string) error {
	return refuse(http.StatusForbidden, "CSRF Failed: %s", reason)
}

// csrfSecret returns the secret that a token stands for: itself if it has 32
// characters; of 64, the first 32 are a mask that was added to the others.
func csrfSecret(token string) (secret, problem string) {
	if len(token) != secretLength && len(token) != maskedLength {
		return "", "has incorrect length"
	}
	if strings.Trim(token, csrfAlphabet) != "" {
		return "", "has invalid characters"
	}
	if len(token) == secretLength {
		return token, ""
	}
	b := make([]byte, secretLength)
	for i := range b {
		mask := strings.IndexByte(csrfAlphabet, token[i])
		masked := strings.IndexByte(csrfAlphabet, token[secretLength+i])
		b[i] = csrfAlphabet[(masked-mask+len(csrfAlphabet))%len(csrfAlphabet)]
	}
	return string(b), ""
}

// csrfSetCookie returns a Set-Cookie value with a secret: the request's own
// if it has a good one, unless a new one is asked for.
func (d *Dialect) csrfSetCookie(c *call, renew bool) string {
	secret := ""
	if cookie, err := c.r.Cookie(csrfCookie); err == nil && !renew {
		secret, _ = csrfSecret(cookie.Value)
	}
	if secret == "" {
		secret = account.RandomKey(secretLength)
	}
	return kit.Cookie{Name: csrfCookie, Value: secret, Expires: d.now().Add(csrfAge), Age: csrfAge}.Header(c.base)
}
