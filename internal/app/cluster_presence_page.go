package app

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// presencePage is some of what a node has to say of users.
type presencePage struct {
	Parts []presencePart `json:"parts"`
	First bool           `json:"first,omitempty"` // of the pages of the whole
	Last  bool           `json:"last,omitempty"`
}

// presencePart is a presence.Part as it goes over the bus; times are
// microseconds since 1970, 0 for the zero time.
type presencePart struct {
	ID       int64            `json:"id"`
	External string           `json:"ext"`
	Online   bool             `json:"on"`
	Audience account.Audience `json:"aud"`
	Settled  int64            `json:"settled"`
	Arrived  int64            `json:"arrived"`
	Activity string           `json:"act"`
	Since    int64            `json:"since"`
}

func microOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func timeOf(micro int64) time.Time {
	if micro == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

func presencePartOf(p presence.Part) presencePart {
	return presencePart{
		ID: p.UserID, External: p.ExternalID, Online: p.Online, Audience: p.Audience, Settled: microOf(p.Settled),
		Arrived: microOf(p.Arrived), Activity: p.Activity, Since: microOf(p.Since),
	}
}

func (p presencePart) part() presence.Part {
	return presence.Part{
		UserID: p.ID, ExternalID: p.External, Online: p.Online, Audience: p.Audience, Settled: timeOf(p.Settled),
		Arrived: timeOf(p.Arrived), Activity: p.Activity, Since: timeOf(p.Since),
	}
}
