package realtime

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// The additions to the reference's events are spoken only with clients that
// ask for them in their CONNECT, so that the others meet nothing new.
type extras struct{ typing, read bool }

// extrasOf reads what a client asks for: a list of names. Those that nobody
// knows are left out.
func extrasOf(asked any) extras {
	names, _ := asked.([]any)
	return extras{typing: slices.Contains(names, any("typing")), read: slices.Contains(names, any("read"))}
}

// Rooms of the sockets of a user that asked for an addition.
func typingRoom(userID int64) string { return "extra:typing:" + strconv.FormatInt(userID, 10) }
func readRoom(userID int64) string   { return "extra:read:" + strconv.FormatInt(userID, 10) }

func (x extras) rooms(userID int64) []string {
	var rooms []string
	if x.typing {
		rooms = append(rooms, typingRoom(userID))
	}
	if x.read {
		rooms = append(rooms, readRoom(userID))
	}
	return rooms
}

// typingNow is what a user learns of one who writes to him.
type typingNow struct {
	UserID string `json:"userId"`
	Typing bool   `json:"typing"`
}

// typing tells another user that the sender is writing to him, or has stopped.
// It is worth nothing later, so nobody recovers it.
func (e *event) typing() error {
	if !e.from.extras.typing {
		e.rt.unknown(e.socket, e.Event)
		return nil
	}
	sent := e.payload()
	otherID, _, err := e.readOther(sent)
	if err != nil {
		return err
	}
	typing := true
	switch t := mongoose.Member(sent, "typing").(type) {
	case nil, mongoose.Missing:
	case bool:
		typing = t
	default:
		return mongoose.Invalid("Typing", "typing: "+mongoose.InvalidMessage("typing"))
	}
	notice := typingTo{otherID, typingNow{e.from.externalID, typing}}
	e.rt.showTyping(notice)
	e.rt.passOnTyping(notice)
	e.succeed(done{OK: true})
	return nil
}

// typingTo is a notice and whom it is for, as it passes between nodes.
type typingTo struct {
	ReceiverID int64
	Now        typingNow
}

func (rt *Realtime) showTyping(t typingTo) {
	rt.sent(rt.sockets.To(typingRoom(t.ReceiverID)).Volatile().Emit("typing", t.Now))
}

func (rt *Realtime) passOnTyping(t typingTo) {
	if rt.c.Peers == nil {
		return
	}
	notice, err := json.Marshal(t)
	rt.sent(err)
	rt.c.Peers.Typing(notice)
}

// HearTyping takes a notice of another node.
func (rt *Realtime) HearTyping(notice []byte) {
	var t typingTo
	if json.Unmarshal(notice, &t) == nil {
		rt.showTyping(t)
	}
}

// marked is the acknowledgement of a mark: how far the caller has read then,
// and how many messages there are that he has not.
type marked struct {
	OK        bool    `json:"ok"`
	Unread    int     `json:"unread"`
	MessageID *string `json:"messageId"` // null if there is none
}

// readUpTo is what both learn of how far one of them has read.
type readUpTo struct {
	ReaderID  string `json:"readerId"`
	UserID    string `json:"userId"`
	MessageID string `json:"messageId"`
	At        string `json:"at"`
}

// markRead notes how far the sender has read what another wrote to him.
func (e *event) markRead() error {
	if !e.from.extras.read {
		e.rt.unknown(e.socket, e.Event)
		return nil
	}
	sent := e.payload()
	otherID, messageID, err := e.readOther(sent)
	if err != nil {
		return err
	}
	ctx, actor := e.rt.ctx, e.from.actor()
	mark, err := e.rt.c.Chat.MarkRead(ctx, actor, otherID, messageID)
	if err != nil {
		return refused(messageModel, err)
	}
	reply := marked{OK: true}
	if mark.MessageID != 0 {
		id := string(mark.MessageOID)
		reply.MessageID = &id
	}
	if reply.Unread, err = e.rt.c.Chat.UnreadFrom(ctx, actor, otherID); err != nil {
		return err
	}
	e.succeed(reply)
	return nil
}

// readOther returns the other user of a conversation, and the message in it
// that is named; 0 for none.
func (e *event) readOther(sent mongoose.Value) (otherID, messageID int64, err error) {
	if err := destructured("userId", "", sent); err != nil {
		return 0, 0, err
	}
	v := mongoose.Validator{Model: messageModel}
	other := v.Text("userId", mongoose.Member(sent, "userId"))
	named := v.ID("messageId", mongoose.Member(sent, "messageId"))
	if err := v.Err(); err != nil {
		return 0, 0, err
	}
	if otherID, err = e.userID("userId", other); err != nil || named == "" {
		return otherID, 0, err
	}
	m, err := e.rt.c.Chat.MessageByOID(e.rt.ctx, e.from.actor(), named)
	if errs.Is(err, errs.NotFound) {
		return 0, 0, mongoose.Invalid(messageModel, "messageId: "+unknownMessage("messageId"))
	}
	return otherID, m.ID, err
}

// counts is the acknowledgement of unread.
type counts struct {
	OK     bool           `json:"ok"`
	Counts map[string]int `json:"counts"` // by the other user; who has none is left out
}

// unread answers how many messages of each user the sender has not read.
func (e *event) unread() error {
	if !e.from.extras.read {
		e.rt.unknown(e.socket, e.Event)
		return nil
	}
	if !e.WantsAck() {
		return errs.New(errs.Invalid, "unread is answered by its acknowledgement: ask for one")
	}
	byID, err := e.rt.c.Chat.Unread(e.rt.ctx, e.from.actor())
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(byID))
	for id := range byID {
		ids = append(ids, id)
	}
	names, err := e.rt.names(e.rt.ctx, ids...)
	if err != nil {
		return err
	}
	reply := counts{OK: true, Counts: make(map[string]int, len(ids))}
	for i, id := range ids {
		reply.Counts[names[i]] = byID[id]
	}
	e.succeed(reply)
	return nil
}

// messagesRead tells both users how far one of them has read.
func (rt *Realtime) messagesRead(m chat.Mark) {
	if !rt.people.anyHere(m.ReaderID, m.OtherID) {
		return
	}
	names, err := rt.names(rt.ctx, m.ReaderID, m.OtherID)
	if err != nil {
		rt.failed("a read mark was not told", err)
		return
	}
	rt.sent(rt.sockets.To(readRoom(m.ReaderID), readRoom(m.OtherID)).Emit("messages_read", readUpTo{
		ReaderID: names[0], UserID: names[1], MessageID: string(m.MessageOID), At: string(appendMillis(nil, m.At)),
	}))
}
