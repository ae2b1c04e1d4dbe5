package realtime

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
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

// mostSending is how many messages of one session may be on their way into the
// store; the session is held up then. So a burst of one client does not make
// the messages of others wait for long.
const mostSending = 64

// messages takes one value for each of the session's messages that is on its
// way. It belongs to the goroutine that calls the session's handlers.
func (v *visitor) messages() chan struct{} {
	if v.sending == nil {
		v.sending = make(chan struct{}, mostSending)
	}
	return v.sending
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
	sending := e.socket.Origin().(*visitor).messages()
	select {
	case sending <- struct{}{}:
	case <-e.rt.ctx.Done():
		return e.rt.ctx.Err()
	}
	e.rt.c.Chat.Post(e.rt.ctx, e.from.actor(), receiverID, content, func(m chat.Message, err error) {
		<-sending
		if err != nil {
			e.fail(refused(messageModel, err))
			return
		}
		if e.WantsAck() {
			withText(func(text []byte) []byte {
				text = appendMessage(append(text, `{"ok":true,"message":`...), m, e.from.externalID, receiver)
				text = append(text, '}')
				e.succeed(json.RawMessage(text))
				return text
			})
		}
	})
	return nil
}

// readMessage returns to whom a message goes and what it says.
func (e *event) readMessage() (receiver, content string, err error) {
	m := [...]member{{name: "senderId"}, {name: "receiverId"}, {name: "content"}}
	if plain(e.Raw(0), m[:]) && m[0].absentOr(e.from.externalID) {
		receiver, content = m[1].text(), m[2].text()
		if usable(receiver) && usable(content) && utf8.RuneCountInString(content) <= maxContent {
			return receiver, content, nil
		}
	}
	return e.judgeMessage()
}

// usable reports whether a model takes a text for a required string.
func usable(s string) bool { return s != "" && strings.IndexByte(s, 0) < 0 }

// judgeMessage is readMessage for what is not plainly right. The words of what
// is wrong are the reference's: they also name a sender that is missing, though
// a message without one is good.
func (e *event) judgeMessage() (receiver, content string, err error) {
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
	// One of them may be on his way here from another node, which has not heard
	// of the message yet.
	if rt.c.Peers == nil && !rt.people.anyHere(m.SenderID, m.ReceiverID) {
		return
	}
	names, err := rt.names(rt.ctx, m.SenderID, m.ReceiverID)
	if err != nil {
		rt.failed("a message was not delivered", err)
		return
	}
	withText(func(text []byte) []byte {
		text = appendMessage(text, m, names[0], names[1])
		key := 2 * uint64(m.ID) // two events, whose keys differ for one who writes to himself
		rt.sent(rt.sockets.To(room(m.ReceiverID)).Key(key).Emit("receive_message", json.RawMessage(text)))
		rt.sent(rt.sockets.To(room(m.SenderID)).Key(key+1).Emit("message_sent", json.RawMessage(text)))
		return text
	})
}

// texts are for messages that are being sent: a packet has a copy of its own.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// withText has do make a text in an empty buffer that others use before and
// after it, and return it.
func withText(do func(text []byte) []byte) {
	buffer := texts.Get().(*[]byte)
	*buffer = do((*buffer)[:0])
	texts.Put(buffer)
}

// appendMessage appends a message as the reference sends it: as a document that
// was just made.
func appendMessage(dst []byte, m chat.Message, sender, receiver string) []byte {
	dst = slices.Grow(dst, len(m.Content)+300) // enough, if nothing is escaped
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
