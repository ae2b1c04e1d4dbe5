package kit

import (
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/file"
)

// MediaPrefix is where files are served.
const MediaPrefix = "/media/"

// MediaURLs says at which addresses clients find files. All addresses of files
// in all answers are made by it. The zero value has everybody find them at the
// server itself.
type MediaURLs struct {
	// Public is the address of a cache or CDN under which it has what this server
	// has under MediaPrefix, without a slash at its end:
	// "https://cdn.example.org". "" if there is none.
	Public string
	// Signer signs the addresses, for an instance that shows its files to nobody
	// else; nil for one that shows them to everybody.
	Signer *MediaSigner
}

// Origin returns that of Public, as a content security policy has it: without a
// path. "" if there is none.
func (u MediaURLs) Origin() string {
	scheme, rest, _ := strings.Cut(u.Public, "://")
	host, _, _ := strings.Cut(rest, "/")
	if host == "" {
		return ""
	}
	return scheme + "://" + host
}

// From returns what makes the addresses of one answer. base is the server's own
// address as the client sees it, or "" for paths.
func (u MediaURLs) From(base string) Media {
	m := Media{key: base, before: base, signer: u.Signer}
	if u.Public != "" {
		m.before = u.Public
	}
	if u.Signer != nil {
		m.expires = u.Signer.expiry()
		m.key += " " + strconv.FormatInt(m.expires, 10)
	}
	return m
}

// Media makes the addresses of files in one answer, which all expire together.
type Media struct {
	key     string
	before  string // of MediaPrefix
	signer  *MediaSigner
	expires int64 // in Unix time
}

// Key tells answers apart that are equal but for their addresses. One that is
// kept under it never outlives its signatures: when they have still six hours to
// go, the key is another one.
func (m Media) Key() string { return m.key }

// URL returns the address of a file by its name, the reference itself if it is an
// absolute URL, or "" for none.
func (m Media) URL(ref string) string {
	if ref == "" || file.IsURL(ref) {
		return ref
	}
	if m.signer == nil {
		return m.before + MediaPrefix + escapePath(ref)
	}
	return string(m.appendOwn(make([]byte, 0, len(m.before)+len(ref)+64), ref))
}

// Append appends the same to dst.
func (m Media) Append(dst []byte, ref string) []byte {
	if ref == "" || file.IsURL(ref) {
		return append(dst, ref...)
	}
	return m.appendOwn(dst, ref)
}

func (m Media) appendOwn(dst []byte, name string) []byte {
	dst = append(append(dst, m.before...), MediaPrefix...)
	dst = append(dst, escapePath(name)...)
	if m.signer == nil {
		return dst
	}
	dst = strconv.AppendInt(append(dst, "?exp="...), m.expires, 10)
	return m.signer.appendSignature(append(dst, "&sig="...), name, m.expires)
}

// Sized returns the address of an image in a size, in pixels a side, and false if
// it is none of our files.
func (u MediaURLs) Sized(address string, size int) (string, bool) {
	if !strings.HasPrefix(address, u.Public+MediaPrefix) {
		return "", false
	}
	separator := "?size="
	if strings.Contains(address, "?") {
		separator = "&size="
	}
	return address + separator + strconv.Itoa(size), true
}

// escapePath percent-encodes all but unreserved characters, "/" and the few
// that Python's filepath_to_uri leaves alone, which is what the reference uses.
func escapePath(name string) string {
	const hex = "0123456789ABCDEF"
	clean := true
	for i := range len(name) {
		if !plainInPath(name[i]) {
			clean = false
			break
		}
	}
	if clean {
		return name
	}
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if plainInPath(c) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

func plainInPath(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("/_.-~!*()'", c) >= 0
}
