package mongoose

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/width"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// What the reference's messages quote is written by util.inspect of Node.js
// with its default options (https://nodejs.org/api/util.html#utilinspectobject-options).
const (
	inspectDepth  = 2      // levels below the outermost that are shown
	inspectWidth  = 80     // columns
	inspectItems  = 100    // of an array
	inspectString = 10_000 // characters of a string
	inspectInner  = 3      // levels that may share a line
	inspectWrap   = 16     // a string up to so many characters is never broken
)

// inspect returns a value as Node.js shows it.
func inspect(v Value) string {
	var in inspector
	return in.value(v, 0)
}

// An inspector is in the middle of a value.
type inspector struct {
	indent  int
	current int // the level of the array or object that was entered last
}

func (in *inspector) value(v Value, level int) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Missing:
		return "undefined"
	case bool:
		return fmt.Sprint(v)
	case float64:
		return inspectNumber(v)
	case string:
		return in.string(v)
	case []Value:
		switch {
		case len(v) == 0:
			return "[]"
		case level > inspectDepth:
			return "[Array]"
		}
		in.current = level
		entries := in.items(v, level)
		shown := entries
		if len(entries) > 6 {
			shown = in.columns(entries, v)
		}
		// What stands in columns is never joined to one line.
		return in.join(shown, "[", "]", level, len(shown) == len(entries))
	case *Object:
		switch {
		case len(v.names) == 0:
			return "{}"
		case level > inspectDepth:
			return "[Object]"
		}
		in.current = level
		return in.join(in.fields(v, level), "{", "}", level, true)
	}
	return fmt.Sprint(v)
}

func inspectNumber(n float64) string {
	switch {
	case math.IsInf(n, 1):
		return "Infinity"
	case math.IsInf(n, -1):
		return "-Infinity"
	case n == 0 && math.Signbit(n):
		return "-0"
	}
	return string(kit.AppendNumber(nil, n))
}

func (in *inspector) items(list []Value, level int) []string {
	in.indent += 2
	defer func() { in.indent -= 2 }()
	entries := make([]string, 0, min(len(list), inspectItems+1))
	for _, v := range list[:min(len(list), inspectItems)] {
		entries = append(entries, in.value(v, level+1))
	}
	if n := len(list) - inspectItems; n > 0 {
		entries = append(entries, fmt.Sprintf("... %d more item%s", n, plural(n)))
	}
	return entries
}

var plainName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z_0-9]*$`)

func (in *inspector) fields(o *Object, level int) []string {
	in.indent += 2
	defer func() { in.indent -= 2 }()
	entries := make([]string, len(o.names))
	for i, name := range o.names {
		shown := name
		switch {
		case name == "__proto__":
			shown = "['__proto__']"
		case !plainName.MatchString(name):
			shown = quote(name)
		}
		entries[i] = shown + ": " + in.value(o.members[name], level+1)
	}
	return entries
}

// join puts entries between braces: on one line if that is short and they are
// shallow, else a line each.
func (in *inspector) join(entries []string, open, shut string, level int, mayShare bool) string {
	if mayShare && in.current-level < inspectInner {
		total := 2*len(entries) + in.indent + len(open) + 10
		for _, e := range entries {
			total += units(e)
		}
		if line := strings.Join(entries, ", "); total <= inspectWidth && !strings.Contains(line, "\n") {
			return open + " " + line + " " + shut
		}
	}
	nl := "\n" + strings.Repeat(" ", in.indent)
	return open + nl + "  " + strings.Join(entries, ","+nl+"  ") + nl + shut
}

// columns arranges the entries of a longer array in lines, if they are alike
// in length, as groupArrayElements of Node does.
func (in *inspector) columns(entries []string, list []Value) []string {
	n := min(len(entries), inspectItems) // without the entry that counts the rest
	const space = 2
	total, longest := 0, 0
	widths := make([]int, n)
	for i := range n {
		widths[i] = terminalWidth(entries[i])
		total += widths[i] + space
		longest = max(longest, widths[i])
	}
	cell := longest + space
	if cell*3+in.indent >= inspectWidth || (float64(total)/float64(cell) <= 5 && longest > 6) {
		return entries
	}
	bias := math.Max(float64(cell)-3-math.Sqrt(float64(cell)-float64(total)/float64(len(entries))), 1)
	columns := min(
		int(math.Round(math.Sqrt(2.5*bias*float64(n))/bias)),
		(inspectWidth-in.indent)/cell,
		4*inspectInner,
		15,
	)
	if columns <= 1 {
		return entries
	}
	cells := make([]int, columns)
	for i := range n {
		cells[i%columns] = max(cells[i%columns], widths[i]+space)
	}
	right := onlyNumbers(list)
	var lines []string
	for row := 0; row < n; row += columns {
		var line strings.Builder
		last := min(row+columns, n) - 1
		for i := row; i <= last; i++ {
			pad := strings.Repeat(" ", cells[i-row]-space-widths[i])
			switch {
			case right:
				line.WriteString(pad + entries[i])
			case i < last:
				line.WriteString(entries[i] + "," + pad + " ")
				continue
			default:
				line.WriteString(entries[i])
			}
			if i < last {
				line.WriteString(", ")
			}
		}
		lines = append(lines, line.String())
	}
	return append(lines, entries[n:]...)
}

func onlyNumbers(list []Value) bool {
	for _, v := range list {
		if _, ok := v.(float64); !ok {
			return false
		}
	}
	return true
}

// string quotes a string; a long one is broken behind its line ends.
func (in *inspector) string(s string) string {
	trailer := ""
	length := units(s)
	if n := length - inspectString; n > 0 {
		s = string(utf16.Decode(utf16.Encode([]rune(s))[:inspectString]))
		trailer = fmt.Sprintf("... %d more character%s", n, plural(n))
		length = inspectString
	}
	if length <= inspectWrap || length <= inspectWidth-in.indent-4 {
		return quote(s) + trailer
	}
	lines := strings.SplitAfter(s, "\n")
	if n := len(lines); lines[n-1] == "" {
		lines = lines[:n-1]
	}
	for i, line := range lines {
		lines[i] = quote(line)
	}
	return strings.Join(lines, " +\n"+strings.Repeat(" ", in.indent+2)) + trailer
}

// quote writes a string between the first of ', " and ` that it lacks.
func quote(s string) string {
	mark := '\''
	if strings.Contains(s, "'") {
		switch {
		case !strings.Contains(s, `"`):
			mark = '"'
		case !strings.Contains(s, "`") && !strings.Contains(s, "${"):
			mark = '`'
		}
	}
	var b strings.Builder
	b.WriteRune(mark)
	for _, c := range s {
		switch {
		case c == '\b':
			b.WriteString(`\b`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\f':
			b.WriteString(`\f`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\\', c == mark && mark == '\'':
			b.WriteRune('\\')
			b.WriteRune(c)
		case c < ' ', 0x7f <= c && c <= 0x9f:
			fmt.Fprintf(&b, `\x%02X`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteRune(mark)
	return b.String()
}

// units returns the length of a string as JavaScript counts it, in UTF-16 code
// units.
func units(s string) int {
	n := 0
	for _, c := range s {
		n += utf16.RuneLen(c)
	}
	return n
}

// terminalWidth returns how many columns a text takes on a terminal.
func terminalWidth(s string) int {
	n := 0
	for _, c := range s {
		n++
		if k := width.LookupRune(c).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

func plural(n int) string {
	if n > 1 {
		return "s"
	}
	return ""
}
