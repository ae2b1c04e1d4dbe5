package django

import "strings"

// lexer reads the tokens of a statement.
type lexer struct {
	text string
	at   int
}

// token is a word, which may be a number; a name or a text that was quoted; or
// another character.
type token struct {
	sort byte // 'w', '"', '\'', or the character itself; 0 at the end
	text string
}

func (t token) is(word string) bool { return t.sort == 'w' && strings.EqualFold(t.text, word) }

func (t token) isName() bool { return t.sort == 'w' || t.sort == '"' }

func (t *lexer) next() token {
	for t.at < len(t.text) && strings.IndexByte(" \t\r\n", t.text[t.at]) >= 0 {
		t.at++
	}
	if t.at == len(t.text) {
		return token{}
	}
	from, c := t.at, t.text[t.at]
	switch {
	case c == '"' || c == '\'':
		return token{c, t.quoted(c, false)}
	case (c == 'E' || c == 'e') && strings.HasPrefix(t.text[from+1:], "'"):
		t.at++
		return token{'\'', t.quoted('\'', true)}
	case !isLetter(c):
		t.at++
		return token{sort: c}
	}
	for t.at < len(t.text) && (isLetter(t.text[t.at]) || t.text[t.at] == '.' && isDigit(c)) {
		t.at++
	}
	return token{'w', t.text[from:t.at]}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// peek returns the next token, which is still to come.
func (t *lexer) peek() token {
	at := t.at
	next := t.next()
	t.at = at
	return next
}

// quoted reads what stands between two quotes, each of which stands for itself if
// it is doubled; with escapes a backslash says what follows as COPY's does.
func (t *lexer) quoted(quote byte, escapes bool) string {
	t.at++
	from, special := t.at, false
	for ; t.at < len(t.text); t.at++ {
		switch c := t.text[t.at]; {
		case c == '\\' && escapes:
			special = true
			t.at++
		case c != quote:
		case strings.HasPrefix(t.text[t.at+1:], string(quote)):
			special = true
			t.at++
		default:
			text := t.text[from:t.at]
			t.at++
			if !special {
				return text
			}
			text = strings.ReplaceAll(text, string(quote)+string(quote), string(quote))
			if escapes {
				text = unescaped(text)
			}
			return text
		}
	}
	t.at = len(t.text)
	return t.text[min(from, t.at):]
}

// table reads the name of a table, with its schema if that is said.
func (t *lexer) table() (schema, table string, ok bool) {
	name := t.next()
	if t.peek().sort != '.' {
		return "", name.text, name.isName()
	}
	t.next()
	table = t.next().text
	return name.text, table, name.isName() && table != ""
}

// names reads names between parentheses, if there are any.
func (t *lexer) names() (list []string, ok bool) {
	if t.peek().sort != '(' {
		return nil, true
	}
	for t.next(); ; {
		name := t.next()
		if !name.isName() {
			return nil, false
		}
		list = append(list, name.text)
		switch t.next().sort {
		case ',':
		case ')':
			return list, true
		default:
			return nil, false
		}
	}
}

// copyHead is "COPY public.songs (id, title) FROM stdin;".
type copyHead struct {
	schema, table string
	columns       []string
}

func parseCopy(statement string) (head copyHead, ok bool) {
	t := lexer{text: statement}
	if !t.next().is("COPY") {
		return head, false
	}
	if head.schema, head.table, ok = t.table(); !ok {
		return head, false
	}
	if head.columns, ok = t.names(); !ok || head.columns == nil {
		return head, false
	}
	return head, t.next().is("FROM") && t.next().is("stdin") && t.next().sort == ';'
}

// parseCreate returns the columns of a CREATE TABLE.
func parseCreate(statement string) (head copyHead, ok bool) {
	t := lexer{text: statement}
	if !t.next().is("CREATE") {
		return head, false
	}
	if word := t.next(); word.is("UNLOGGED") {
		word = t.next()
		ok = word.is("TABLE")
	} else {
		ok = word.is("TABLE")
	}
	if !ok {
		return head, false
	}
	if head.schema, head.table, ok = t.table(); !ok || t.next().sort != '(' {
		return head, false
	}
	for depth, first := 1, true; depth > 0; {
		switch next := t.next(); next.sort {
		case 0:
			return head, false
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			first = depth == 1
			continue
		default:
			if first && next.isName() && !next.is("CONSTRAINT") {
				head.columns = append(head.columns, next.text)
			}
		}
		first = false
	}
	return head, true
}

// insertion is an INSERT whose rows are still to be read.
type insertion struct {
	copyHead // columns are nil if it does not name them
	rest     lexer
}

func parseInsert(statement string) (i insertion, ok bool) {
	t := lexer{text: statement}
	if !t.next().is("INSERT") || !t.next().is("INTO") {
		return i, false
	}
	if i.schema, i.table, ok = t.table(); !ok {
		return i, false
	}
	if i.columns, ok = t.names(); !ok {
		return i, false
	}
	for word := t.next(); !word.is("VALUES"); word = t.next() { // OVERRIDING SYSTEM VALUE
		if word.sort != 'w' {
			return i, false
		}
	}
	i.rest = t
	return i, true
}

// row reads the next row of values into cells; more says whether there was one,
// and ok whether it could be read.
func (i *insertion) row(cells []cell) (_ []cell, more, ok bool) {
	t := &i.rest
	next := t.next()
	if next.sort == ',' {
		next = t.next()
	}
	if next.sort != '(' {
		return cells, false, next.sort == ';' || next.is("ON")
	}
	for {
		c, ok := t.value()
		if !ok {
			return cells, true, false
		}
		cells = append(cells, c)
		switch t.next().sort {
		case ',':
		case ')':
			return cells, true, true
		default:
			return cells, true, false
		}
	}
}

// value reads a literal, and passes over what it is cast to.
func (t *lexer) value() (c cell, ok bool) {
	next := t.next()
	sign := ""
	if next.sort == '-' {
		sign, next = "-", t.next()
	}
	switch {
	case next.sort == '\'':
		c.text = next.text
	case next.is("NULL"):
		c.null = true
	case next.sort == 'w':
		c.text = sign + next.text
	default:
		return c, false
	}
	for t.peek().sort == ':' {
		t.next()
		if word := t.peek(); word.isName() {
			t.next()
		}
	}
	return c, true
}
