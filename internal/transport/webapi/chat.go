package webapi

import (
	"fmt"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// conversation is that of the caller with somebody else.
type conversation struct {
	Person   person   `json:"person"`
	Last     *message `json:"last" doc:"the newest message"`
	Unread   int      `json:"unread" doc:"messages that the caller has not read" example:"2"`
	ReadUpTo *string  `json:"readUpTo" doc:"the last message that the other has read" example:"6a0a17e8c2f5b1d94e7a3c06"`
}

func (w *web) conversations(c *jsonapi.Call) (any, error) {
	limit, offset, err := c.Page()
	if err != nil {
		return nil, err
	}
	total, err := w.c.Chat.CountConversations(c.Context(), c.Actor)
	if err != nil {
		return nil, err
	}
	summaries, err := w.c.Chat.Conversations(c.Context(), c.Actor, chat.Page{Limit: limit, Offset: offset})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(summaries))
	for i, s := range summaries {
		ids[i] = s.OtherID
	}
	users, err := w.c.Accounts.UsersByID(c.Context(), c.Actor, ids)
	if err != nil {
		return nil, err
	}
	p := w.presenter()
	shown := page[conversation]{Items: make([]conversation, 0, len(summaries)), Total: total}
	for _, s := range summaries {
		if u, ok := users[s.OtherID]; ok { // not deleted meanwhile
			shown.Items = append(shown.Items, p.toConversation(s, c.Actor.User, u))
		}
	}
	return shown, nil
}

func (p presenter) toConversation(s chat.Summary, self, other account.User) conversation {
	last := toMessage(s.Last, parties(self, other))
	return conversation{Person: p.toPerson(other), Last: &last, Unread: s.Unread, ReadUpTo: reference(s.ReadUpTo.OID)}
}

// parties are the external ids of two users by their own.
func parties(a, b account.User) map[int64]string {
	return map[int64]string{a.ID: a.ExternalID, b.ID: b.ExternalID}
}

// reference returns the id of a message, nil for none.
func reference(id oid.ID) *string {
	if id == "" {
		return nil
	}
	text := string(id)
	return &text
}

func historyParams() []kit.Param {
	return []kit.Param{
		{Name: "before", Description: "the id of a message of the two: only those before it"},
		{Name: "limit", Integer: true, Description: fmt.Sprintf("how many to return at most: 1 to %d, %d if it is left out", chat.MaxHistory, chat.DefaultHistory)},
	}
}

func (w *web) messages(c *jsonapi.Call) (any, error) {
	limit, err := c.Int("limit", chat.DefaultHistory, 1, chat.MaxHistory)
	if err != nil {
		return nil, err
	}
	named, err := c.Text("before")
	if err != nil {
		return nil, err
	}
	other, err := w.user(c)
	if err != nil {
		return nil, err
	}
	before, err := w.messageNamed(c, "before", named)
	if err != nil {
		return nil, err
	}
	list, err := w.c.Chat.ConversationBefore(c.Context(), c.Actor, other.ID, before, int(limit))
	if err != nil {
		return nil, err
	}
	names := parties(c.Actor.User, other)
	return each(list, func(m chat.Message) message { return toMessage(m, names) }), nil
}

// messageNamed returns the id of the message that a field names, 0 for none.
// Errors: Invalid with the field, if it is none of the caller's.
func (w *web) messageNamed(c *jsonapi.Call, field, named string) (int64, error) {
	if named == "" {
		return 0, nil
	}
	wrong := errs.InvalidFields(errs.Field{Name: field, Code: errs.Unknown, Value: named})
	id, ok := oid.Parse(named)
	if !ok {
		return 0, wrong
	}
	m, err := w.c.Chat.MessageByOID(c.Context(), c.Actor, id)
	if errs.Is(err, errs.NotFound) {
		return 0, wrong
	}
	return m.ID, err
}

type newMessage struct {
	Content string `json:"content"`
}

func (w *web) send(c *jsonapi.Call) (any, error) {
	var in newMessage
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	other, err := w.user(c)
	if err != nil {
		return nil, err
	}
	m, err := w.c.Chat.Send(c.Context(), c.Actor, other.ID, in.Content)
	if err != nil {
		return nil, err
	}
	return toMessage(m, parties(c.Actor.User, other)), nil
}

type readUpTo struct {
	MessageID string `json:"messageId,omitempty" doc:"the last message that was read; all there are if it is left out" example:"6a0a17e8c2f5b1d94e7a3c06"`
}

// readState is how far the caller has read.
type readState struct {
	Unread   int     `json:"unread" doc:"messages that the caller has not read" example:"0"`
	ReadUpTo *string `json:"readUpTo" doc:"the last message that the caller has read" example:"6a0a17e8c2f5b1d94e7a3c06"`
}

func (w *web) markRead(c *jsonapi.Call) (any, error) {
	var in readUpTo
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	other, err := w.user(c)
	if err != nil {
		return nil, err
	}
	last, err := w.messageNamed(c, "message", in.MessageID)
	if err != nil {
		return nil, err
	}
	mark, err := w.c.Chat.MarkRead(c.Context(), c.Actor, other.ID, last)
	if err != nil {
		return nil, err
	}
	unread, err := w.c.Chat.UnreadFrom(c.Context(), c.Actor, other.ID)
	return readState{Unread: unread, ReadUpTo: reference(mark.MessageOID)}, err
}

func (w *web) deleteMessage(c *jsonapi.Call) (any, error) {
	id, ok := oid.Parse(c.Param("id"))
	if !ok {
		return nil, &errs.Error{Kind: errs.NotFound}
	}
	m, err := w.c.Chat.MessageByOID(c.Context(), c.Actor, id)
	if err != nil {
		return nil, err
	}
	return nil, w.c.Chat.Delete(c.Context(), c.Actor, m.ID)
}
