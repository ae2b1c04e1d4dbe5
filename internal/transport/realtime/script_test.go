package realtime

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/socketio/client"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// The scripts of testdata/events_*.txt say which packets go over which
// connection:
//
//	== a case, in a house of its own
//	A opens ann {"extras":["read"]}   connects Ann under the name A, with more in her CONNECT
//	A > 42["user_connected","{ann}"]  the client sends; {ann} is her id
//	A < 42["user_connected","{ann}"]  the server sends, before anything else to A;
//	                                  <hex24> and <millis> stand for any such text, <name kind> keeps it as {name}
//	A closes                          says goodbye
//	A drops                           breaks off
//
// At the end of a case nothing else may have been sent to anybody.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/events_*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		check(t, err)
		for _, text := range strings.Split("\n"+string(data), "\n== ")[1:] {
			title, body, _ := strings.Cut(text, "\n")
			for _, engine := range storetest.Engines() {
				t.Run(title+" "+engine, func(t *testing.T) {
					play(newHouse(t, engine, nil), body)
				})
			}
		}
	}
}

func play(h *house, body string) {
	h.t.Helper()
	lines, vars := map[string]*line{}, map[string]string{}
	for _, text := range strings.Split(body, "\n") {
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		name, rest, _ := strings.Cut(text, " ")
		verb, arg, _ := strings.Cut(rest, " ")
		arg = h.fill(arg)
		for k, v := range vars {
			arg = strings.ReplaceAll(arg, "{"+k+"}", v)
		}
		l := lines[name]
		switch verb {
		case "opens":
			who, more, _ := strings.Cut(arg, " ")
			auth := h.auth(who)
			if more != "" {
				check(h.t, json.Unmarshal([]byte(more), &auth))
			}
			var err error
			lines[name], err = h.dial(name, client.Options{Auth: auth})
			check(h.t, err)
		case ">":
			l.send(arg)
		case "<":
			got := l.next()
			if !match(arg, got, vars) {
				h.t.Fatalf("%s\n got %s\nwant %s", text, got, arg)
			}
		case "closes":
			l.Close()
			delete(lines, name)
		case "drops":
			l.Drop()
			delete(lines, name)
		default:
			h.t.Fatalf("unknown line: %s", text)
		}
	}
	for _, l := range lines {
		l.quiet()
	}
}

var (
	placeholder = regexp.MustCompile(`<(?:(\w+) )?(hex24|millis)>`)
	kinds       = map[string]string{"hex24": `[0-9a-f]{24}`, "millis": `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`}
)

// match compares a packet with what is expected, and keeps what has a name.
func match(want, got string, vars map[string]string) bool {
	var b strings.Builder
	var names []string
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(want, -1) {
		b.WriteString(regexp.QuoteMeta(want[at:m[0]]))
		b.WriteString("(" + kinds[want[m[4]:m[5]]] + ")")
		name := ""
		if m[2] >= 0 {
			name = want[m[2]:m[3]]
		}
		names = append(names, name)
		at = m[1]
	}
	found := regexp.MustCompile("^" + b.String() + regexp.QuoteMeta(want[at:]) + "$").FindStringSubmatch(got)
	if found == nil {
		return false
	}
	for i, name := range names {
		if name != "" {
			vars[name] = found[i+1]
		}
	}
	return true
}
