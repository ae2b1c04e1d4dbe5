package django

import (
	"context"
	"fmt"
	"math"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
)

// Conversations as such: parts of one, the list of them, and how far each was
// read are additions to the reference, which knows whole ones only.

// conversationSize is about how many bytes a conversation takes in a list.
const conversationSize = userSize + messageSize + 50

func (d *Dialect) conversation(c *call) (reply, error) {
	other, err := d.otherUser(c)
	if err != nil {
		return reply{}, err
	}
	messages, err := d.history(c)
	if err != nil {
		return reply{}, err
	}
	self := c.actor().User
	both := people{self.ID: self, other.ID: other}
	b := append(make([]byte, 0, 2+messageSize*len(messages)), '[')
	return ok(append(both.appendAll(b, messages), ']')), nil
}

// otherUser returns the user of the path, who is not the caller.
func (d *Dialect) otherUser(c *call) (account.User, error) {
	if c.id == c.actor().User.ID {
		return account.User{}, errNotFound
	}
	return d.accounts.User(c.ctx(), c.actor(), c.id)
}

// history returns the part of a conversation that the query asks for: all of
// it, unless it says before which message, or how many.
func (d *Dialect) history(c *call) ([]chat.Message, error) {
	if c.query["before"] == nil && c.query["limit"] == nil {
		return d.chat.Conversation(c.ctx(), c.actor(), c.id, chat.Page{})
	}
	var f form
	before := f.param(c.query, "before", 0, math.MaxInt64)
	limit := f.param(c.query, "limit", chat.DefaultHistory, chat.MaxHistory)
	if err := f.err(); err != nil {
		return nil, err
	}
	return d.chat.ConversationBefore(c.ctx(), c.actor(), c.id, before, int(limit))
}

func (d *Dialect) conversations(c *call) (reply, error) {
	list, p, err := list(c.query, func(limit, offset int) ([]chat.Summary, int, error) {
		total, err := d.chat.CountConversations(c.ctx(), c.actor())
		if err != nil {
			return nil, 0, err
		}
		list, err := d.chat.Conversations(c.ctx(), c.actor(), chat.Page{Limit: limit, Offset: offset})
		return list, total, err
	})
	if err != nil {
		return reply{}, err
	}
	newest := make([]chat.Message, len(list))
	for i, s := range list {
		newest[i] = s.Last
	}
	people, err := d.peopleOf(c, newest)
	if err != nil {
		return reply{}, err
	}
	b := c.appendHead(make([]byte, 0, 256+conversationSize*len(list)), p)
	b = appendAll(b, list, func(b []byte, s chat.Summary) []byte { return c.appendConversation(b, people, s) })
	return ok(append(b, ']', '}')), nil
}

func (d *Dialect) markRead(c *call) (reply, error) {
	if _, err := d.otherUser(c); err != nil {
		return reply{}, err
	}
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	f := form{in: in}
	id, err := f.related(c.ctx(), "message", field{optional: true, nullable: true}, func(ctx context.Context, id int64) error {
		_, err := d.chat.Message(ctx, c.actor(), id)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	if err := f.err(); err != nil {
		return reply{}, err
	}
	if id == nil {
		id = new(int64)
	}
	mark, err := d.chat.MarkRead(c.ctx(), c.actor(), c.id, *id)
	if err != nil {
		return reply{}, err
	}
	unread, err := d.chat.UnreadFrom(c.ctx(), c.actor(), c.id)
	if err != nil {
		return reply{}, err
	}
	return ok(appendReadMark(nil, unread, mark.MessageID)), nil
}

func (c *call) appendConversation(b []byte, people people, s chat.Summary) []byte {
	b = c.appendUser(append(b, `{"user":`...), people[s.OtherID])
	b = people.append(append(b, `,"last_message":`...), s.Last)
	b = appendInt(b, `,"unread":`, int64(s.Unread))
	return append(appendIDOrNull(b, `,"read_up_to":`, s.ReadUpTo.ID), '}')
}

func appendReadMark(b []byte, unread int, readUpTo int64) []byte {
	b = appendInt(b, `{"unread":`, int64(unread))
	return append(appendIDOrNull(b, `,"read_up_to":`, readUpTo), '}')
}

func appendIDOrNull(b []byte, key string, id int64) []byte {
	if id == 0 {
		return append(append(b, key...), "null"...)
	}
	return appendInt(b, key, id)
}

// param reads a whole number from 1 to most of a query, or returns what stands
// for a missing one.
func (f *form) param(query params, name string, absent, most int64) int64 {
	if query[name] == nil {
		return absent
	}
	n, ok := parseInt(query.last(name))
	if !ok {
		f.fail(name, textNotInteger)
		return absent
	}
	v, ok, great := n.fits(1, most)
	switch {
	case ok:
	case great:
		f.fail(name, fmt.Sprintf("Ensure this value is less than or equal to %d.", most))
	default:
		f.fail(name, "Ensure this value is greater than or equal to 1.")
	}
	return v
}
