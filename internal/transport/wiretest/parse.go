package wiretest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A testCase is one request and what its answer must be. Its texts are
// templates.
type testCase struct {
	file, name     string
	line           int // of the == that opens it
	method, target string
	as, jar        string
	repeat         int
	header         []field
	omitted        []string // headers the runner would add
	body           *body    // nil for none
	status         int
	wantHeader     []headerCheck
	wantBody       []bodyCheck
}

// A field is a name and a value, in the order of the script.
type field struct{ name, value string }

// A headerCheck says what one header of the answer must be.
type headerCheck struct {
	field
	absent bool
}

// A bodyCheck says one thing about the body of the answer.
type bodyCheck struct {
	how  comparison
	body *body
}

type comparison int

const (
	exactly comparison = iota
	contains
	lacks
	loosely
)

// A syntaxError is a line of a script that cannot be read.
type syntaxError struct {
	file string
	line int
	text string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.file, e.line, e.text) }

var (
	requestLine = regexp.MustCompile(`^([A-Z][A-Z-]*) (\S.*)$`)
	headerLine  = regexp.MustCompile(`^([!#$%&'*+.^_|~0-9A-Za-z-]+):(?: (.*))?$`)
	statusLine  = regexp.MustCompile(`^-> ([1-5]\d\d)$`)
)

// The parts of a case, in their order.
type section int

const (
	outside  section = iota // before the first case
	opened                  // after ==
	asking                  // in the request
	expected                // after ->
)

// maxPlays bounds how often one case may be repeated.
const maxPlays = 10_000

// A parser reads one script line by line.
type parser struct {
	file  string
	line  int
	cases []*testCase
	names map[string]bool
	in    section
	body  *body // the one that the next line may continue
}

// parse reads a script.
func parse(file, text string) ([]*testCase, error) {
	p := &parser{file: file, names: map[string]bool{}}
	for line := range strings.Lines(text) {
		p.line++
		if err := p.read(strings.TrimRight(line, "\r\n")); err != nil {
			return nil, &syntaxError{file, p.line, err.Error()}
		}
	}
	if err := p.endCase(); err != nil {
		return nil, &syntaxError{file, p.line, err.Error()}
	}
	return p.cases, nil
}

func (p *parser) current() *testCase { return p.cases[len(p.cases)-1] }

func (p *parser) read(line string) error {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		return nil
	case strings.HasPrefix(line, "=="):
		return p.open(strings.TrimSpace(line[2:]))
	case p.in == outside:
		return errors.New("a case begins with == and its name")
	case p.in == opened:
		return p.request(trimmed)
	case strings.HasPrefix(line, "->"):
		return p.answer(trimmed)
	}
	if p.body != nil {
		if ok, err := p.body.extend(line); ok || err != nil {
			return err
		}
		p.body = nil
	}
	if p.in == expected {
		return p.expectation(line)
	}
	return p.requestPart(line)
}

func (p *parser) open(name string) error {
	if err := p.endCase(); err != nil {
		return err
	}
	if name == "" {
		return errors.New("the case has no name")
	}
	if p.names[name] {
		return fmt.Errorf("there is a case %q already", name)
	}
	p.names[name] = true
	p.cases = append(p.cases, &testCase{file: p.file, name: name, line: p.line, repeat: 1})
	p.in, p.body = opened, nil
	return nil
}

func (p *parser) endCase() error {
	if p.in == outside || p.in == expected {
		return nil
	}
	return fmt.Errorf("the case %q expects nothing: it has no ->", p.current().name)
}

func (p *parser) request(line string) error {
	m := requestLine.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("%q is no request line: METHOD target", line)
	}
	p.current().method, p.current().target = m[1], m[2]
	p.in = asking
	return nil
}

// requestPart reads a header, a directive or the beginning of the body.
func (p *parser) requestPart(line string) error {
	c := p.current()
	if c.body != nil {
		return fmt.Errorf("%q stands after the body: headers and directives go before it", line)
	}
	if b, err := parseBody(line); b != nil || err != nil {
		c.body, p.body = b, b
		return err
	}
	line = strings.TrimSpace(line)
	word, value, _ := strings.Cut(line, " ")
	value = strings.TrimSpace(value)
	switch m := headerLine.FindStringSubmatch(line); {
	case m != nil:
		c.header = append(c.header, field{m[1], m[2]})
	case strings.HasPrefix(line, "!"):
		c.omitted = append(c.omitted, line[1:])
	case word == "as" && value != "":
		c.as = value
	case word == "jar" && value != "":
		c.jar = value
	case word == "repeat":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > maxPlays {
			return fmt.Errorf("%q: repeat takes a number from 1 to %d", line, maxPlays)
		}
		c.repeat = n
	default:
		return fmt.Errorf("%q is no header, directive or body", line)
	}
	return nil
}

func (p *parser) answer(line string) error {
	m := statusLine.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("%q is no status: -> 200", line)
	}
	if p.in == expected {
		return errors.New("there is a status already")
	}
	status, err := strconv.Atoi(m[1])
	if err != nil {
		return err
	}
	p.current().status = status
	p.in, p.body = expected, nil
	return nil
}

// expectation reads one thing that must hold of the answer.
func (p *parser) expectation(line string) error {
	c := p.current()
	trimmed := strings.TrimSpace(line)
	check := bodyCheck{how: exactly}
	var err error
	if rest, ok := strings.CutPrefix(trimmed, "json~ "); ok {
		check.how = loosely
		check.body, err = parseBody(strings.TrimSpace(rest))
	} else if rest, ok := strings.CutPrefix(trimmed, "body contains "); ok {
		check.how = contains
		check.body, err = parseText(rest)
	} else if rest, ok := strings.CutPrefix(trimmed, "body lacks "); ok {
		check.how = lacks
		check.body, err = parseText(rest)
	} else if trimmed == "(empty body)" {
		check.body = &body{form: textBody}
	} else {
		check.body, err = parseBody(line)
	}
	switch {
	case err != nil:
		return err
	case check.how == loosely && (check.body == nil || check.body.form != jsonBody):
		return errors.New("after json~ JSON follows on the same line")
	case check.body != nil && check.body.fields != nil:
		return fmt.Errorf("%q is no body of an answer", trimmed)
	case check.body != nil:
		c.wantBody = append(c.wantBody, check)
		p.body = check.body
		return nil
	}
	switch m := headerLine.FindStringSubmatch(trimmed); {
	case m != nil:
		c.wantHeader = append(c.wantHeader, headerCheck{field: field{m[1], m[2]}})
	case strings.HasPrefix(trimmed, "!"):
		c.wantHeader = append(c.wantHeader, headerCheck{field: field{name: trimmed[1:]}, absent: true})
	default:
		return fmt.Errorf("%q is no header or body", trimmed)
	}
	return nil
}
