package wiretest

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
)

// Options say what is played, and against what.
type Options struct {
	// BaseURL is where the server listens: http://127.0.0.1:8080.
	BaseURL string
	// Handler is served on a local port for the time of the test, instead of
	// BaseURL.
	Handler http.Handler
	// Scripts holds the scripts that Glob matches, played in the order of their
	// names.
	Scripts fs.FS
	// Glob is a pattern of path.Match; "" is "*.txt".
	Glob string
	// Files are the files that multipart bodies name.
	Files map[string][]byte
	// Auth returns the Authorization header for "as name", out of the variables
	// kept so far. An empty header fails the case.
	Auth func(name string, vars map[string]string) string
	// Vars are the variables at the start; the run adds what it keeps. Nil is
	// none.
	Vars map[string]string
	// Observe is called after every exchange, with the target as it was sent.
	// Nil does nothing.
	Observe func(method, target string, status int, header http.Header, body []byte)
}

// Run plays the scripts, each case as a subtest named script/case. A case that
// fails does not stop the later ones. Every case is played whatever -run
// selects, because cases build on each other; -run selects what is reported.
func Run(t *testing.T, opts Options) {
	t.Helper()
	if opts.Handler != nil {
		server := httptest.NewServer(opts.Handler)
		t.Cleanup(server.Close)
		opts.BaseURL = server.URL
	}
	r, err := newRunner(opts)
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := load(opts.Scripts, opts.Glob)
	if err != nil {
		t.Fatal(err)
	}
	for _, cases := range scripts {
		reports := make([]string, len(cases))
		for i, c := range cases {
			reports[i] = r.play(c)
		}
		t.Run(strings.TrimSuffix(path.Base(cases[0].file), ".txt"), func(t *testing.T) {
			for i, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					if reports[i] != "" {
						t.Error(reports[i])
					}
				})
			}
		})
	}
}

// load reads every script, so that a syntax error shows before anything is
// sent.
func load(scripts fs.FS, glob string) ([][]*testCase, error) {
	if glob == "" {
		glob = "*.txt"
	}
	names, err := fs.Glob(scripts, glob)
	if err != nil {
		return nil, fmt.Errorf("find the scripts: %w", err)
	}
	var all [][]*testCase
	for _, name := range slices.Sorted(slices.Values(names)) {
		text, err := fs.ReadFile(scripts, name)
		if err != nil {
			return nil, fmt.Errorf("read a script: %w", err)
		}
		cases, err := parse(name, string(text))
		if err != nil {
			return nil, err
		}
		if len(cases) == 0 {
			return nil, fmt.Errorf("%s has no case", name)
		}
		all = append(all, cases)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no script is named %s", glob)
	}
	return all, nil
}

// A runner is the state that the cases of a run share.
type runner struct {
	opts Options
	base *url.URL
	vars map[string]string
	jars map[string]*cookiejar.Jar
}

func newRunner(opts Options) (*runner, error) {
	base, err := url.Parse(opts.BaseURL)
	if err != nil || base.Scheme != "http" || base.Port() == "" {
		return nil, fmt.Errorf("BaseURL %q is not http://host:port", opts.BaseURL)
	}
	r := &runner{opts: opts, base: base, vars: opts.Vars, jars: map[string]*cookiejar.Jar{}}
	if r.vars == nil {
		r.vars = map[string]string{}
	}
	maps.Copy(r.vars, map[string]string{"base": strings.TrimSuffix(opts.BaseURL, "/"), "host": base.Host})
	return r, nil
}

// play plays a case as often as it says, and returns a report of what is not as
// expected, or "".
func (r *runner) play(c *testCase) string {
	for n := range c.repeat {
		report := r.playOnce(c)
		if report == "" {
			continue
		}
		if c.repeat > 1 {
			report = fmt.Sprintf("time %d of %d\n%s", n+1, c.repeat, report)
		}
		return fmt.Sprintf("%s:%d: %s", c.file, c.line, report)
	}
	return ""
}

