package adminapi

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// dashboardJSON is the panel's first page.
type dashboardJSON struct {
	Totals  totalsJSON  `json:"totals"`
	Days    []dayJSON   `json:"days" doc:"the last 30 in UTC, oldest first"`
	Storage storageJSON `json:"storage"`
	Recent  []entryJSON `json:"recent" doc:"what the caller did last"`
	Top     []topJSON   `json:"top" doc:"the songs heard most in these days"`
}

type totalsJSON struct {
	Songs    int `json:"songs"`
	Albums   int `json:"albums"`
	Artists  int `json:"artists"`
	Users    int `json:"users"`
	Messages int `json:"messages"`
	Plays    int `json:"plays"`
	Online   int `json:"online" doc:"users who are online now"`
}

// dayJSON is what came on one day.
type dayJSON struct {
	Day      string `json:"day" example:"2026-11-22"`
	Songs    int    `json:"songs"`
	Users    int    `json:"users"`
	Messages int    `json:"messages"`
	Plays    int    `json:"plays"`
}

// storageJSON is room, in bytes.
type storageJSON struct {
	Media    int64  `json:"media" doc:"bytes of the files' contents"`
	Files    int    `json:"files" doc:"how many files there are"`
	Database int64  `json:"database" doc:"bytes"`
	Free     *int64 `json:"free" doc:"bytes left for files; null if nobody knows"`
}

type topJSON struct {
	Song  refJSON `json:"song"`
	Plays int     `json:"plays"`
}

// What the dashboard looks back on.
const (
	shownDays   = 30
	shownRecent = 10
	shownTop    = 5
)

// dashboard answers GET /dashboard.
func (a *api) dashboard(c *jsonapi.Call) (any, error) {
	ctx := c.Context()
	totals, err := a.Panel.Totals(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := dashboardJSON{Totals: totalsJSON{
		totals.Songs, totals.Albums, totals.Artists, totals.Users, totals.Messages, totals.Plays, a.Presence.Count(),
	}, Top: []topJSON{}}
	if out.Days, err = a.days(ctx, c.Actor); err != nil {
		return nil, err
	}
	if out.Storage, err = a.storage(ctx, c.Actor); err != nil {
		return nil, err
	}
	own, err := a.Audit.By(ctx, c.Actor.User.ID, shownRecent)
	if err != nil {
		return nil, err
	}
	out.Recent = entries(own)
	top, err := a.Listening.Top(ctx, a.Now().Add(-shownDays*24*time.Hour), shownTop)
	if err != nil {
		return nil, err
	}
	for _, t := range top {
		out.Top = append(out.Top, topJSON{refJSON{t.Song.ID, t.Song.Title + " by " + t.Song.Artist}, t.Plays})
	}
	return out, nil
}

func (a *api) days(ctx context.Context, actor account.Actor) ([]dayJSON, error) {
	days := make([]dayJSON, shownDays)
	for _, series := range []struct {
		model string
		count func(*dayJSON) *int
	}{
		{panel.Songs, func(d *dayJSON) *int { return &d.Songs }},
		{panel.Users, func(d *dayJSON) *int { return &d.Users }},
		{panel.Messages, func(d *dayJSON) *int { return &d.Messages }},
		{panel.Plays, func(d *dayJSON) *int { return &d.Plays }},
	} {
		counts, err := a.Panel.Daily(ctx, actor, series.model, shownDays)
		if err != nil {
			return nil, err
		}
		for i, day := range counts {
			days[i].Day = day.Day.Format(time.DateOnly)
			*series.count(&days[i]) = day.Count
		}
	}
	return days, nil
}

func (a *api) storage(ctx context.Context, actor account.Actor) (storageJSON, error) {
	s, err := a.Panel.Storage(ctx, actor)
	if err != nil {
		return storageJSON{}, err
	}
	out := storageJSON{Media: s.Media, Files: s.Files, Database: s.Database}
	if a.FreeSpace == nil {
		return out, nil
	}
	free, err := a.FreeSpace()
	if err != nil {
		a.Log.WarnContext(ctx, "nobody knows how much room is left", "error", err)
		return out, nil
	}
	out.Free = &free
	return out, nil
}
