package adminapi

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// jobJSON is a kind of work that comes again by itself.
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
	list, err := a.Jobs.Kinds(c.Context())
	if err != nil {
		return nil, err
	}
	out := []jobJSON{}
	for _, k := range list {
		if k.Every == 0 {
			continue
		}
		row := jobJSON{
			Name: k.Name, Label: k.Label, Every: k.Every.Seconds(), Running: k.Running, Next: known(k.Next),
			LastStarted: known(k.Last.Started), LastError: known(k.Last.Err), LastResult: known(k.Last.Result),
		}
		if k.Last.ID != 0 {
			row.LastSeconds = new(k.Last.Took.Seconds())
		}
		if k.Running {
			row.LastStarted = known(k.Started)
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
	return nil, a.Jobs.RunNow(c.Context(), c.Param("name"))
}

// queueJSON is a kind of work that comes when something calls for it.
type queueJSON struct {
	Name    string `json:"name"`
	Label   string `json:"label"`
	Waiting int    `json:"waiting"`
	Running int    `json:"running"`
	Failed  int    `json:"failed" doc:"given up after many attempts"`
}

// queues answers GET /jobs/queues.
func (a *api) queues(c *jsonapi.Call) (any, error) {
	list, err := a.Jobs.Kinds(c.Context())
	if err != nil {
		return nil, err
	}
	out := []queueJSON{}
	for _, k := range list {
		if k.Every == 0 {
			out = append(out, queueJSON{k.Name, k.Label, k.Count.Waiting, k.Count.Running, k.Count.Failed})
		}
	}
	return out, nil
}

// runJSON is a run that has ended.
type runJSON struct {
	ID      int64     `json:"id"`
	Job     string    `json:"job" doc:"its name"`
	Label   string    `json:"label"`
	Node    string    `json:"node" doc:"which ran it"`
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds" doc:"how long it took"`
	Result  *string   `json:"result"`
	Error   *string   `json:"error"`
}

// runs answers GET /jobs/runs.
func (a *api) runs(c *jsonapi.Call) (any, error) {
	out := []runJSON{}
	limit, offset, err := c.Page()
	if err != nil {
		return nil, err
	}
	job, err := c.Text("job")
	if err != nil {
		return out, err
	}
	list, err := a.Jobs.Runs(c.Context(), job, limit, offset)
	for _, r := range list {
		out = append(out, runJSON{
			ID: r.ID, Job: r.Kind, Label: a.Jobs.Label(r.Kind), Node: r.Node,
			Started: r.Started, Seconds: r.Took.Seconds(), Result: known(r.Result), Error: known(r.Err),
		})
	}
	return out, err
}

// failedJSON is a page of the tasks that were given up.
type failedJSON struct {
	Total int             `json:"total" doc:"how many there are on all pages"`
	Rows  []failedJobJSON `json:"rows"`
}

type failedJobJSON struct {
	ID       int64     `json:"id"`
	Job      string    `json:"job" doc:"its name"`
	Label    string    `json:"label"`
	Node     string    `json:"node" doc:"which tried it last"`
	Attempts int       `json:"attempts"`
	Added    time.Time `json:"added"`
	Failed   time.Time `json:"failed"`
	Error    string    `json:"error" doc:"of the last attempt"`
}

// failed answers GET /jobs/failed.
func (a *api) failed(c *jsonapi.Call) (any, error) {
	out := failedJSON{Rows: []failedJobJSON{}}
	limit, offset, err := c.Page()
	if err != nil {
		return out, err
	}
	list, total, err := a.Jobs.Failed(c.Context(), limit, offset)
	out.Total = total
	for _, j := range list {
		out.Rows = append(out.Rows, failedJobJSON{
			ID: j.ID, Job: j.Kind, Label: a.Jobs.Label(j.Kind), Node: j.Node, Attempts: j.Attempts,
			Added: j.Created, Failed: j.Failed, Error: j.LastError,
		})
	}
	return out, err
}

// retryJob answers POST /jobs/failed/{id}/retry.
func (a *api) retryJob(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Jobs.Retry(c.Context(), id)
}

// discardJob answers DELETE /jobs/failed/{id}.
func (a *api) discardJob(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Jobs.Discard(c.Context(), id)
}
