package django

import (
	"net/http"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// The keys of one's own account: an addition, that the reference with its one
// key a user has no need of.

// tokenSize is about how many bytes a key's description takes in an answer.
const tokenSize = 200

func (d *Dialect) tokens(c *call) (reply, error) {
	tokens, err := d.accounts.Tokens(c.ctx(), c.actor())
	if err != nil {
		return reply{}, err
	}
	b := append(make([]byte, 0, 2+tokenSize*len(tokens)), '[')
	return ok(append(appendAll(b, tokens, c.appendToken), ']')), nil
}

func (d *Dialect) revokeToken(c *call) (reply, error) {
	return reply{status: http.StatusNoContent}, d.accounts.RevokeToken(c.ctx(), c.actor(), c.id)
}

func (c *call) appendToken(b []byte, t account.Token) []byte {
	current := c.actor().Via == account.ViaToken && c.actor().CredentialID == t.ID
	b = appendInt(b, `{"id":`, t.ID)
	b = appendText(b, `,"label":`, t.Label)
	b = appendTime(append(b, `,"created_at":`...), t.Created)
	b = appendTimeOrNull(append(b, `,"last_used_at":`...), t.LastUsed)
	if current {
		return append(b, `,"current":true}`...)
	}
	return append(b, `,"current":false}`...)
}

func appendTimeOrNull(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	return appendTime(b, t)
}
