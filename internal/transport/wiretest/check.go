package wiretest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// check returns what of an answer is not as the case expects, one entry a
// problem.
func (s scope) check(c *testCase, answer response) []string {
	var problems []string
	if answer.status != c.status {
		problems = append(problems, fmt.Sprintf("status: want %d, got %d", c.status, answer.status))
	}
	for _, want := range c.wantHeader {
		if p := s.checkHeader(want, answer.header); p != "" {
			problems = append(problems, p)
		}
	}
	for _, want := range c.wantBody {
		p, err := s.checkBody(want, string(answer.body))
		if err != nil {
			p = err.Error()
		}
		if p != "" {
			problems = append(problems, "body: "+p)
		}
	}
	return problems
}

func (s scope) checkHeader(want headerCheck, header http.Header) string {
	got, present := header[http.CanonicalHeaderKey(want.name)]
	switch {
	case want.absent && present:
		return fmt.Sprintf("header %s: want none, got %s", want.name, strings.Join(got, ", "))
	case want.absent:
		return ""
	case !present:
		return fmt.Sprintf("header %s: want %s, got none", want.name, want.value)
	}
	p, err := s.compile(want.value)
	if err != nil {
		return fmt.Sprintf("header %s: %v", want.name, err)
	}
	if http.CanonicalHeaderKey(want.name) != "Set-Cookie" {
		got = []string{strings.Join(got, ", ")}
	}
	for _, value := range got {
		// What a cookie of another name matched in part is not to be kept.
		trial := scope{vars: maps.Clone(s.vars)}
		d, err := trial.match(p, value)
		if err != nil {
			return fmt.Sprintf("header %s: %v", want.name, err)
		}
		if d == nil {
			maps.Copy(s.vars, trial.vars)
			return ""
		}
	}
	return fmt.Sprintf("header %s:\n  want %s\n  got  %s", want.name, p.source(), strings.Join(got, "\n       "))
}

func (s scope) checkBody(want bodyCheck, got string) (string, error) {
	if want.how == loosely {
		return s.matchLoosely(want.body.text, got)
	}
	p, err := s.compile(want.body.text)
	if err != nil {
		return "", err
	}
	if want.how == exactly {
		d, err := s.match(p, got)
		if d == nil || err != nil {
			return "", err
		}
		return d.String(), nil
	}
	found, err := s.search(p, got)
	switch {
	case err != nil:
		return "", err
	case found && want.how == lacks:
		return fmt.Sprintf("contains %s", after(p.source())), nil
	case !found && want.how == contains:
		return fmt.Sprintf("lacks %s", after(p.source())), nil
	}
	return "", nil
}

// maxShown bounds what a report shows of a body, in bytes.
const maxShown = 4 << 10

func showRequest(q request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s\n", q.method, visible(q.target))
	for _, h := range q.header {
		fmt.Fprintf(&b, "> %s: %s\n", h.name, visible(h.value))
	}
	showBody(&b, ">", q.body)
	return b.String()
}

func showResponse(r response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "< %d %s\n", r.status, http.StatusText(r.status))
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		for _, value := range r.header[name] {
			fmt.Fprintf(&b, "< %s: %s\n", name, visible(value))
		}
	}
	showBody(&b, "<", r.body)
	return b.String()
}

func showBody(b *strings.Builder, mark string, body []byte) {
	if len(body) == 0 {
		return
	}
	rest := ""
	if len(body) > maxShown {
		rest = fmt.Sprintf("… %d bytes in all", len(body))
		body = body[:maxShown]
	}
	fmt.Fprintf(b, "%s\n%s %s%s\n", mark, mark, visible(string(body)), rest)
}
