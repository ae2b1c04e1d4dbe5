package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// conn is one connection, with a socket for each namespace that its client is
// in. It receives what the client sends.
type conn struct {
	server  *Server
	session *engineio.Session

	// These belong to whoever calls the methods of engineio.Receiver.
	partial *partial // nil unless attachments are due
	meter   meter
	broken  bool // the client broke the protocol: the rest is not read

	// mu also guards the parts of the connection's sockets that say so. It may
	// be taken under a namespace's mutex, never the other way round.
	mu      sync.Mutex
	links   []link
	running *Socket     // whose handler is being called
	timer   *time.Timer // waits for the first namespace; nil afterwards
}

// link is a namespace that the client believes to be in.
type link struct {
	namespace *Namespace
	socket    *Socket // nil after we have disconnected it, until the client connects again
}

// partial is a packet whose attachments are still to come.
type partial struct {
	packet      packet
	attachments [][]byte
	bytes       int
}

var (
	errReserved     = errors.New("reserved event name")
	errNotConnected = errors.New("packet for a namespace that is not connected")
	errConnected    = errors.New("namespace is connected already")
	errUnexpected   = errors.New("packet type is not for clients")
	errBinary       = errors.New("binary message that no packet announced")
	errText         = errors.New("text message while attachments are due")
	errTooLarge     = errors.New("attachments too large")
)

// refusal is an error that is worded for the client.
type refusal string

func (r refusal) Error() string { return string(r) }

const errNamespace refusal = "Invalid namespace"

// open begins a connection.
func (s *Server) open(session *engineio.Session) engineio.Receiver {
	c := &conn{server: s, session: session}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(s.config.ConnectTimeout, c.connectTimeout)
	return c
}

// connectTimeout closes the connection of a client that is in no namespace yet.
func (c *conn) connectTimeout() {
	c.mu.Lock()
	waiting := c.timer != nil
	c.mu.Unlock()
	if waiting {
		c.session.Close(engineio.ForcedClose)
	}
}

// settle ends the wait for the first namespace; the caller holds c.mu.
func (c *conn) settle() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
}

// Text takes one packet, without its attachments.
func (c *conn) Text(data []byte) {
	if c.broken {
		return
	}
	if c.partial != nil {
		c.fail(errText)
		return
	}
	p, err := parse(data)
	if err != nil {
		c.fail(err)
		return
	}
	if p.attachments > 0 {
		p.namespace = bytes.Clone(p.namespace)
		p.payload = bytes.Clone(p.payload)
		c.partial = &partial{packet: p}
		return
	}
	c.handle(p, nil)
}

// Binary takes one attachment. Those of one packet may be as large together as
// one message.
func (c *conn) Binary(data []byte) {
	if c.broken {
		return
	}
	due := c.partial
	if due == nil {
		c.fail(errBinary)
		return
	}
	if due.bytes += len(data); due.bytes > c.server.config.Engine.MaxPayload {
		c.fail(errTooLarge)
		return
	}
	due.attachments = append(due.attachments, append([]byte{}, data...))
	if len(due.attachments) == due.packet.attachments {
		c.partial = nil
		c.handle(due.packet, due.attachments)
	}
}

// Closed tells every socket.
func (c *conn) Closed(reason engineio.Reason) {
	c.mu.Lock()
	links := c.links
	c.links = nil
	c.settle()
	c.mu.Unlock()
	for _, l := range links {
		if l.socket != nil {
			// Deferred, so that all are told even if the handler of one panics.
			defer l.socket.leave(reason, false)
		}
	}
}

// fail closes the connection of a client that broke the protocol.
func (c *conn) fail(err error) {
	c.server.config.Log.Debug("socketio: closing a connection", "error", err)
	c.end(engineio.ParseError)
}

func (c *conn) end(reason engineio.Reason) {
	c.broken = true
	c.partial = nil
	c.session.Close(reason)
}

// handle does what a packet asks for.
func (c *conn) handle(p packet, attachments [][]byte) {
	if p.kind == kindConnect {
		c.connect(p)
		return
	}
	l, ok := c.link(p.namespace)
	if !ok {
		c.fail(errNotConnected)
		return
	}
	var err error
	switch p.kind {
	case kindDisconnect:
		c.unlink(l)
		if l.socket != nil {
			l.socket.leave(ClientDisconnect, false)
		}
	case kindEvent, kindBinaryEvent:
		err = c.event(l.socket, p, attachments)
	case kindAck, kindBinaryAck:
		err = c.ack(l.socket, p, attachments)
	default:
		err = errUnexpected
	}
	if err != nil {
		c.fail(err)
	}
}

