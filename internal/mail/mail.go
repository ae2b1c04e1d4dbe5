// Package mail writes the mails that the server sends to people, and hands them
// to a mail server.
//
// A Writer makes a Message of a Letter, in words from the folder texts; a Sender
// sends it.
package mail

import (
	"context"
	"log/slog"
)

// Message is a mail that is ready to be sent.
type Message struct {
	To, ToName string // an address, and whose it is: "" if that is not known
	Subject    string
	Text, HTML string // the same twice
}

// Sender sends mails.
type Sender interface {
	// Send returns once somebody else is responsible for the message. Errors:
	// Invalid if the receiver's address is refused for good; any other may be
	// over after a while.
	Send(ctx context.Context, m Message) error
}

// Log is a Sender that sends nothing: it writes mails to the log, where the
// operator finds the links in them.
type Log struct{ log *slog.Logger }

// NewLog returns a Sender that writes to a log.
func NewLog(log *slog.Logger) Log { return Log{log} }

// Send implements Sender.
func (l Log) Send(ctx context.Context, m Message) error {
	l.log.WarnContext(ctx, "a mail was not sent, for there is no mail server", "to", m.To, "subject", m.Subject, "text", m.Text)
	return nil
}
