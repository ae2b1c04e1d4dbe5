package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Types of packets, as digits: of Engine.IO …
const (
	engineOpen    = '0'
	engineClose   = '1'
	enginePing    = '2'
	enginePong    = '3'
	engineMessage = '4'
	engineUpgrade = '5'
	engineNoop    = '6'
)

// … and of Socket.IO.
const (
	packetConnect     = '0'
	packetDisconnect  = '1'
	packetEvent       = '2'
	packetAck         = '3'
	packetError       = '4'
	packetBinaryEvent = '5'
	packetBinaryAck   = '6'
)

// packet is a packet of Socket.IO.
type packet struct {
	kind        byte // one of the digits
	attachments int
	namespace   string
	id          string // of an acknowledgement; "" for none
	data        json.RawMessage
}

// partial is a packet some of whose attachments have not come yet.
type partial struct {
	packet
	come [][]byte
}

var errPacket = errors.New("socket.io client: the server sent no packet of Socket.IO")

// parse takes a packet apart: type, attachments and "-", namespace and ",",
// acknowledgement, data. What it returns shares text's memory.
func parse(text []byte) (p packet, err error) {
	if len(text) == 0 || text[0] < packetConnect || text[0] > packetBinaryAck {
		return p, errPacket
	}
	p.kind, p.namespace = text[0], "/"
	text = text[1:]
	if p.kind == packetBinaryEvent || p.kind == packetBinaryAck {
		n, rest, ok := bytes.Cut(text, []byte("-"))
		if p.attachments, err = strconv.Atoi(string(n)); err != nil || !ok {
			return p, errPacket
		}
		text = rest
	}
	if len(text) > 0 && text[0] == '/' {
		name, rest, _ := bytes.Cut(text, []byte(","))
		p.namespace, text = string(name), rest
	}
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	p.id, p.data = string(text[:digits]), json.RawMessage(text[digits:])
	return p, nil
}

// receive handles a packet of Engine.IO.
func (c *Conn) receive(e enginePacket) error {
	if e.binary {
		return c.attach(e.data)
	}
	if len(e.data) == 0 {
		return errPacket
	}
	switch e.data[0] {
	case engineOpen:
		return c.open(e.data[1:])
	case engineClose:
		return ErrEngineClosed
	case enginePing:
		return c.pong(e.data)
	case engineMessage:
		return c.message(e.data[1:])
	}
	return nil // a noop
}

// open learns what the server is, and connects to the namespace.
func (c *Conn) open(data []byte) error {
	var hello struct {
		SID                       string
		Upgrades                  []string
		PingInterval, PingTimeout int64 // milliseconds
	}
	if err := json.Unmarshal(data, &hello); err != nil {
		return fmt.Errorf("%w: %w", errPacket, err)
	}
	c.timeout = time.Duration(hello.PingInterval+hello.PingTimeout) * time.Millisecond
	connect, err := c.connect()
	if err != nil {
		return err
	}
	c.alive()
	if p, ok := c.transport.(*polling); ok { // which only run changes
		p.opened(hello.SID)
		if c.options.Upgrade && len(hello.Upgrades) > 0 {
			go c.upgrade(p, hello.SID)
		}
	}
	return c.write(textPacket(connect))
}

// connect returns the CONNECT packet.
func (c *Conn) connect() (string, error) {
	auth := c.options.Auth
	if c.options.PID != "" {
		fields := map[string]any{}
		if text, err := json.Marshal(auth); err != nil {
			return "", err
		} else if err := json.Unmarshal(text, &fields); err != nil {
			return "", err
		}
		if fields == nil { // Auth is nil
			fields = map[string]any{}
		}
		fields["pid"] = c.options.PID
		if c.options.Offset != "" {
			fields["offset"] = c.options.Offset
		}
		auth = fields
	}
	text := "40" + c.prefix()
	if auth == nil {
		return text, nil
	}
	payload, err := json.Marshal(auth)
	return text + string(payload), err
}

// prefix returns what names the namespace in a packet.
func (c *Conn) prefix() string {
	if c.options.Namespace == "/" {
		return ""
	}
	return c.options.Namespace + ","
}

// pong answers a ping, which may end in anything.
func (c *Conn) pong(ping []byte) error {
	c.alive()
	return c.write(textPacket(string(enginePong) + string(ping[1:])))
}

// message handles a packet of Socket.IO.
func (c *Conn) message(text []byte) error {
	if f := c.options.OnPacket; f != nil && f(c, text) {
		return nil
	}
	p, err := parse(text)
	if err != nil || p.namespace != c.options.Namespace {
		return err
	}
	p.data = bytes.Clone(p.data)
	if p.attachments > 0 {
		c.partial = &partial{packet: p}
		return nil
	}
	return c.handle(p)
}

