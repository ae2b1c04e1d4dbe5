package node

import "github.com/antiphon-music/antiphon/internal/chat"

// appendMessage appends a message; names are the external ids of its parties.
func appendMessage(dst []byte, m chat.Message, names map[int64]string) []byte {
	dst = appendID(append(dst, '{'), m.OID)
	dst = appendField(dst, "senderId", names[m.SenderID])
	dst = appendField(dst, "receiverId", names[m.ReceiverID])
	dst = appendField(dst, "content", m.Content)
	return appendTimes(dst, m.Created, m.Updated)
}
