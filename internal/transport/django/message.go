package django

import (
	"context"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
)

// messageSize is about how many bytes a message takes in an answer, with a
// short text.
const messageSize = 350

func (d *Dialect) messages(c *call) (reply, error) {
	messages, p, err := list(c.query, func(limit, offset int) ([]chat.Message, int, error) {
		return d.chat.Messages(c.ctx(), c.actor(), chat.Page{Limit: limit, Offset: offset})
	})
	if err != nil {
		return reply{}, err
	}
	people, err := d.peopleOf(c, messages)
	if err != nil {
		return reply{}, err
	}
	b := c.appendHead(make([]byte, 0, 256+messageSize*len(messages)), p)
	return ok(append(people.appendAll(b, messages), ']', '}')), nil
}

func (d *Dialect) message(c *call) (reply, error) {
	m, err := d.chat.Message(c.ctx(), c.actor(), c.id)
	if err != nil {
		return reply{}, err
	}
	return d.oneMessage(c, http.StatusOK, m)
}

func (d *Dialect) sendMessage(c *call) (reply, error) {
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	change, err := d.readMessage(c, in, false)
	if err != nil {
		return reply{}, err
	}
	m, err := d.chat.Send(c.ctx(), c.actor(), *change.ReceiverID, *change.Content)
	if err != nil {
		return reply{}, err
	}
	return d.oneMessage(c, http.StatusCreated, m)
}

func (d *Dialect) editMessage(c *call) (reply, error) {
	if err := d.messageEditable(c); err != nil {
		return reply{}, err
	}
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	change, err := d.readMessage(c, in, c.method == http.MethodPatch)
	if err != nil {
		return reply{}, err
	}
	m, err := d.chat.Edit(c.ctx(), c.actor(), c.id, change)
	if err != nil {
		return reply{}, err
	}
	return d.oneMessage(c, http.StatusOK, m)
}

func (d *Dialect) deleteMessage(c *call) (reply, error) {
	return reply{status: http.StatusNoContent}, d.chat.Delete(c.ctx(), c.actor(), c.id)
}

// messageEditable returns nil if the caller may change the message.
func (d *Dialect) messageEditable(c *call) error { return d.chat.MayEdit(c.ctx(), c.actor(), c.id) }

// readMessage reads a message's fields: all that are required if partial is
// false. The sender is whoever asks; another is checked, for clients that
// expect that, and then passed over.
func (d *Dialect) readMessage(c *call, in input, partial bool) (m chat.Change, err error) {
	exists := func(ctx context.Context, id int64) error {
		_, err := d.accounts.User(ctx, c.actor(), id)
		return err
	}
	f := form{in: in, partial: partial}
	if _, err = f.related(c.ctx(), "sender", field{optional: true}, exists); err != nil {
		return m, err
	}
	if m.ReceiverID, err = f.related(c.ctx(), "receiver", field{}, exists); err != nil {
		return m, err
	}
	m.Content = f.text("content", field{max: chat.MaxContent})
	return m, f.err()
}

// people are the senders and receivers of messages, as the caller may see
// them.
type people map[int64]account.User

func (d *Dialect) peopleOf(c *call, messages []chat.Message) (people, error) {
	ids := make([]int64, 0, 2*len(messages))
	seen := make(map[int64]bool, len(messages)+1)
	for _, m := range messages {
		for _, id := range []int64{m.SenderID, m.ReceiverID} {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return d.accounts.UsersByID(c.ctx(), c.actor(), ids)
}

func (d *Dialect) oneMessage(c *call, status int, m chat.Message) (reply, error) {
	people, err := d.peopleOf(c, []chat.Message{m})
	if err != nil {
		return reply{}, err
	}
	return reply{status: status, body: people.append(nil, m)}, nil
}

func (p people) appendAll(b []byte, messages []chat.Message) []byte {
	return appendAll(b, messages, p.append)
}

func (p people) append(b []byte, m chat.Message) []byte {
	sender, receiver := p[m.SenderID], p[m.ReceiverID]
	b = appendInt(b, `{"id":`, m.ID)
	b = appendInt(b, `,"sender":`, m.SenderID)
	b = appendText(b, `,"sender_email":`, sender.Email)
	b = appendText(b, `,"sender_name":`, sender.FullName)
	b = appendInt(b, `,"receiver":`, m.ReceiverID)
	b = appendText(b, `,"receiver_email":`, receiver.Email)
	b = appendText(b, `,"receiver_name":`, receiver.FullName)
	b = appendText(b, `,"content":`, m.Content)
	return appendTimes(b, m.Created, m.Updated)
}
