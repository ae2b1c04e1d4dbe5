package wiretest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// maxRepeat bounds what one <text*count> may grow to, in bytes.
const maxRepeat = 64 << 20

// A piece is a stretch of a template.
type piece struct {
	source   string // as the script has it
	literal  string // the text it stands for, unless it is one of the others
	variable string // the name in {name}
	kind     string // the regular expression of a placeholder
	capture  string // the name that keeps what the placeholder matched, or ""
}

var (
	variableForm = regexp.MustCompile(`^\{([A-Za-z][\w.:-]*)\}`)
	repeatForm   = regexp.MustCompile(`^<([^<>]+)\*(\d{1,9})>`)
	kindForm     = regexp.MustCompile(`^<(?:([A-Za-z_][\w.-]*) )?([a-z]+\d*)>`)
	regexpForm   = regexp.MustCompile(`^<([A-Za-z_][\w.-]*) /(.+?)/>`)
)

// kinds maps the name of a placeholder's kind to its regular expression.
var kinds = map[string]string{
	"int":      `-?\d+`,
	"number":   `-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`,
	"micros":   `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z`,
	"millis":   `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`,
	"httpdate": `[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`,
	"uuid":     `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`,
	"etag":     `(?:W/)?"[\x21\x23-\x7e]*"`,
	"string":   `(?:[^"\\\x00-\x1f]|\\.)*`,
	"word":     `[^\s,;"]+`,
	"any":      `(?s:.*?)`,
}

// sizedKinds maps the name of a kind that ends with a length to the class of
// one character.
var sizedKinds = map[string]string{
	"hex":   `[0-9a-f]`,
	"alnum": `[0-9A-Za-z]`,
}

// kindPattern returns the regular expression of a kind, and whether there is
// such a kind.
func kindPattern(kind string) (string, bool) {
	if p, ok := kinds[kind]; ok {
		return p, true
	}
	name := strings.TrimRight(kind, "0123456789")
	class, ok := sizedKinds[name]
	n, err := strconv.Atoi(kind[len(name):])
	if !ok || err != nil || n < 1 || n > 1000 {
		return "", false
	}
	return fmt.Sprintf("%s{%d}", class, n), true
}

// split cuts a template into its pieces. Whatever has not the form of a
// variable or placeholder is literal text, so that HTML needs no escapes.
func split(template string) ([]piece, error) {
	var pieces []piece
	literal := func(source, text string) {
		if n := len(pieces); n > 0 && pieces[n-1].isLiteral() {
			pieces[n-1].source += source
			pieces[n-1].literal += text
			return
		}
		pieces = append(pieces, piece{source: source, literal: text})
	}
	for rest := template; rest != ""; {
		start := strings.IndexAny(rest, "{<")
		if start < 0 {
			literal(rest, rest)
			break
		}
		if start > 0 {
			literal(rest[:start], rest[:start])
			rest = rest[start:]
		}
		if strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "<<") {
			literal(rest[:2], rest[:1])
			rest = rest[2:]
			continue
		}
		p, ok, err := special(rest)
		switch {
		case err != nil:
			return nil, err
		case !ok:
			literal(rest[:1], rest[:1])
			rest = rest[1:]
		case p.isLiteral():
			literal(p.source, p.literal)
			rest = rest[len(p.source):]
		default:
			pieces = append(pieces, p)
			rest = rest[len(p.source):]
		}
	}
	return pieces, nil
}

// special returns the variable, repetition or placeholder at the start of s, if
// there is one.
func special(s string) (piece, bool, error) {
	if m := variableForm.FindStringSubmatch(s); m != nil {
		return piece{source: m[0], variable: m[1]}, true, nil
	}
	if m := repeatForm.FindStringSubmatch(s); m != nil {
		count, err := strconv.Atoi(m[2])
		if err != nil || count > maxRepeat/len(m[1]) {
			return piece{}, false, fmt.Errorf("%s is over %d bytes", m[0], maxRepeat)
		}
		return piece{source: m[0], literal: strings.Repeat(m[1], count)}, true, nil
	}
	if m := regexpForm.FindStringSubmatch(s); m != nil {
		if _, err := regexp.Compile(m[2]); err != nil {
			return piece{}, false, fmt.Errorf("placeholder %s: %w", m[0], err)
		}
		return placeholder(m[0], m[1], m[2]), true, nil
	}
	if m := kindForm.FindStringSubmatch(s); m != nil {
		if p, ok := kindPattern(m[2]); ok {
			return placeholder(m[0], m[1], p), true, nil
		}
	}
	return piece{}, false, nil
}

func placeholder(source, name, pattern string) piece {
	if name == "_" {
		name = ""
	}
	return piece{source: source, kind: pattern, capture: name}
}

func (p piece) isLiteral() bool { return p.variable == "" && p.kind == "" }

// A scope holds what the variables of a template stand for.
type scope struct {
	vars   map[string]string
	cookie func(name string) (string, bool) // nil when the case has no jar
}

// value returns the value of a variable.
func (s scope) value(name string) (string, error) {
	if cookie, ok := strings.CutPrefix(name, "cookie:"); ok {
		if s.cookie == nil {
			return "", fmt.Errorf("{%s} needs a jar", name)
		}
		if v, ok := s.cookie(cookie); ok {
			return v, nil
		}
		return "", fmt.Errorf("the jar has no cookie %s", cookie)
	}
	if v, ok := s.vars[name]; ok {
		return v, nil
	}
	return "", fmt.Errorf("the variable {%s} has no value: did the case that keeps it fail?", name)
}

// expand returns the text that a template of the request stands for.
func (s scope) expand(template string) (string, error) {
	pieces, err := split(template)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range pieces {
		switch {
		case p.variable != "":
			v, err := s.value(p.variable)
			if err != nil {
				return "", err
			}
			b.WriteString(v)
		case p.kind != "":
			return "", fmt.Errorf("the placeholder %s stands in a request; write <%s for the text itself", p.source, p.source)
		default:
			b.WriteString(p.literal)
		}
	}
	return b.String(), nil
}
