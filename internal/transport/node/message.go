package node

import (
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// conversationStep is how many messages are in memory at a time.
const conversationStep = 5000

// conversation lists what the caller and another wrote to each other. Any text
// is taken as an id: with nobody, nobody has written anything.
func (d *Dialect) conversation(q *request) (answer, error) {
	other, err := d.userByExternalID(q, q.param)
	if errs.Is(err, errs.NotFound) {
		return ok([]byte("[]"))
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, list: func(l *list) error { return d.fillConversation(q, l, other) }}, nil
}

// userByExternalID spares the database ids that cannot be anybody's.
func (d *Dialect) userByExternalID(q *request, id string) (account.User, error) {
	if strings.ContainsRune(id, 0) {
		return account.User{}, &errs.Error{Kind: errs.NotFound}
	}
	return d.c.Accounts.UserByExternalID(q.Context(), q.actor, id)
}

func (d *Dialect) fillConversation(q *request, l *list, other account.User) error {
	p := pageOf(q.Request)
	for taken := 0; ; {
		step := conversationStep
		if p.limit > 0 {
			step = min(step, p.limit-taken)
		}
		batch, err := d.c.Chat.Conversation(q.Context(), q.actor, other.ID, chat.Page{Limit: step, Offset: p.offset + taken})
		if err != nil {
			return err
		}
		for _, m := range batch {
			if err := l.put(appendMessage(l.next(), m, q.actor.User, other)); err != nil {
				return err
			}
		}
		taken += len(batch)
		if len(batch) < step || taken == p.limit {
			return nil
		}
	}
}

// appendMessage appends a message between two users.
func appendMessage(dst []byte, m chat.Message, a, b account.User) []byte {
	external := func(id int64) string {
		if id == a.ID {
			return a.ExternalID
		}
		return b.ExternalID
	}
	dst = appendID(append(dst, '{'), m.OID)
	dst = appendField(dst, "senderId", external(m.SenderID))
	dst = appendField(dst, "receiverId", external(m.ReceiverID))
	dst = appendField(dst, "content", m.Content)
	return appendTimes(dst, m.Created, m.Updated)
}
