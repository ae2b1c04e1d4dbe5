package node

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

const messageModel = "Message"

// How many rows of a list are in memory at a time.
const (
	conversationStep = 5000
	summaryStep      = 500
)

// conversation lists what the caller and another wrote to each other. Any text
// is taken as an id: with nobody, nobody has written anything.
func (d *Dialect) conversation(q *request) (answer, error) {
	p, wanted, err := d.historyOf(q)
	if err != nil {
		return answer{}, err
	}
	other, err := d.idByExternalID(q, q.param)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return answer{}, err
	}
	if wanted {
		return d.history(q, other, p)
	}
	if err != nil {
		return ok([]byte("[]"))
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

// A part of a conversation is the newest messages before one of them: an
// addition to the reference.
type part struct {
	before int64 // a message, 0 for none
	limit  int
}

// historyOf reads ?before= and ?limit=. It reports whether a part is wanted: a
// limit beside ?skip= is that of a page.
func (d *Dialect) historyOf(q *request) (p part, wanted bool, err error) {
	if q.URL.RawQuery == "" {
		return part{}, false, nil
	}
	query := q.URL.Query()
	p.limit = chat.DefaultHistory
	if !query.Has("before") && (!query.Has("limit") || query.Has("skip")) {
		return part{}, false, nil
	}
	if query.Has("limit") {
		if p.limit, err = limitOf(query); err != nil {
			return part{}, false, err
		}
	}
	if query.Has("before") {
		p.before, err = d.messageNamed(q, query.Get("before"), "before")
	}
	return p, true, err
}

// limitOf reads a limit from 1 to what a part may have.
func limitOf(query url.Values) (int, error) {
	const path = "limit"
	text := query.Get(path)
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return 0, uncast("Number", text, path, messageModel)
	case n < 1:
		return 0, mongoose.Invalid(messageModel, fmt.Sprintf("%s: Path `%s` (%d) is less than minimum allowed value (1).", path, path, n))
	case n > chat.MaxHistory:
		return 0, mongoose.Invalid(messageModel, fmt.Sprintf("%s: Path `%s` (%d) is more than maximum allowed value (%d).", path, path, n, chat.MaxHistory))
	}
	return int(n), nil
}

// messageNamed returns the id of the message that a client names in the
// parameter called path. One that is not the caller's to see has none that
// could be between him and anybody.
func (d *Dialect) messageNamed(q *request, sent mongoose.Value, path string) (int64, error) {
	text, _ := sent.(string)
	id, ok := oid.Parse(text)
	if !ok {
		return 0, uncast("ObjectId", sent, path, messageModel)
	}
	m, err := d.c.Chat.MessageByOID(q.Context(), q.actor, id)
	if errs.Is(err, errs.NotFound) {
		return 0, mongoose.Invalid(messageModel, path+": "+mongoose.InvalidMessage(path))
	}
	return m.ID, err
}

// history answers with a part of the conversation with another, 0 for somebody
// unknown.
func (d *Dialect) history(q *request, other int64, p part) (answer, error) {
	messages, err := d.c.Chat.ConversationBefore(q.Context(), q.actor, other, p.before, p.limit)
	if err != nil {
		return answer{}, refused(messageModel, err)
	}
	names := map[int64]string{q.actor.User.ID: q.actor.User.ExternalID, other: q.param}
	return answer{status: http.StatusOK, list: func(l *list) error {
		for _, m := range messages {
			if err := l.put(appendMessage(l.next(), m, names)); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// conversations lists the caller's conversations with others.
func (d *Dialect) conversations(q *request) (answer, error) {
	return answer{status: http.StatusOK, list: func(l *list) error { return d.fillConversations(q, l) }}, nil
}

func (d *Dialect) fillConversations(q *request, l *list) error {
	p := pageOf(q.Request)
	if p.limit == 0 {
		p.limit = math.MaxInt
	}
	listed := map[int64]bool{}
	for taken := 0; taken < p.limit; {
		step := min(summaryStep, p.limit-taken)
		batch, err := d.c.Chat.Conversations(q.Context(), q.actor, chat.Page{Limit: step, Offset: p.offset + taken})
		if err != nil {
			return err
		}
		ids := make([]int64, len(batch))
		for i, s := range batch {
			ids[i] = s.OtherID
		}
		users, err := d.c.Accounts.UsersByID(q.Context(), q.actor, ids)
		if err != nil {
			return err
		}
		for _, s := range batch {
			u, known := users[s.OtherID]
			if !known || listed[u.ID] {
				continue // he has just gone, or a new message moved the others down
			}
			listed[u.ID] = true
			if err := l.put(appendConversation(l.next(), s, q.actor.User, u, q.media)); err != nil {
				return err
			}
		}
		taken += len(batch)
		if len(batch) < step {
			return nil
		}
	}
	return nil
}

// markRead notes how far the caller has read what another wrote.
func (d *Dialect) markRead(q *request) (answer, error) {
	other, err := d.idByExternalID(q, q.param)
	if err != nil {
		return answer{}, err
	}
	var last int64
	switch sent := mongoose.Member(q.body, "messageId"); sent {
	case nil, mongoose.Missing{}:
	default:
		if last, err = d.messageNamed(q, sent, "messageId"); err != nil {
			return answer{}, err
		}
	}
	mark, err := d.c.Chat.MarkRead(q.Context(), q.actor, other, last)
	if err != nil {
		return answer{}, refused(messageModel, err)
	}
	unread, err := d.c.Chat.UnreadFrom(q.Context(), q.actor, other)
	if err != nil {
		return answer{}, err
	}
	return ok(append(appendRead(append([]byte(nil), '{'), unread, mark.MessageOID), '}'))
}

// appendConversation appends the caller's conversation with another.
func appendConversation(dst []byte, s chat.Summary, self, other account.User, m kit.Media) []byte {
	names := map[int64]string{self.ID: self.ExternalID, other.ID: other.ExternalID}
	dst = appendUser(append(dst, `{"user":`...), other, m)
	dst = appendMessage(append(dst, `,"lastMessage":`...), s.Last, names)
	return append(appendRead(append(dst, ','), s.Unread, s.ReadUpTo.OID), '}')
}

// appendRead appends how many messages are unread, and up to which one all are
// read.
func appendRead(dst []byte, unread int, upTo oid.ID) []byte {
	dst = strconv.AppendInt(append(dst, `"unread":`...), int64(unread), 10)
	dst = append(dst, `,"readUpTo":`...)
	if upTo == "" {
		return append(dst, "null"...)
	}
	return kit.AppendString(dst, string(upTo), false)
}
