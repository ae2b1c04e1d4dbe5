package app

import (
	"context"
	"encoding/json"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// The topics of the chat.
const (
	topicChat = "chat"      // a chatBatch
	topicRead = "chat-read" // a chat.Mark
)

// chatBatch is a chat.Batch as it goes over the bus, or a part of one.
type chatBatch struct {
	Prev     int64         `json:"prev"`
	Messages []chatMessage `json:"messages"`
}

// chatMessage is a chat.Message; times are microseconds since 1970.
type chatMessage struct {
	ID       int64  `json:"id"`
	OID      oid.ID `json:"oid"`
	Sender   int64  `json:"from"`
	Receiver int64  `json:"to"`
	Content  string `json:"text"`
	Created  int64  `json:"at"`
	Updated  int64  `json:"updated"`
}

// Bounds of a chatBatch. JSON may write a byte as six, and the bus takes a
// mebibyte.
const (
	chatBatchBytes   = 128 << 10
	chatMessageBytes = 150 // besides the content
)

// chatBatches returns a batch in parts of a good size, each of which follows on
// the one before.
func chatBatches(b chat.Batch) []chatBatch {
	var list []chatBatch
	size := 0
	for _, m := range b.Messages {
		n := len(m.Content) + chatMessageBytes
		if size += n; len(list) == 0 || size > chatBatchBytes {
			list = append(list, chatBatch{Prev: b.Prev})
			size = n
		}
		last := &list[len(list)-1]
		last.Messages = append(last.Messages, chatMessage{
			ID: m.ID, OID: m.OID, Sender: m.SenderID, Receiver: m.ReceiverID, Content: m.Content,
			Created: m.Created.UnixMicro(), Updated: m.Updated.UnixMicro(),
		})
		b.Prev = m.ID
	}
	return list
}

func (b chatBatch) batch() chat.Batch {
	list := make([]chat.Message, len(b.Messages))
	for i, m := range b.Messages {
		list[i] = chat.Message{
			ID: m.ID, OID: m.OID, SenderID: m.Sender, ReceiverID: m.Receiver, Content: m.Content,
			Created: time.UnixMicro(m.Created).UTC(), Updated: time.UnixMicro(m.Updated).UTC(),
		}
	}
	return chat.Batch{Prev: b.Prev, Messages: list}
}

// connectChat has messages and read marks reach the sockets of all nodes.
func (a *App) connectChat() {
	a.heard = newHeardQueue()
	a.Chat.Stored.Subscribe(func(b chat.Batch) {
		for _, part := range chatBatches(b) {
			a.publishJSON(topicChat, part)
		}
	})
	a.Chat.Moved.Subscribe(func(m chat.Mark) { a.publishJSON(topicRead, m) })
	// What is too much to wait is found in the store, as is what was missed.
	a.Bus.Subscribe(topicChat, func(m bus.Message) {
		a.heard.add(func(ctx context.Context) { a.hearChat(ctx, m) })
	})
	a.Bus.Subscribe(topicRead, func(m bus.Message) {
		a.heard.add(func(ctx context.Context) { a.hearRead(ctx, m) })
	})
	a.Bus.OnGap(func() { a.heard.add(a.catchUp) })
}

func (a *App) hearChat(ctx context.Context, m bus.Message) {
	var b chatBatch
	err := json.Unmarshal(m.Data, &b)
	if err == nil {
		err = a.Chat.Hear(ctx, b.batch())
	}
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "messages of another node are told later", "node", m.Node, "error", err)
	}
}

func (a *App) hearRead(ctx context.Context, m bus.Message) {
	var mark chat.Mark
	if err := json.Unmarshal(m.Data, &mark); err != nil {
		a.Log.WarnContext(ctx, "a read mark was not understood", "node", m.Node, "error", err)
		return
	}
	a.Chat.HearRead(mark)
}

// catchUpEvery is how soon a message of another node is told that the bus has
// not carried.
const catchUpEvery = time.Second

// followChat tells of what other nodes have stored, if there may be any.
func (a *App) followChat(ctx context.Context) error {
	if a.heard == nil {
		return nil
	}
	tick := time.NewTicker(catchUpEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.heard.wake:
			a.heard.run(ctx)
		case <-tick.C:
			a.catchUp(ctx)
		}
	}
}

func (a *App) catchUp(ctx context.Context) {
	if err := a.Chat.CatchUp(ctx); err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "messages of other nodes are told later", "error", err)
	}
}
