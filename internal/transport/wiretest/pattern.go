package wiretest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A pattern is a template of the answer whose variables have been filled in:
// literals and placeholders.
type pattern []piece

// compile fills in the variables of a template, and the placeholders whose name
// has a value already.
func (s scope) compile(template string) (pattern, error) {
	pieces, err := split(template)
	if err != nil {
		return nil, err
	}
	var filled pattern
	for _, p := range pieces {
		if p.variable != "" {
			v, err := s.value(p.variable)
			if err != nil {
				return nil, err
			}
			p = piece{literal: v}
		} else if v, ok := s.vars[p.capture]; ok && p.capture != "" {
			p = piece{literal: v}
		}
		if n := len(filled); n > 0 && p.isLiteral() && filled[n-1].isLiteral() {
			filled[n-1].literal += p.literal
		} else {
			filled = append(filled, p)
		}
	}
	return filled, nil
}

// text returns the one text the pattern matches, if it has no placeholder. Such
// a pattern is compared without a regular expression, and so may hold bytes
// that are not UTF-8.
func (p pattern) text() (string, bool) {
	switch {
	case len(p) == 0:
		return "", true
	case len(p) == 1 && p[0].isLiteral():
		return p[0].literal, true
	}
	return "", false
}

// expr returns the regular expression of the pattern, with a group g0, g1, …
// for each placeholder.
func (p pattern) expr() string {
	var b strings.Builder
	for i, piece := range p {
		if piece.isLiteral() {
			b.WriteString(regexp.QuoteMeta(piece.literal))
		} else {
			fmt.Fprintf(&b, "(?P<g%d>%s)", i, piece.kind)
		}
	}
	return b.String()
}

// source returns what the pattern looks like to a reader.
func (p pattern) source() string {
	var b strings.Builder
	for _, piece := range p {
		if piece.isLiteral() {
			b.WriteString(piece.literal)
		} else {
			b.WriteString(piece.source)
		}
	}
	return b.String()
}

// match compares the whole of got with the pattern and keeps what its
// placeholders matched, also those before the first difference, so that one
// wrong field does not fail every later case. It returns nil if got is as
// expected.
func (s scope) match(p pattern, got string) (*difference, error) {
	if text, ok := p.text(); ok {
		if text == got {
			return nil, nil
		}
		at := commonPrefix(text, got)
		return &difference{same: got[:at], want: text[at:], got: got[at:]}, nil
	}
	whole, err := regexp.Compile(`\A(?:` + p.expr() + `)\z`)
	if err != nil {
		return nil, err
	}
	if m := whole.FindStringSubmatchIndex(got); m != nil {
		return s.keep(p, whole, m, got), nil
	}
	for n := len(p); ; n-- {
		prefix, err := regexp.Compile(`\A(?:` + p[:n].expr() + `)`)
		if err != nil {
			return nil, err
		}
		m := prefix.FindStringSubmatchIndex(got)
		if m == nil {
			continue
		}
		if d := s.keep(p[:n], prefix, m, got); d != nil {
			return d, nil
		}
		at, want := m[1], p[n:].source()
		if n < len(p) && p[n].isLiteral() {
			common := commonPrefix(p[n].literal, got[at:])
			at, want = at+common, want[common:]
		}
		return &difference{same: got[:at], want: want, got: got[at:]}, nil
	}
}

// search looks for the pattern anywhere in got, and keeps what its placeholders
// matched.
func (s scope) search(p pattern, got string) (bool, error) {
	if text, ok := p.text(); ok {
		return strings.Contains(got, text), nil
	}
	re, err := regexp.Compile(p.expr())
	if err != nil {
		return false, err
	}
	m := re.FindStringSubmatchIndex(got)
	return m != nil && s.keep(p, re, m, got) == nil, nil
}

// keep stores the placeholders' matches under their names. It returns a
// difference if one name stands for two texts.
func (s scope) keep(p pattern, re *regexp.Regexp, m []int, got string) *difference {
	for i, piece := range p {
		if piece.capture == "" {
			continue
		}
		g := 2 * re.SubexpIndex(fmt.Sprintf("g%d", i))
		value := got[m[g]:m[g+1]]
		if before, ok := s.vars[piece.capture]; ok && before != value {
			return &difference{same: got[:m[g]], want: before + p[i+1:].source(), got: got[m[g]:]}
		}
		s.vars[piece.capture] = value
	}
	return nil
}

// commonPrefix returns the length in bytes of the longest common prefix of a
// and b that ends between two characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return n
}

// A difference is the first place where an answer is not as expected.
type difference struct {
	same string // what came before, in both
	want string // what should follow
	got  string // what does follow
}

// The lengths of what a report shows around a difference, in bytes.
const (
	shownBefore = 80
	shownAfter  = 240
)

// String shows the difference on three lines.
func (d *difference) String() string {
	before := d.same
	if len(before) > shownBefore {
		before = "…" + before[len(before)-shownBefore:]
	}
	return fmt.Sprintf("first difference at byte %d:\n  after %s\n  want  %s\n  got   %s",
		len(d.same), visible(before), after(d.want), after(d.got))
}

func after(s string) string {
	switch {
	case s == "":
		return "(the end)"
	case len(s) > shownAfter:
		return visible(s[:shownAfter]) + "…"
	}
	return visible(s)
}

// visible shows control characters and bytes that are not UTF-8 as escapes, and
// leaves the rest alone, so that a report can be copied into a script.
func visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
