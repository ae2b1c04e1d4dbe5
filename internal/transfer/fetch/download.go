package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// receive fetches an address into the stage.
func (f *Fetcher) receive(ctx context.Context, address string, limit int64) (*media.Staged, error) {
	d := &download{ctx: ctx, f: f, address: address, limit: limit, left: retries, pause: f.c.Pause}
	defer d.close()
	for {
		staged, err := f.c.Stage.Receive(ctx, d, limit)
		switch {
		case err == nil:
			return staged, nil
		case errors.Is(err, errAnew):
			continue
		case d.failed != nil:
			return nil, d.failed
		case errs.Is(err, errs.TooLarge):
			return nil, tooLarge(limit)
		}
		return nil, err
	}
}

var (
	errAnew    = errors.New("the answer begins anew")
	errStalled = errors.New("nothing comes any more")
)

// progress is how much has to come within the patience, in bytes.
const progress = 4 << 10

// download reads what is at an address, through as many answers as it takes.
type download struct {
	ctx     context.Context
	f       *Fetcher
	address string
	limit   int64
	left    int // further tries
	pause   time.Duration
	failed  error // for good

	at        int64  // what was read so far, in bytes
	validator string // of the content, for If-Range; "" if the server gave none
	body      io.ReadCloser
	asking    context.Context // of the request
	release   func()          // ends the request
	alarm     *time.Timer
	since     int64 // read since the alarm was set
}

// Read implements [io.Reader]. It fails with errAnew if all must be read again
// from the beginning.
func (d *download) Read(p []byte) (int, error) {
	if d.failed != nil {
		return 0, d.failed
	}
	if d.body == nil {
		if err := d.persist(d.open()); err != nil {
			return 0, err
		}
	}
	n, err := d.body.Read(p)
	d.at += int64(n)
	if d.since += int64(n); d.since >= progress {
		d.alarm.Reset(d.f.c.Patience)
		d.since = 0
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	err = d.broken(err)
	d.close()
	return n, d.persist(err)
}

// persist tries again after an error that may pass, and fails if it does not.
func (d *download) persist(err error) error {
	for err != nil && !errors.Is(err, errAnew) {
		if d.left == 0 || !errs.Is(err, errs.Unavailable) {
			d.failed = err
			return err
		}
		d.left--
		select {
		case <-d.ctx.Done():
			d.failed = d.ctx.Err()
			return d.failed
		case <-time.After(d.pause):
		}
		d.pause *= 2
		err = d.open()
	}
	return err
}

// open asks for the rest. It fails with errAnew if it gets all.
func (d *download) open() error {
	ctx, cancel := context.WithCancelCause(d.ctx)
	d.asking, d.release = ctx, func() { cancel(nil) }
	d.alarm = time.AfterFunc(d.f.c.Patience, func() { cancel(errStalled) })
	d.since = 0
	answer, err := d.ask()
	if err != nil {
		err = d.broken(err)
		d.close()
		return err
	}
	d.body = answer.Body
	anew, err := d.check(answer)
	if err != nil {
		d.close()
		return err
	}
	if anew {
		d.at = 0
		return errAnew
	}
	return nil
}

// ask sends the request.
func (d *download) ask() (*http.Response, error) {
	request, err := http.NewRequestWithContext(d.asking, http.MethodGet, d.address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "Antiphon")
	if d.at > 0 && d.validator != "" {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.at))
		request.Header.Set("If-Range", d.validator)
	}
	return d.f.client.Do(request)
}

// check looks whether the answer is what was asked for, and whether it begins
// anew: with all, in place of the rest (RFC 9110, sections 13.1.5 and 14).
func (d *download) check(answer *http.Response) (anew bool, err error) {
	switch status := answer.StatusCode; {
	case status == http.StatusPartialContent && d.at > 0:
		if !strings.HasPrefix(answer.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", d.at)) {
			d.validator = "" // the next try is for all of it
			return false, errs.New(errs.Unavailable, "the server sends another part than was asked for")
		}
		return false, nil
	case status == http.StatusRequestedRangeNotSatisfiable && d.at > 0:
		d.validator = ""
		return false, errs.New(errs.Unavailable, "the server does not send the rest of what it began")
	case status == http.StatusOK:
		if answer.ContentLength > d.limit {
			return false, tooLarge(d.limit)
		}
		d.validator = validatorOf(answer)
		return d.at > 0, nil
	default:
		return false, errs.New(kindOf(status), "the server answers %d %s", status, http.StatusText(status))
	}
}

// validatorOf returns what tells this content from any other: a strong entity
// tag, or the time of its last change.
func validatorOf(answer *http.Response) string {
	if tag := answer.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return answer.Header.Get("Last-Modified")
}

// kindOf classes the status of an answer by what can be done about it.
func kindOf(status int) errs.Kind {
	switch {
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return errs.Unavailable
	case status == http.StatusNotFound || status == http.StatusGone:
		return errs.NotFound
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return errs.Forbidden
	}
	return errs.Invalid
}

// broken words an error of the connection, while the request has not been ended.
func (d *download) broken(err error) error {
	var worded *errs.Error
	var noName *net.DNSError
	var untrusted *tls.CertificateVerificationError
	switch {
	case d.ctx.Err() != nil:
		return d.ctx.Err()
	case errors.As(err, &worded):
		return worded
	case errors.As(err, &noName) && noName.IsNotFound:
		return &errs.Error{Kind: errs.NotFound, Message: "there is no server of that name", Err: err}
	case errors.As(err, &untrusted):
		return &errs.Error{Kind: errs.Invalid, Message: "the server's certificate is not valid", Err: err}
	case context.Cause(d.asking) == errStalled:
		return errs.New(errs.Unavailable, "nothing came for %s", d.f.c.Patience)
	}
	return &errs.Error{Kind: errs.Unavailable, Message: "the connection failed", Err: err}
}

// close ends the request, if there is one.
func (d *download) close() {
	if d.alarm != nil {
		d.alarm.Stop()
		d.release()
	}
	if d.body != nil {
		d.body.Close()
		d.body = nil
	}
}

func tooLarge(limit int64) error {
	return &errs.Error{
		Kind: errs.TooLarge, Message: fmt.Sprintf("it is larger than %d bytes", limit),
		Fields: []errs.Field{{Name: "file", Code: errs.TooBig, Limit: limit}},
	}
}
