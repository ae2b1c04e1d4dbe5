package kit

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// Cookie is one that the server sets for all its paths, for requests that come
// from its own pages and for links to it. Over TLS it is sent over TLS alone.
type Cookie struct {
	Name, Value string
	Expires     time.Time
	Age         time.Duration // how long it is kept; 0 removes it
	HTTPOnly    bool          // scripts do not see it
}

// Header returns the value of Set-Cookie, with the attributes in the order of
// Django. base is the server's own address.
func (c Cookie) Header(base string) string {
	var b strings.Builder
	b.WriteString(c.Name + "=" + c.Value + "; expires=" + c.Expires.UTC().Format(http.TimeFormat))
	if c.HTTPOnly {
		b.WriteString("; HttpOnly")
	}
	b.WriteString("; Max-Age=" + strconv.Itoa(int(c.Age/time.Second)) + "; Path=/; SameSite=Lax")
	if strings.HasPrefix(base, "https:") {
		b.WriteString("; Secure")
	}
	return b.String()
}

// SessionCookieFor returns a Set-Cookie value with the key of a session that
// was opened just now.
func SessionCookieFor(base string, s account.Session, key string) string {
	return Cookie{SessionCookie, key, s.Expires, account.SessionAge, true}.Header(base)
}

// NoSessionCookie returns a Set-Cookie value that removes the cookie.
func NoSessionCookie(base string) string {
	return Cookie{SessionCookie, `""`, time.Unix(0, 0), 0, false}.Header(base)
}
