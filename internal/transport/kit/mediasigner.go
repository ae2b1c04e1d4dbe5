package kit

import (
	"crypto/hmac"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/secret"
)

// An address is good for MediaStep at least and twice as long at most: within
// a step all addresses of a file are one, so that they may be cached, and so may
// be the answers they are in.
const MediaStep = 6 * time.Hour

// signatureSize is how much of an HMAC-SHA256 is sent, in bytes. RFC 2104,
// section 5, allows for half of it.
const signatureSize = 16

// MediaSigner signs addresses of files, which are then good for a while:
// /media/NAME?exp=SECONDS&sig=SIGNATURE. It is safe for concurrent use.
type MediaSigner struct {
	signer *secret.Signer
	now    func() time.Time
}

// NewMediaSigner returns a signer that tells the time by now. All nodes that
// serve the same files need the same keys.
func NewMediaSigner(keys *secret.Keys, now func() time.Time) *MediaSigner {
	return &MediaSigner{keys.Signer("media"), now}
}

// expiry returns when addresses that are made now expire, in Unix time: the end
// of the present step, and one step more.
func (s *MediaSigner) expiry() int64 {
	const step = int64(MediaStep / time.Second)
	now := s.now().Unix()
	return (now+step-1)/step*step + step
}

// appendSignature appends the signature of a file's name until a time, in
// base64url. The name is as it is kept and not as it is escaped, for proxies may
// escape it otherwise. It has no control characters.
func (s *MediaSigner) appendSignature(dst []byte, name string, expires int64) []byte {
	var space [256]byte
	text := append(append(space[:0], name...), '\n')
	text = strconv.AppendInt(text, expires, 10)
	var sum [32]byte
	return base64.RawURLEncoding.AppendEncode(dst, s.signer.Append(sum[:0], text)[:signatureSize])
}

// Check reports for how long the query of an address still lets anybody have the
// file of that name. It is false if the signature is missing, has expired, or is
// of anything else.
func (s *MediaSigner) Check(name string, query url.Values) (left time.Duration, ok bool) {
	expires, err := strconv.ParseInt(query.Get("exp"), 10, 64)
	if err != nil {
		return 0, false
	}
	right := s.appendSignature(nil, name, expires)
	if !hmac.Equal(right, []byte(query.Get("sig"))) {
		return 0, false
	}
	left = time.Unix(expires, 0).Sub(s.now())
	return left, left > 0
}
