package node

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// conversationStep is how many messages are in memory at a time.
const conversationStep = 5000

// conversation lists what the caller and another wrote to each other. Any text
// is taken as an id: with nobody, nobody has written anything.
func (d *Dialect) conversation(q *request) (answer, error) {
	other, err := d.idByExternalID(q, q.param)
	if errs.Is(err, errs.NotFound) {
		return ok([]byte("[]"))
	}
	if err != nil {
		return answer{}, err
	}
	fill := func(l *list) error { return d.fillConversation(q, l, other) }
	if pageOf(q.Request) != (page{}) {
		return answer{status: http.StatusOK, list: fill}, nil
	}
	revision, err := d.c.Chat.ConversationRevision(q.Context(), q.actor, other)
	if err != nil {
		return answer{}, err
	}
	return d.remembered(fmt.Sprintf("node conversation %d %d %d", q.actor.User.ID, other, revision), fill)
}

// idByExternalID spares the database ids that cannot be anybody's.
func (d *Dialect) idByExternalID(q *request, id string) (int64, error) {
	if strings.ContainsRune(id, 0) {
		return 0, &errs.Error{Kind: errs.NotFound}
	}
	return d.c.Accounts.IDByExternalID(q.Context(), q.actor, id)
}

func (d *Dialect) fillConversation(q *request, l *list, other int64) error {
	names := map[int64]string{q.actor.User.ID: q.actor.User.ExternalID, other: q.param}
	p := pageOf(q.Request)
	for taken := 0; ; {
		step := conversationStep
		if p.limit > 0 {
			step = min(step, p.limit-taken)
		}
		batch, err := d.c.Chat.Conversation(q.Context(), q.actor, other, chat.Page{Limit: step, Offset: p.offset + taken})
		if err != nil {
			return err
		}
		for _, m := range batch {
			if err := l.put(appendMessage(l.next(), m, names)); err != nil {
				return err
			}
		}
		taken += len(batch)
		if len(batch) < step || taken == p.limit {
			return nil
		}
	}
}

// appendMessage appends a message; names are the external ids of its parties.
func appendMessage(dst []byte, m chat.Message, names map[int64]string) []byte {
	dst = appendID(append(dst, '{'), m.OID)
	dst = appendField(dst, "senderId", names[m.SenderID])
	dst = appendField(dst, "receiverId", names[m.ReceiverID])
	dst = appendField(dst, "content", m.Content)
	return appendTimes(dst, m.Created, m.Updated)
}
