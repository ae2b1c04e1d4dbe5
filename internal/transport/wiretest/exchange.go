package wiretest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	exchangeTimeout = time.Minute
	maxAnswer       = 64 << 20 // bytes of a body
)

// A request is one that is written to the wire as it stands: net/http's client
// would tidy the target and refuse the odd methods and headers that scripts
// are there to try.
type request struct {
	method, target string
	header         []field
	body           []byte
	chunked        bool
}

// A response is an answer, read whole.
type response struct {
	status int
	header http.Header
	body   []byte
}

// head returns the request line and the headers.
func (q request) head() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", q.method, q.target)
	for _, h := range q.header {
		fmt.Fprintf(&b, "%s: %s\r\n", h.name, h.value)
	}
	b.WriteString("\r\n")
	return b.String()
}

// bytes returns all that is written to the connection.
func (q request) bytes() []byte {
	head := []byte(q.head())
	if !q.chunked {
		return append(head, q.body...)
	}
	for chunk := range slices.Chunk(q.body, 32<<10) {
		head = fmt.Appendf(head, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	return append(head, "0\r\n\r\n"...)
}

// send makes one exchange on a connection of its own.
func send(address string, q request) (response, error) {
	conn, err := net.DialTimeout("tcp", address, exchangeTimeout)
	if err != nil {
		return response{}, err
	}
	if err := conn.SetDeadline(time.Now().Add(exchangeTimeout)); err != nil {
		return response{}, errors.Join(err, conn.Close())
	}
	// The server may answer before it has read the whole body, and close: the
	// request is written beside, and counts only when no answer comes.
	written := make(chan error, 1)
	go func() {
		_, err := io.Copy(conn, bytes.NewReader(q.bytes()))
		written <- err
	}()
	answer, err := receive(bufio.NewReader(conn), q.method)
	closeErr := conn.Close()
	writeErr := <-written
	if err != nil {
		return response{}, errors.Join(err, writeErr, closeErr)
	}
	return answer, nil
}

// receive reads the final answer, past any 1xx.
func receive(r *bufio.Reader, method string) (response, error) {
	for {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			return response{}, err
		}
		if res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
		if err := errors.Join(err, res.Body.Close()); err != nil {
			return response{}, fmt.Errorf("read the body: %w", err)
		}
		if len(body) > maxAnswer {
			return response{}, fmt.Errorf("the body is over %d bytes", maxAnswer)
		}
		return response{res.StatusCode, res.Header, body}, nil
	}
}
