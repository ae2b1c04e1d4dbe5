package realtime

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gobwas/ws"
)

// Attacks by what is no packet, no frame, no request or no argument.

// fatal are packets that end the session of who sends them after its CONNECT.
var fatal = []string{
	"", "7", "x", "1", "2", "4", "47", "4x", "\x00",
	"42", "42[", "42{}", `42"x"`, "42[]", "42[null]", "42[{}]", `42["x"`, `42["x"]]`, `42["x"]["x"]`, `42["x",]`, "42['x']",
	`42["connect"]`, `42["disconnect"]`, `42["disconnecting"]`, `42["newListener"]`,
	`42["x",` + nested(600) + "]", `42["x",` + strings.Repeat("[", 300_000), `42["x",` + strings.Repeat(`{"a":`, 100_000),
	`421234567890123456["x"]`, `42/nowhere,["x"]`,
	"40", "40[]", "40{", "40null", `40{"a":` + nested(20_000) + "}",
	"41x", "41[]", "41/nowhere,", "43", "43{}", "431", `44{"message":"x"}`,
	"45", `45["x"]`, `451["x"]`, `45-["x"]`, `4511-["x"]`, `4599999999999999999999-["x"]`, `45-1-["x"]`, `450-["x",{"_placeholder":true,"num":0}]`,
}

// harmless are packets without effect.
var harmless = []string{
	"0", "3", "3x", "5", "6", "6x",
	"42[1]", "42[-1.5]", `42/,["?"]`, `42["?"]`, `42["?",1,[2],{"three":3}]`, `42 ["?"]`, `42["\u0000"]`, `42["\ud800"]`, `42["__proto__",{}]`, `42["toString"]`, `42[""]`,
	`430[]`, `43999["x"]`, `450-["?"]`, "40/nowhere,", `40/` + strings.Repeat("n", 10_000) + `,{"token":"x"}`, `42["` + strings.Repeat("?", 100_000) + `"]`,
}

func (a *attacker) malformedPackets() {
	for _, packet := range fatal {
		w := a.enter()
		w.text(packet)
		if err := w.ended(); err != nil {
			a.t.Errorf("after %.50q: %v", packet, err)
		}
		sid := a.enterPolling()
		a.post(sid, packet)
		a.pollingEnds(sid)
	}
	for _, frames := range [][]ws.Frame{
		{ws.NewBinaryFrame(nil)},
		{ws.NewBinaryFrame([]byte("42[]"))},
		{ws.NewTextFrame([]byte(`451-["x",{"_placeholder":true,"num":0}]`)), ws.NewTextFrame([]byte(`42["x"]`))},
		{ws.NewTextFrame([]byte(`451-["x",{"_placeholder":true,"num":1}]`)), ws.NewBinaryFrame(nil)},
		{ws.NewTextFrame([]byte(`452-["x"]`)), ws.NewBinaryFrame(make([]byte, 600_000)), ws.NewBinaryFrame(make([]byte, 600_000))},
	} {
		w := a.enter()
		for _, f := range frames {
			w.frame(f)
		}
		if err := w.ended(); err != nil {
			a.t.Errorf("after %v: %v", frames[0].Header, err)
		}
	}
	w, sid := a.enter(), a.enterPolling()
	for _, packet := range harmless {
		w.text(packet)
		w.alive()
		a.post(sid, packet)
		a.aliveByPolling(sid)
	}
	w.text(`4510-["x"]`) // and goes
}

func (a *attacker) malformedFrames() {
	const final, masked = 0x80, 0x80
	compile := func(frames ...ws.Frame) (data []byte) {
		for _, f := range frames {
			data = append(data, ws.MustCompileFrame(ws.MaskFrame(f))...)
		}
		return data
	}
	fragment := func(op ws.OpCode, fin bool, payload string) ws.Frame { return ws.NewFrame(op, fin, []byte(payload)) }
	reserved := ws.NewTextFrame([]byte("3"))
	reserved.Header.Rsv = ws.Rsv(true, false, false)
	half := strings.Repeat("4", 600_000)
	for name, data := range map[string][]byte{
		"no mask":                   ws.MustCompileFrame(ws.NewTextFrame([]byte("3"))),
		"a reserved bit":            compile(reserved),
		"a reserved opcode":         compile(fragment(3, true, "")),
		"a reserved control opcode": compile(fragment(0xb, true, "")),
		"a long ping":               compile(fragment(ws.OpPing, true, strings.Repeat("x", 126))),
		"a ping in fragments":       compile(fragment(ws.OpPing, false, "")),
		"a continuation of nothing": compile(fragment(ws.OpContinuation, true, "3")),
		"a message within another":  compile(fragment(ws.OpText, false, "4"), fragment(ws.OpText, true, "3")),
		"an exabyte":                {final | byte(ws.OpText), masked | 127, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4},
		"a negative length":         {final | byte(ws.OpText), masked | 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4},
		"one byte too many":         compile(fragment(ws.OpText, true, strings.Repeat("4", 1_000_001))),
		"fragments too large":       compile(fragment(ws.OpText, false, half), fragment(ws.OpContinuation, true, half)),
		"invalid UTF-8":             compile(fragment(ws.OpText, true, "42[\"\xff\"]")),
		"a surrogate":               compile(fragment(ws.OpText, true, "42[\"\xed\xa0\x80\"]")),
		"invalid UTF-8 in parts":    compile(fragment(ws.OpText, false, "42[\"\xc3"), fragment(ws.OpContinuation, true, "\"]")),
		"a close frame of one byte": compile(fragment(ws.OpClose, true, "x")),
		"a forbidden close code":    compile(fragment(ws.OpClose, true, "\x03\xed")),
		"HTTP":                      []byte("GET / HTTP/1.1\r\n\r\n"),
	} {
		w := a.enter()
		w.write(data)
		if err := w.ended(); err != nil {
			a.t.Errorf("after %s: %v", name, err)
		}
	}
	// What is never finished is cut off by the ping that is not answered.
	w := a.enter()
	w.write(compile(fragment(ws.OpText, false, "42"), fragment(ws.OpText, true, half))[:500_000])
	sid := a.enterPolling()
	a.post(sid, "42[\"\xff\"]")
	a.pollingEnds(sid)
}

