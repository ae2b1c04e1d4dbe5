package cloudinary

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

const (
	// maxAnswer is how long an answer of the API may be, in bytes: a page of
	// files has some hundred kilobytes.
	maxAnswer = 8 << 20

	// tooMany is the status by which the service says so, besides the usual one.
	tooMany = 420
)

// api is the HTTP API of an account.
type api struct {
	base        string // without a slash at the end
	key, secret string
	client      *http.Client
}

// file is how the API describes a file.
type file struct {
	PublicID string    `json:"public_id"`
	Bytes    int64     `json:"bytes"`
	Created  time.Time `json:"created_at"`
	Context  struct {
		Custom map[string]string `json:"custom"`
	} `json:"context"`
}

// contextPut is the entry of the context that tells when a file was put.
const contextPut = "put"

// putNow returns a context that says that a file is put now, in microseconds
// since 1970.
func putNow() string { return contextPut + "=" + strconv.FormatInt(time.Now().UnixMicro(), 10) }

// put returns when the file was put last.
func (f file) put() time.Time {
	if us, err := strconv.ParseInt(f.Context.Custom[contextPut], 10, 64); err == nil {
		return time.UnixMicro(us)
	}
	return f.Created
}

// get asks the API for something.
func (a api) get(ctx context.Context, path string, query url.Values, into any) error {
	answer, err := a.do(ctx, func() (*http.Request, error) {
		return a.request(ctx, http.MethodGet, path+"?"+query.Encode(), nil)
	})
	if err != nil {
		return err
	}
	return decode(answer, into)
}

// post has the API do something.
func (a api) post(ctx context.Context, path string, values url.Values, into any) error {
	answer, err := a.do(ctx, func() (*http.Request, error) {
		r, err := a.request(ctx, http.MethodPost, path, strings.NewReader(values.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return r, err
	})
	if err != nil {
		return err
	}
	return decode(answer, into)
}

// request returns a request to a path of the API, with the key and its secret:
// https://cloudinary.com/documentation/image_upload_api_reference#basic_authentication.
func (a api) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, a.base+"/"+path, body)
	if err == nil {
		r.SetBasicAuth(a.key, a.secret)
	}
	return r, err
}

// do sends a request, again if the service is out of order, and returns a good
// answer, whose body the caller closes.
func (a api) do(ctx context.Context, request func() (*http.Request, error)) (answer *http.Response, err error) {
	err = remote.Retry(ctx, func() error {
		answer, err = a.once(request)
		return err
	})
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return answer, err
}

// once sends a request.
func (a api) once(request func() (*http.Request, error)) (*http.Response, error) {
	r, err := request()
	if err != nil {
		return nil, err
	}
	answer, err := a.client.Do(r)
	if err != nil {
		return nil, remote.Unavailable(err)
	}
	if answer.StatusCode < http.StatusMultipleChoices {
		return answer, nil
	}
	defer answer.Body.Close()
	cause := fmt.Errorf("%s: %s", answer.Status, reason(answer))
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return nil, &errs.Error{Kind: errs.NotFound, Err: cause}
	case answer.StatusCode >= http.StatusInternalServerError, answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == tooMany:
		return nil, remote.Unavailable(cause)
	}
	return nil, cause
}

// reason returns what an answer says is wrong.
func reason(answer *http.Response) string {
	var body struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&body) == nil && body.Error.Message != "" {
		return body.Error.Message
	}
	return answer.Header.Get("X-Cld-Error")
}

// decode reads the answer and closes its body.
func decode(answer *http.Response, into any) error {
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return remote.Unavailable(err)
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(into); err != nil {
		return fmt.Errorf("the service's answer: %w", err)
	}
	return nil
}
