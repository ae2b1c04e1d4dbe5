package node

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf16"

	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// maxJSON is the greatest length of a JSON body, in bytes, inflated or not.
const maxJSON = 100 << 10

// readJSON returns what a body of the type application/json says, on any
// method, and an empty object for any other body, as body-parser does.
func readJSON(w http.ResponseWriter, r *http.Request) (mongoose.Value, error) {
	if r.ContentLength == 0 {
		return mongoose.NewObject(), nil
	}
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		return mongoose.NewObject(), nil
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "application/json" {
		return mongoose.NewObject(), nil
	}
	charset := strings.ToLower(params["charset"])
	if charset == "" {
		charset = "utf-8"
	}
	if !strings.HasPrefix(charset, "utf-") {
		return nil, unsupportedCharset(charset)
	}
	data, err := readInflated(w, r, charset)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return mongoose.NewObject(), nil
	}
	return mongoose.ParseBody(decodeText(data, charset))
}

// readInflated reads a body of at most maxJSON bytes.
func readInflated(w http.ResponseWriter, r *http.Request, charset string) ([]byte, error) {
	encoding := strings.ToLower(r.Header.Get("Content-Encoding"))
	switch encoding {
	case "", "identity", "gzip", "deflate":
	default:
		return nil, unsupportedEncoding(encoding)
	}
	if !decodable(charset) {
		return nil, unsupportedCharset(charset)
	}
	tooLarge := &failure{http.StatusRequestEntityTooLarge, textBodyTooLarge}
	if r.ContentLength > maxJSON {
		return nil, tooLarge
	}
	body := io.Reader(http.MaxBytesReader(w, r.Body, maxJSON))
	var err error
	switch encoding {
	case "gzip":
		body, err = gzip.NewReader(body)
	case "deflate":
		body, err = zlib.NewReader(body)
	}
	var data []byte
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(body, maxJSON+1))
	}
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit) || len(data) > maxJSON:
		return nil, tooLarge
	case errors.Is(err, gzip.ErrHeader) || errors.Is(err, zlib.ErrHeader):
		return nil, badRequest("incorrect header check")
	case errors.Is(err, gzip.ErrChecksum) || errors.Is(err, zlib.ErrChecksum):
		return nil, badRequest("incorrect data check")
	case err != nil && encoding != "" && encoding != "identity":
		return nil, badRequest("unexpected end of file")
	case err != nil:
		return nil, badRequest("request aborted")
	}
	return data, nil
}

// decodable reports whether decodeText knows a charset.
func decodable(charset string) bool {
	switch charset {
	case "utf-8", "utf-16", "utf-16le", "utf-16be":
		return true
	}
	return false
}

// decodeText returns a text in UTF-16 without its byte order mark. What is not
// UTF-8 becomes U+FFFD.
func decodeText(data []byte, charset string) []uint16 {
	var units []uint16
	if charset == "utf-8" {
		units = utf16.Encode([]rune(string(data)))
	} else {
		bigEndian := charset == "utf-16be" || charset == "utf-16" && looksBigEndian(data)
		units = make([]uint16, len(data)/2)
		for i := range units {
			a, b := uint16(data[2*i]), uint16(data[2*i+1])
			if bigEndian {
				a, b = b, a
			}
			units[i] = a | b<<8
		}
	}
	const byteOrderMark = 0xfeff
	if len(units) > 0 && units[0] == byteOrderMark {
		units = units[1:]
	}
	return units
}

// looksBigEndian guesses the byte order of UTF-16 by its mark, or else by
// which bytes of its first hundred characters are zero, as iconv-lite does.
func looksBigEndian(data []byte) bool {
	if len(data) >= 2 && data[0] == 0xfe && data[1] == 0xff {
		return true
	}
	score := 0
	for i := 0; i+1 < min(len(data), 200); i += 2 {
		switch {
		case data[i] == 0 && data[i+1] != 0:
			score++
		case data[i] != 0 && data[i+1] == 0:
			score--
		}
	}
	return score > 0
}
