package django

import (
	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// Who is online, for clients without a socket: an addition, that the reference
// has no word for.

// entrySize is about how many bytes an entry takes in an answer.
const entrySize = 250

func (d *Dialect) online(c *call) (reply, error) {
	entries, err := d.presence.Online(c.ctx(), c.actor())
	if err != nil {
		return reply{}, err
	}
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.UserID
	}
	users, err := d.accounts.UsersByID(c.ctx(), c.actor(), ids)
	if err != nil {
		return reply{}, err
	}
	b := append(make([]byte, 0, 2+entrySize*len(entries)), '[')
	for _, e := range entries {
		u, ok := users[e.UserID]
		if !ok {
			continue // his account has just gone
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = c.appendEntry(b, e, u)
	}
	return ok(append(b, ']')), nil
}

func (d *Dialect) announce(c *call) (reply, error) {
	var activity *string
	if err := d.fields(c, func(f *form) { activity = f.text("activity", field{blank: true}) }); err != nil {
		return reply{}, err
	}
	e, err := d.presence.Announce(c.ctx(), c.actor(), *activity)
	if err != nil {
		return reply{}, err
	}
	return ok(c.appendEntry(nil, e, c.actor().User)), nil
}

// audiences are the words for account.Audience.
var audiences = []string{account.Everyone: "everyone", account.Acquaintances: "acquaintances", account.Nobody: "nobody"}

func (d *Dialect) presenceSettings(c *call) (reply, error) {
	return ok(appendSettings(nil, c.actor().User.Audience)), nil
}

func (d *Dialect) updatePresenceSettings(c *call) (reply, error) {
	var chosen int
	if err := d.fields(c, func(f *form) { chosen = f.choice("activity_visible_to", audiences) }); err != nil {
		return reply{}, err
	}
	audience := account.Audience(chosen)
	if err := d.presence.SetAudience(c.ctx(), c.actor(), audience); err != nil {
		return reply{}, err
	}
	return ok(appendSettings(nil, audience)), nil
}

func (c *call) appendEntry(b []byte, e presence.Entry, u account.User) []byte {
	b = appendInt(b, `{"user":`, e.UserID)
	b = appendText(b, `,"clerk_id":`, e.ExternalID)
	b = appendText(b, `,"full_name":`, u.FullName)
	b = appendFile(b, `,"image_url":`, c.media, u.Image)
	b = appendText(b, `,"activity":`, e.Activity)
	b = appendTime(append(b, `,"since":`...), e.Since)
	return append(b, '}')
}

func appendSettings(b []byte, a account.Audience) []byte {
	return append(appendText(b, `{"activity_visible_to":`, audiences[a]), '}')
}
