package adminapi

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// Jobs are what the server does again and again by itself.
type Jobs interface {
	// List returns all of them, in a fixed order.
	List(ctx context.Context) ([]Job, error)
	// Run starts one now and does not wait for its end. Errors: NotFound;
	// Conflict if it is running.
	Run(ctx context.Context, name string) error
}

// Job is one of them and how it fares. A zero time is never.
type Job struct {
	Name        string // in paths: "collect-files"
	Label       string // what it does: "Remove files that nothing refers to"
	Every       time.Duration
	LastStarted time.Time
	LastTook    time.Duration // of the last run that ended
	LastError   string        // likewise; "" if it went well
	LastResult  string        // likewise: what it did, in a few words
	Running     bool
	Next        time.Time
}

type jobJSON struct {
	Name        string     `json:"name"`
	Label       string     `json:"label"`
	Every       float64    `json:"every" doc:"seconds"`
	LastStarted *time.Time `json:"lastStarted"`
	LastSeconds *float64   `json:"lastSeconds" doc:"how long the last run took"`
	LastError   *string    `json:"lastError"`
	LastResult  *string    `json:"lastResult"`
	Running     bool       `json:"running"`
	Next        *time.Time `json:"next"`
}

// jobs answers GET /jobs.
func (a *api) jobs(c *jsonapi.Call) (any, error) {
	out := []jobJSON{}
	if a.Jobs == nil {
		return out, nil
	}
	list, err := a.Jobs.List(c.Context())
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		row := jobJSON{
			Name: j.Name, Label: j.Label, Every: j.Every.Seconds(), Running: j.Running,
			LastStarted: known(j.LastStarted.UTC()), Next: known(j.Next.UTC()),
			LastError: known(j.LastError), LastResult: known(j.LastResult),
		}
		if row.LastStarted != nil && !j.Running || j.LastTook > 0 {
			row.LastSeconds = new(j.LastTook.Seconds())
		}
		out = append(out, row)
	}
	return out, nil
}

// known returns a pointer to a value, nil for the zero value.
func known[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// runJob answers POST /jobs/{name}/run.
func (a *api) runJob(c *jsonapi.Call) (any, error) {
	if a.Jobs == nil {
		return nil, &errs.Error{Kind: errs.NotFound}
	}
	return nil, a.Jobs.Run(c.Context(), c.Param("name"))
}