// event calls the handler of an event.
func (c *conn) event(s *Socket, p packet, attachments [][]byte) error {
	verdict := c.count()
	if verdict == flood {
		c.server.config.Log.Debug("socketio: closing a connection that floods")
		c.end(engineio.ForcedClose)
		return nil
	}
	if s == nil {
		return nil // we disconnected it, and the client does not know yet
	}
	e, err := newEvent(s, p, attachments)
	if err != nil {
		return err
	}
	if ok, err := e.takeName(s.namespace); err != nil || !ok {
		return err
	}
	do := s.namespace.handler(e.Name)
	if verdict == tooMany {
		do = s.namespace.onFlood
	}
	if do == nil || !c.begin(s) {
		return nil
	}
	defer c.done(s)
	defer e.forget()
	do(s, e)
	return nil
}

// ack calls who waits for a reply. A reply that nobody waits for, or not any
// more, is ignored.
func (c *conn) ack(s *Socket, p packet, attachments [][]byte) error {
	if s == nil || !p.hasID {
		return nil
	}
	id := p.id
	p.hasID = false // nobody waits for a reply to a reply
	e, err := newEvent(s, p, attachments)
	if err != nil {
		return err
	}
	done := s.takeAck(id)
	if done == nil || !c.begin(s) {
		return nil
	}
	defer c.done(s)
	defer e.forget()
	done(e, nil)
	return nil
}

// connect lets the client into a namespace, or answers why not.
func (c *conn) connect(p packet) {
	if c.count() != inTime {
		c.end(engineio.ForcedClose)
		return
	}
	name := mainNamespace
	if len(p.namespace) > 0 {
		name = string(p.namespace)
	}
	n := c.server.namespaces[name]
	if n == nil {
		c.refuse(name, errNamespace)
		return
	}
	if l, ok := c.link(p.namespace); ok {
		if l.socket != nil {
			c.fail(errConnected)
			return
		}
		c.unlink(l)
	}
	auth := json.RawMessage(p.payload)
	if len(auth) == 0 {
		auth = json.RawMessage("{}")
	}

	s := newSocket(c, n)
	if !c.begin(s) {
		return
	}
	defer c.done(s)
	for _, check := range n.middleware {
		if err := check(s, auth); err != nil {
			c.refuse(name, err)
			return
		}
	}
	c.mu.Lock()
	c.links = append(c.links, link{n, s})
	c.settle()
	c.mu.Unlock()
	if !n.admit(s, auth) {
		c.unlink(link{n, s})
		return
	}
	if n.onConnect != nil {
		n.onConnect(s)
	}
}

// refuse answers a CONNECT with the reason why not.
func (c *conn) refuse(name string, err error) {
	body := struct {
		Message string `json:"message"`
		Data    any    `json:"data,omitempty"`
	}{Message: err.Error()}
	var more interface{ Data() any }
	if errors.As(err, &more) {
		body.Data = more.Data()
	}
	enc := c.server.encoder()
	defer c.server.release(enc)
	enc.head(kindConnectError, 0, name, 0, false)
	if err := enc.value(body); err != nil {
		c.server.config.Log.Error("socketio: the data of a refusal cannot be encoded", "error", err)
		return
	}
	c.session.Send(enc.frames(offset{})...)
}

// count counts a packet by the configured rate.
func (c *conn) count() verdict {
	rate := c.server.config.Rate
	if rate.PerSecond <= 0 {
		return inTime
	}
	return c.meter.count(rate, c.server.clock())
}

// link returns the link with the namespace of a packet.
func (c *conn) link(name []byte) (link, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.links {
		if l.namespace.name == string(name) || len(name) == 0 && l.namespace.name == mainNamespace {
			return l, true
		}
	}
	return link{}, false
}

// unlink removes a link.
func (c *conn) unlink(gone link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.links = slices.DeleteFunc(c.links, func(l link) bool { return l.namespace == gone.namespace })
}

// begin says that a handler of the socket is about to be called, and reports
// false if there must be no more calls because the socket has left.
func (c *conn) begin(s *Socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.left != "" {
		return false
	}
	c.running = s
	return true
}

// done says that the handler has returned. If the socket left meanwhile, it is
// told now.
func (c *conn) done(s *Socket) {
	c.mu.Lock()
	c.running = nil
	reason := s.left
	c.mu.Unlock()
	if reason != "" && s.namespace.onDisconnect != nil {
		s.namespace.onDisconnect(s, reason)
	}
}
