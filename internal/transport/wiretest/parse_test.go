package wiretest

import (
	"os"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"nothing before the first case", "GET /", "s.txt:1: a case begins with =="},
		{"a case without a name", "==", "s.txt:1: the case has no name"},
		{"two of a name", "== a\nGET /\n-> 200\n== a", `s.txt:4: there is a case "a" already`},
		{"no request line", "== a\nas bob", `s.txt:2: "as bob" is no request line`},
		{"a request without a target", "== a\nGET", `s.txt:2: "GET" is no request line`},
		{"no status", "== a\nGET /\n== b", `s.txt:3: the case "a" expects nothing`},
		{"no status at the end", "== a\nGET /\n", `s.txt:2: the case "a" expects nothing`},
		{"a bad status", "== a\nGET /\n-> ok", `s.txt:3: "-> ok" is no status`},
		{"two statuses", "== a\nGET /\n-> 200\n-> 201", "s.txt:4: there is a status already"},
		{"a header after the body", "== a\nPOST /\n{}\nVary: x\n-> 200", `s.txt:4: "Vary: x" stands after the body`},
		{"a directive after the body", "== a\nPOST /\n{}\nas bob\n-> 200", `s.txt:4: "as bob" stands after the body`},
		{"two bodies", "== a\nPOST /\n|x\n{}\n-> 200", "stands after the body"},
		{"repeat", "== a\nGET /\nrepeat 0\n-> 200", "s.txt:3: \"repeat 0\": repeat takes a number"},
		{"an unknown directive", "== a\nGET /\nwait 5\n-> 200", `s.txt:3: "wait 5" is no header`},
		{"a form as an answer", "== a\nGET /\n-> 200\nform a=b", `s.txt:4: "form a=b" is no body of an answer`},
		{"an unknown expectation", "== a\nGET /\n-> 200\nwhatever", `s.txt:4: "whatever" is no header or body`},
		{"json~ alone", "== a\nGET /\n-> 200\njson~ x", "s.txt:4: after json~ JSON follows"},
		{"an open quote", "== a\nPOST /\nbody \"x\n-> 200", `s.txt:3: "x is no quoted string`},
		{"a field without a value", "== a\nPOST /\nmultipart title\n-> 200", `s.txt:3: "title" is no field`},
		{"an open quote in a field", "== a\nPOST /\nmultipart a=\"x\n-> 200", `s.txt:3: "x is no quoted string`},
		{"something after a quote", "== a\nPOST /\nmultipart a=\"x\"y\n-> 200", `s.txt:3: "y" stands right after a value`},
		{"an unknown attribute", "== a\nPOST /\nmultipart a=@x;size=1\n-> 200", `s.txt:3: a file has no "size"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse("s.txt", tt.script)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	s := scope{vars: map[string]string{"id": "7", "raw": "{id}<int>"}}
	tests := []struct{ template, want string }{
		{"", ""},
		{"/songs/{id}/", "/songs/7/"},
		{"{{id}", "{id}"},
		{"<<int>", "<int>"},
		{"<ab*3>", "ababab"},
		{"<日本*2>", "日本日本"},
		{`{"a":{"b":[{}]}}`, `{"a":{"b":[{}]}}`},
		{`<!DOCTYPE html><p class="x">a < b</p><br/>`, `<!DOCTYPE html><p class="x">a < b</p><br/>`},
		{"{raw}", "{id}<int>"},
		{"{bad", "{bad"},
		{"<hex0><hex9999><nokind>", "<hex0><hex9999><nokind>"},
	}
	for _, tt := range tests {
		if got, err := s.expand(tt.template); err != nil || got != tt.want {
			t.Errorf("expand(%q) = %q, %v, want %q", tt.template, got, err, tt.want)
		}
		p, err := s.compile(tt.template)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := s.match(p, tt.want); d != nil || err != nil {
			t.Errorf("compile(%q) does not match %q: %v %v", tt.template, tt.want, d, err)
		}
	}
}

func TestKinds(t *testing.T) {
	tests := []struct {
		kind      string
		yes, noes []string
	}{
		{"int", []string{"0", "-5", "42"}, []string{"", "1.5", "x"}},
		{"number", []string{"0", "1.5", "-1e3"}, []string{"", ".5", "1."}},
		{"hex24", []string{"0123456789abcdef01234567"}, []string{"0123456789abcdef0123456", "0123456789ABCDEF01234567"}},
		{"alnum7", []string{"aZ09xyz"}, []string{"aZ09xy", "aZ09xy_"}},
		{"micros", []string{"2026-11-22T14:08:32.515170Z", "2024-01-15T10:00:00Z"}, []string{"2026-11-22T14:08:32.515Z", "2026-11-22 14:08:32Z"}},
		{"millis", []string{"2026-11-22T14:18:51.572Z"}, []string{"2026-11-22T14:18:51Z"}},
		{"httpdate", []string{"Sun, 22 Nov 2026 14:18:51 GMT"}, []string{"Sun, 22 Nov 2026 14:18:51 UTC"}},
		{"uuid", []string{"0190b2a4-7c7e-7d3e-8f00-0123456789ab"}, []string{"0190b2a47c7e7d3e8f000123456789ab"}},
		{"etag", []string{`W/"2-l9Fw"`, `""`}, []string{`w/"x"`, `x`, `"a"b"`}},
		{"string", []string{"", `a\"b`, "日本"}, []string{`a"b`, `\`, "a\nb"}},
		{"word", []string{"a.b-c/d"}, []string{"", "a b", "a;", "a,b"}},
		{"any", []string{"", "a\nb"}, nil},
	}
	for _, tt := range tests {
		s := scope{vars: map[string]string{}}
		p, err := s.compile("<" + tt.kind + ">")
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range tt.yes {
			if d, _ := s.match(p, text); d != nil {
				t.Errorf("%s does not match %q", tt.kind, text)
			}
		}
		for _, text := range tt.noes {
			if d, _ := s.match(p, text); d == nil {
				t.Errorf("%s matches %q", tt.kind, text)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	script, err := os.ReadFile("testdata/format.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(script))
	f.Add("== a\nPOST /\nmultipart a=@x;name=\"\\x00\";type= b=<x*9>\n-> 200\njson~ {\"a\":<b int>}\n")
	f.Fuzz(func(t *testing.T, text string) {
		cases, err := parse("s.txt", text)
		if err != nil {
			return
		}
		for _, c := range cases {
			if c.status == 0 || c.method == "" {
				t.Errorf("the case %q lacks its request or status", c.name)
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add(`{"id":<id int>,"b":"<id int>"}`, `{"id":1,"b":"2"}`)
	f.Add("<a any>x<string>y", "xxyy")
	f.Add("é", "è")
	f.Fuzz(func(t *testing.T, template, got string) {
		if strings.Contains(template, "*") {
			return // a repetition may rightly be large
		}
		s := scope{vars: map[string]string{}}
		p, err := s.compile(template)
		if err != nil {
			return
		}
		d, err := s.match(p, got)
		if err == nil && d != nil && d.same+d.got != got {
			t.Errorf("%q + %q is not the answer %q", d.same, d.got, got)
		}
	})
}