// attach takes the next attachment of a binary packet.
func (c *Conn) attach(data []byte) error {
	whole := c.partial
	if whole == nil {
		return errPacket
	}
	if whole.come = append(whole.come, bytes.Clone(data)); len(whole.come) < whole.attachments {
		return nil
	}
	c.partial = nil
	var v any
	d := json.NewDecoder(bytes.NewReader(whole.data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return fmt.Errorf("%w: %w", errPacket, err)
	}
	var err error
	if whole.data, err = json.Marshal(filled(v, whole.come)); err != nil {
		return err
	}
	return c.handle(whole.packet)
}

// filled returns v with the attachments in place of what stands for them.
func filled(v any, attachments [][]byte) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = filled(v[i], attachments)
		}
	case map[string]any:
		if v["_placeholder"] == true {
			number, _ := v["num"].(json.Number)
			if n, err := strconv.Atoi(number.String()); err == nil && n >= 0 && n < len(attachments) {
				return attachments[n]
			}
		}
		for key := range v {
			v[key] = filled(v[key], attachments)
		}
	}
	return v
}

// handle handles a packet with all its attachments.
func (c *Conn) handle(p packet) error {
	switch p.kind {
	case packetConnect:
		return c.connected(p.data)
	case packetDisconnect:
		return ErrDisconnected
	case packetEvent, packetBinaryEvent:
		return c.event(p)
	case packetAck, packetBinaryAck:
		return c.acknowledged(p)
	}
	refusal := &ConnectError{}
	if err := json.Unmarshal(p.data, refusal); err != nil {
		refusal.Message = string(p.data)
	}
	return refusal
}

// connected notes the ids of the socket.
func (c *Conn) connected(data []byte) error {
	var ids struct{ SID, PID string }
	if err := json.Unmarshal(data, &ids); err != nil {
		return fmt.Errorf("%w: %w", errPacket, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sid != "" {
		return errPacket
	}
	c.recovered = c.options.PID != "" && ids.PID == c.options.PID
	if !c.recovered {
		c.offset = ""
	}
	c.sid, c.pid = ids.SID, ids.PID
	close(c.ready)
	return nil
}

// event hands an event over, and acknowledges it if that is asked for.
func (c *Conn) event(p packet) error {
	var args []json.RawMessage
	var name string
	if err := json.Unmarshal(p.data, &args); err != nil || len(args) == 0 {
		return errPacket
	}
	if err := json.Unmarshal(args[0], &name); err != nil {
		return errPacket
	}
	args = args[1:]
	if p.id == "" && len(args) > 0 {
		c.note(args[len(args)-1])
	}
	if p.id != "" && c.options.OnCall != nil {
		reply := c.options.OnCall(name, args)
		return c.send(packetAck, p.id, reply)
	}
	if c.options.OnEvent != nil {
		c.options.OnEvent(name, args)
	}
	return nil
}

// note keeps the last argument of an event as its offset, if it can be one.
func (c *Conn) note(last json.RawMessage) {
	var offset string
	if last[0] != '"' || json.Unmarshal(last, &offset) != nil {
		return
	}
	c.mu.Lock()
	if c.pid != "" {
		c.offset = offset
	}
	c.mu.Unlock()
}

// textPacket returns text that begins with the type of its packet.
func textPacket(text string) enginePacket { return enginePacket{data: []byte(text)} }

// encode returns a packet of Socket.IO as packets of Engine.IO: each argument
// that is a []byte becomes an attachment.
func encode(kind byte, prefix, id string, args []any) ([]enginePacket, error) {
	var attachments []enginePacket
	list := make([]any, len(args))
	for i, arg := range args {
		if data, ok := arg.([]byte); ok {
			arg = map[string]any{"_placeholder": true, "num": len(attachments)}
			attachments = append(attachments, enginePacket{data: data, binary: true})
		}
		list[i] = arg
	}
	data, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("socket.io client: %w", err)
	}
	var text strings.Builder
	text.WriteByte(engineMessage)
	if len(attachments) == 0 {
		text.WriteByte(kind)
	} else {
		text.WriteByte(kind + packetBinaryEvent - packetEvent)
		fmt.Fprintf(&text, "%d-", len(attachments))
	}
	text.WriteString(prefix + id)
	text.Write(data)
	return append([]enginePacket{textPacket(text.String())}, attachments...), nil
}
