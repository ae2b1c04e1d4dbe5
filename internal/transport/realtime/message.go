package realtime

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

const messageModel = "Message"

// maxContent is the greatest length of a message, in characters; the REST
// dialects take longer ones.
const maxContent = 10_000

// acknowledged is the acknowledgement of a message that is stored.
type acknowledged struct {
	OK      bool            `json:"ok"`
	Message json.RawMessage `json:"message"`
}

// sendMessage stores a message. It is delivered when chat publishes it, like
// one that came by another door, and acknowledged after that.
func (e *event) sendMessage() error {
	receiver, content, err := e.readMessage()
	if err != nil {
		return err
	}
	receiverID, err := e.userID("receiverId", receiver)
	if err != nil {
		return err
	}
	e.rt.people.note(receiverID, receiver)
	e.rt.c.Chat.Post(e.rt.ctx, e.from.actor(), receiverID, content, func(m chat.Message, err error) {
		if err != nil {
			e.fail(refused(messageModel, err))
			return
		}
		e.succeed(acknowledged{OK: true, Message: appendMessage(nil, m, e.from.externalID, receiver)})
	})
	return nil
}

// readMessage returns to whom a message goes and what it says. The words of
// what is wrong are the reference's: they also name a sender that is missing,
// though a message without one is good.
func (e *event) readMessage() (receiver, content string, err error) {
	sent := e.payload()
	if err := destructured("senderId", "data", sent); err != nil {
		return "", "", err
	}
	validate := func(sender mongoose.Value) error {
		v := mongoose.Validator{Model: messageModel}
		v.Text("senderId", sender)
		receiver = v.Text("receiverId", mongoose.Member(sent, "receiverId"))
		content = v.Text("content", mongoose.Member(sent, "content"))
		return v.Err()
	}
	sender := mongoose.Member(sent, "senderId")
	switch sender {
	case nil, mongoose.Missing{}:
		if validate(e.from.externalID) == nil {
			sender = e.from.externalID
		}
	}
	if err := validate(sender); err != nil {
		return "", "", err
	}
	if utf8.RuneCountInString(content) > maxContent {
		return "", "", mongoose.Invalid(messageModel, "content: "+mongoose.TooLongMessage("content", maxContent))
	}
	return receiver, content, e.claims(sender)
}

// userID returns the id of the user whom a client calls so, at a path of what
// it sent.
func (e *event) userID(path, externalID string) (int64, error) {
	var id int64
	err := error(&errs.Error{Kind: errs.NotFound})
	if !strings.ContainsRune(externalID, 0) {
		id, err = e.rt.c.Accounts.IDByExternalID(e.rt.ctx, e.from.actor(), externalID)
	}
	if errs.Is(err, errs.NotFound) {
		return 0, mongoose.Invalid(messageModel, path+": "+unknownMessage(path))
	}
	return id, err
}

// messageSent delivers a message that is stored, to the sockets of both.
func (rt *Realtime) messageSent(m chat.Message) {
	rt.c.Presence.Acquaint(m.SenderID, m.ReceiverID)
	if !rt.people.anyHere(m.SenderID, m.ReceiverID) {
		return
	}
	names, err := rt.names(rt.ctx, m.SenderID, m.ReceiverID)
	if err != nil {
		rt.c.Log.ErrorContext(rt.ctx, "a message was not delivered", "error", err)
		return
	}
	text := json.RawMessage(appendMessage(nil, m, names[0], names[1]))
	rt.sent(rt.sockets.To(room(m.ReceiverID)).Emit("receive_message", text))
	rt.sent(rt.sockets.To(room(m.SenderID)).Emit("message_sent", text))
}

// appendMessage appends a message as the reference sends it: as a document that
// was just made.
func appendMessage(dst []byte, m chat.Message, sender, receiver string) []byte {
	dst = kit.AppendString(append(dst, `{"senderId":`...), sender, false)
	dst = kit.AppendString(append(dst, `,"receiverId":`...), receiver, false)
	dst = kit.AppendString(append(dst, `,"content":`...), m.Content, false)
	dst = append(append(append(dst, `,"_id":"`...), m.OID...), `","createdAt":"`...)
	dst = appendMillis(dst, m.Created)
	dst = appendMillis(append(dst, `","updatedAt":"`...), m.Updated)
	return append(dst, `","__v":0}`...)
}

// appendMillis appends a time in UTC, cut to milliseconds.
func appendMillis(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
}