func (a *attacker) malformedRequests() {
	sid := a.enterPolling()
	here := polling + "&sid=" + sid
	upgrade := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}}
	for _, tt := range []struct {
		method, query string
		body          int64
		header        http.Header
		status        int
	}{
		{"GET", "", 0, nil, 400},
		{"GET", "EIO=4", 0, nil, 400},
		{"GET", "EIO=4&transport=webtransport", 0, nil, 400},
		{"GET", "EIO=3&transport=polling", 0, nil, 400},
		{"GET", "EIO=4&transport=websocket", 0, nil, 400},
		{"GET", "EIO=4&transport=websocket", 0, upgrade, 400}, // without a key
		{"GET", polling, 0, upgrade, 400},
		{"GET", polling + "&j=alert(1)", 0, nil, 400},
		{"GET", polling + "&j=" + strings.Repeat("1", 21), 0, nil, 400},
		{"GET", polling + "&sid=" + strings.Repeat("x", 10_000), 0, nil, 400},
		{"GET", polling + "&sid=%ff%00", 0, nil, 400},
		{"POST", polling, 0, nil, 400},
		{"PUT", here, 0, nil, 400},
		{"DELETE", here, 0, nil, 400},
		{"GET", "EIO=4&transport=websocket&sid=" + sid, 0, nil, 400},
		{"GET", here + "&j=x", 0, nil, 400},
		{"POST", here, 1_000_001, nil, 413},
	} {
		var body io.Reader
		if tt.body > 0 {
			body = zeros(tt.body)
		}
		// A server that does not read a body may close before its answer is read.
		if status, answer := a.request(tt.method, tt.query, body, tt.header); status != tt.status && (body == nil || status != 0) {
			a.t.Errorf("%s %.50s: %d %s", tt.method, tt.query, status, answer)
		}
	}
	if status, answer := a.post(sid, strings.Repeat("4", 1_000_001)); status != 413 && status != 0 {
		a.t.Errorf("too large: %d %s", status, answer)
	}
	a.aliveByPolling(sid)
	if status, _ := a.request("POST", here, zeros(10), http.Header{"Content-Type": {"application/octet-stream"}}); status != 400 {
		a.t.Errorf("a binary body: %d", status)
	}
	a.pollingEnds(sid)

	sid = a.enterPolling()
	check(a.t, a.half(sid).Close())
	a.pollingEnds(sid)
	sid = a.enterPolling()
	a.half(sid)
	for status := 200; status != 400; { // until the first has arrived
		status, _ = a.post(sid, "3")
	}
	a.pollingEnds(sid)
}

// wrongTypes puts everything into every place of every event. Each is answered,
// one way or another.
func (a *attacker) wrongTypes() {
	values := []string{
		"null", "true", "0", "-1.5e300", "1e999", `""`, `"x"`, `"\u0000"`, `"\ud800"`, `"` + strings.Repeat("é", 10_001) + `"`,
		"[]", `[[1],{"a":null}]`, "{}", `{"_id":"x"}`, `{"_id":{"$ne":null}}`, `{"__proto__":{"x":1}}`, `{"_placeholder":true,"num":0}`, nested(400),
	}
	w := a.enter()
	n := 0
	try := func(event, args string) {
		n++
		w.text(fmt.Sprintf("42%d[%q%s]", n, event, args))
		if p, begin := w.until(fmt.Sprintf("43%d[", n)), fmt.Sprintf(`43%d[{"ok":`, n); !strings.HasPrefix(p, begin) {
			a.t.Errorf("%s%.50s: %.100s", event, args, p)
		}
	}
	for event, right := range map[string]map[string]string{
		"user_connected":  nil,
		"update_activity": {"userId": a.me.ExternalID, "activity": "Playing X"},
		"send_message":    {"senderId": a.me.ExternalID, "receiverId": a.me.ExternalID, "content": "Hello"},
		"typing":          {"userId": a.me.ExternalID, "typing": ""},
		"mark_read":       {"userId": a.me.ExternalID, "messageId": ""},
		"unread":          nil,
		"?":               nil,
	} {
		try(event, "")
		try(event, strings.Repeat(",null", 10_000))
		for _, value := range values {
			try(event, ","+value)
			for wrong := range right {
				object := fmt.Sprintf("%q:%s", wrong, value)
				for name, text := range right {
					if name != wrong {
						object += fmt.Sprintf(",%q:%q", name, text)
					}
				}
				try(event, ",{"+object+"}")
			}
		}
	}
	w.alive()
}