func (r *runner) playOnce(c *testCase) string {
	s, jar, err := r.scope(c)
	if err != nil {
		return err.Error()
	}
	q, err := r.build(c, s)
	if err != nil {
		return fmt.Sprintf("%s %s cannot be sent: %v", c.method, c.target, err)
	}
	answer, err := send(r.base.Host, q)
	if err != nil {
		return fmt.Sprintf("no answer: %v\n\n%s", err, showRequest(q))
	}
	if jar != nil {
		jar.SetCookies(r.cookieURL(q.target), (&http.Response{Header: answer.header}).Cookies())
	}
	if r.opts.Observe != nil {
		r.opts.Observe(q.method, q.target, answer.status, answer.header, answer.body)
	}
	if problems := s.check(c, answer); len(problems) > 0 {
		return strings.Join(problems, "\n") + "\n\n" + showRequest(q) + "\n" + showResponse(answer)
	}
	return ""
}

// scope returns the variables of a case, and its jar, nil for none.
func (r *runner) scope(c *testCase) (scope, *cookiejar.Jar, error) {
	s := scope{vars: r.vars}
	if c.jar == "" {
		return s, nil, nil
	}
	jar := r.jars[c.jar]
	if jar == nil {
		var err error
		if jar, err = cookiejar.New(nil); err != nil {
			return s, nil, err
		}
		r.jars[c.jar] = jar
	}
	s.cookie = func(name string) (string, bool) {
		for _, cookie := range jar.Cookies(r.cookieURL(c.target)) {
			if cookie.Name == name {
				return cookie.Value, true
			}
		}
		return "", false
	}
	return s, jar, nil
}

// cookieURL returns the URL that cookies of a target belong to: that of the
// root if the target is not one of a URL.
func (r *runner) cookieURL(target string) *url.URL {
	u, err := r.base.Parse(target)
	if err != nil || u.Host != r.base.Host {
		return r.base
	}
	return u
}

// build makes the request of a case.
func (r *runner) build(c *testCase, s scope) (request, error) {
	q := request{method: c.method}
	var err error
	if q.target, err = s.expand(c.target); err != nil {
		return q, err
	}
	given := map[string]bool{}
	for _, name := range c.omitted {
		given[http.CanonicalHeaderKey(name)] = true
	}
	for _, h := range c.header {
		value, err := s.expand(h.value)
		if err != nil {
			return q, err
		}
		q.header = append(q.header, field{h.name, value})
		given[http.CanonicalHeaderKey(h.name)] = true
		q.chunked = q.chunked || strings.EqualFold(h.name, "Transfer-Encoding") && value == "chunked"
	}
	var contentType, authorization, cookies string
	if c.body != nil {
		if q.body, contentType, err = c.body.encode(s, r.opts.Files); err != nil {
			return q, err
		}
	}
	if c.as != "" {
		if authorization = r.authorization(c.as); authorization == "" {
			return q, fmt.Errorf("nothing is known to authorize as %s", c.as)
		}
	}
	if s.cookie != nil {
		cookies = r.cookieHeader(c)
	}
	defaults := []field{
		{"Host", r.base.Host}, {"Connection", "close"}, {"Authorization", authorization},
		{"Cookie", cookies}, {"Content-Type", contentType}, {"Content-Length", length(q)},
	}
	for _, h := range defaults {
		if h.value != "" && !given[h.name] {
			q.header = append(q.header, h)
		}
	}
	return q, nil
}

func (r *runner) authorization(name string) string {
	if r.opts.Auth == nil {
		return ""
	}
	return r.opts.Auth(name, r.vars)
}

// cookieHeader returns the Cookie header of the case's jar.
func (r *runner) cookieHeader(c *testCase) string {
	var pairs []string
	for _, cookie := range r.jars[c.jar].Cookies(r.cookieURL(c.target)) {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(pairs, "; ")
}

// length returns the Content-Length a request needs, or "" where clients send
// none.
func length(q request) string {
	if q.chunked || len(q.body) == 0 && !slices.Contains([]string{"POST", "PUT", "PATCH"}, q.method) {
		return ""
	}
	return fmt.Sprint(len(q.body))
}
