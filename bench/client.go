package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// get returns a GET request for a target such as "/api/songs?page=2" with
// headers, given as name and value in turn.
func get(target string, headers ...string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: bench\r\n", target)
	for i := 0; i+1 < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// client is one connection. It knows just enough of HTTP/1.1 to find the end
// of an answer.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

const (
	readBuffer    = 128 << 10
	answerTimeout = 30 * time.Second
)

func dial(ctx context.Context, addr string) (*client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, readBuffer)}, nil
}

// ask goes through the requests from the first on, until stop or, in a load
// without a duration, until each was asked once.
func (c *client) ask(l load, first int, stop *atomic.Bool) (r loadResult, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(l.duration + answerTimeout)); err != nil {
		return r, err
	}
	for i := 0; !stop.Load() && (l.duration > 0 || i < len(l.requests)); i++ {
		request := l.requests[(first+i)%len(l.requests)]
		begun := time.Now()
		if _, err := c.conn.Write(request); err != nil {
			return r, err
		}
		n, err := c.answer()
		if err != nil {
			return r, fmt.Errorf("%s: %w", firstLine(request), err)
		}
		r.latencies = append(r.latencies, time.Since(begun))
		r.requests++
		r.bytes += n
	}
	return r, nil
}

// answer reads one answer, throws its body away and returns how long that was.
func (c *client) answer() (body int64, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 || (string(line[9:12]) != "200" && string(line[9:12]) != "206") {
		return 0, fmt.Errorf("answered %q", bytes.TrimSpace(line))
	}
	length := int64(-1)
	for {
		line, err = c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := header(line, "content-length:"); ok {
			if length, err = strconv.ParseInt(value, 10, 64); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return c.discardChunks()
	}
	return length, c.discard(length)
}

// header returns the value of a header line if the line's name is name, which
// is given in lower case and with its colon.
func header(line []byte, name string) (value string, ok bool) {
	if len(line) < len(name) || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return "", false
	}
	return string(bytes.TrimSpace(line[len(name):])), true
}

func (c *client) discard(n int64) error {
	_, err := c.in.Discard(int(n))
	return err
}

// discardChunks reads a body in chunks (RFC 9112, 7.1). There are no trailers.
func (c *client) discardChunks() (body int64, err error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return body, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return body, fmt.Errorf("the answer has neither a length nor chunks: %w", err)
		}
		if err := c.discard(size + 2); err != nil {
			return body, err
		}
		if size == 0 {
			return body, nil
		}
		body += size
	}
}

// fetch asks once and returns the answer's headers and body. Any status but
// 200 is an error.
func fetch(ctx context.Context, addr string, request []byte) (http.Header, []byte, error) {
	c, err := dial(ctx, addr)
	if err != nil {
		return nil, nil, err
	}
	defer c.conn.Close()
	if err := c.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return nil, nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return nil, nil, err
	}
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, nil, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: answered %s: %.200s", firstLine(request), r.Status, body)
	}
	return r.Header, body, err
}

func firstLine(request []byte) []byte {
	line, _, _ := bytes.Cut(request, []byte("\r\n"))
	return line
}
