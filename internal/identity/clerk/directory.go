package clerk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// directory asks Clerk's backend API who somebody is:
// https://clerk.com/docs/reference/backend-api/tag/Users#operation/GetUser
type directory struct {
	url    string // of the users
	secret string
	http   *http.Client
	now    func() time.Time

	mu     sync.Mutex
	recent map[string]*inquiry // by subject
}

// inquiry is one question and its answer, which many may wait for.
type inquiry struct {
	asked   time.Time
	done    chan struct{} // closed with the answer
	profile account.OutsideProfile
	err     error
}

const (
	// An answer is remembered for a while, and so is that there was none, so that
	// requests which follow each other cause one question.
	rememberedFor = 30 * time.Second
	maxInquiries  = 10_000
	maxProfile    = 1 << 20 // bytes
)

func newDirectory(c Config) *directory {
	return &directory{
		url: c.APIURL + "/v1/users/", secret: c.SecretKey, http: c.HTTP, now: c.Now, recent: map[string]*inquiry{},
	}
}

// Profile implements account.Outside. Without a secret key to ask with, nothing is
// known of anybody. Errors: NotFound for somebody whom Clerk does not know, or
// has banned; Unavailable if it does not answer.
func (k *Clerk) Profile(ctx context.Context, subject string) (account.OutsideProfile, error) {
	if k.people == nil {
		return account.OutsideProfile{}, nil
	}
	return k.people.profile(ctx, subject)
}

func (d *directory) profile(ctx context.Context, subject string) (account.OutsideProfile, error) {
	q, mine := d.inquiry(subject)
	if mine {
		// Others may wait for the answer: it does not end with this request.
		q.profile, q.err = d.ask(context.WithoutCancel(ctx), subject)
		close(q.done)
	}
	select {
	case <-q.done:
		return q.profile, q.err
	case <-ctx.Done():
		return account.OutsideProfile{}, ctx.Err()
	}
}

// inquiry returns the question about a subject, and whether the caller is to
// answer it.
func (d *directory) inquiry(subject string) (q *inquiry, mine bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if q, ok := d.recent[subject]; ok && now.Sub(q.asked) < rememberedFor {
		return q, false
	}
	if len(d.recent) >= maxInquiries {
		clear(d.recent)
	}
	q = &inquiry{asked: now, done: make(chan struct{})}
	d.recent[subject] = q
	return q, true
}

// user is Clerk's, as far as it matters.
type user struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	ImageURL  string `json:"image_url"`
	Primary   string `json:"primary_email_address_id"`
	Addresses []struct {
		ID           string `json:"id"`
		EmailAddress string `json:"email_address"`
		Verification struct {
			Status string `json:"status"`
		} `json:"verification"`
	} `json:"email_addresses"`
	Banned bool `json:"banned"`
}

func (d *directory) ask(ctx context.Context, subject string) (account.OutsideProfile, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+url.PathEscape(subject), nil)
	if err != nil {
		return account.OutsideProfile{}, err
	}
	r.Header.Set("Authorization", "Bearer "+d.secret)
	body, err := read(d.http, r, maxProfile)
	var status statusError
	if errors.As(err, &status) && status == http.StatusNotFound {
		return account.OutsideProfile{}, &errs.Error{Kind: errs.NotFound, Err: err}
	}
	var u user
	if err == nil {
		err = json.Unmarshal(body, &u)
	}
	if err != nil {
		return account.OutsideProfile{}, &errs.Error{
			Kind: errs.Unavailable, RetryAfter: rememberedFor, Err: fmt.Errorf("clerk's backend: %w", err),
		}
	}
	if u.Banned {
		return account.OutsideProfile{}, &errs.Error{Kind: errs.NotFound, Err: errors.New("clerk has banned the user")}
	}
	return u.profile(), nil
}

func (u user) profile() account.OutsideProfile {
	p := account.OutsideProfile{FullName: strings.TrimSpace(u.FirstName + " " + u.LastName), Image: u.ImageURL}
	if p.FullName == "" {
		p.FullName = u.Username
	}
	for _, a := range u.Addresses {
		if a.ID == u.Primary {
			p.Email, p.EmailVerified = a.EmailAddress, a.Verification.Status == "verified"
		}
	}
	return p
}
