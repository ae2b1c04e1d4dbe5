// Package antiphon_test holds what is true of the whole repository: which
// package may import which.
package antiphon_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "github.com/antiphon-music/antiphon"

// A rule says what the files of one package may import. Whatever a rule does
// not speak of (the standard library, most modules) is free to all, and tests
// are free to import anything: they build the real thing from all its parts.
type rule struct {
	imports []string // packages of the project; anything is all of them
	http    bool     // may import net/http
	sql     bool     // may import database/sql and the drivers
}

const anything = "…"

// The features, lowest first: a feature may import those above it in this list.
var features = []string{
	"jobs",
	"file",
	"audit",
	"account",
	"catalog",
	"playlist",
	"listening",
	"presence",
	"chat",
	"panel",
	"room",
}

var (
	// vocabulary is what every part of the project may speak.
	vocabulary = []string{"errs", "oid", "event"}
	// materials are the parts that know bytes and nothing of users.
	materials = []string{"audio", "secret", "media", "media/picture", "media/sizes"}
	// domain is all that a dialect or the store may know.
	domain = slices.Concat(vocabulary, materials, features)
)

// rooms is the table of every package under internal, cmd and bench, and of web,
// as paths without the leading internal/. A new feature is added to features
// instead, a new dialect to dialects.
func rooms() map[string]rule {
	table := map[string]rule{
		"errs":   {},
		"oid":    {imports: []string{"errs"}},
		"event":  {},
		"config": {imports: []string{"errs", "secret"}},
		// For tests alone.
		"citest":         {},
		"citest/process": {},

		"audio":           {imports: []string{"errs"}},
		"secret":          {},
		"media":           {imports: []string{"errs"}},
		"media/local":     {imports: []string{"errs", "media"}},
		"media/mediatest": {imports: []string{"errs", "media"}},
		// What is stored elsewhere is asked for over HTTP.
		"media/remote":     {imports: []string{"errs", "media"}, http: true},
		"media/s3":         {imports: []string{"errs", "media", "media/remote"}, http: true},
		"media/cloudinary": {imports: []string{"errs", "media", "media/remote"}, http: true},
		// For tests alone.
		"media/s3/versitygw": {imports: []string{"citest/process"}, http: true},
		"media/picture":      {imports: []string{"errs"}},
		"media/copies":       {imports: []string{"media"}},
		"media/sizes":        {imports: []string{"errs", "media", "media/picture"}},

		"mail": {imports: []string{"errs"}},
		// For tests alone.
		"mail/mailtest": {},

		// Who vouches for people is asked over HTTP.
		"identity/clerk": {imports: []string{"errs", "account"}, http: true},
		"identity/oidc":  {imports: []string{"errs", "account"}, http: true},
		// For tests and benchmarks alone.
		"identity/oidc/oidctest":   {http: true},
		"identity/clerk/clerktest": {imports: []string{"identity/clerk"}, http: true},

		"bus":                 {imports: []string{"errs"}},
		"bus/bustest":         {imports: []string{"errs", "bus"}},
		"bus/nats":            {imports: []string{"bus"}},
		"bus/nats/natsserver": {imports: []string{"citest/process"}},
		// It listens on connections that are no business of the store's pool.
		"bus/postgres": {imports: []string{"bus"}, sql: true},
		"cluster":      {imports: []string{"bus", "event"}},

		"store":            {imports: slices.Concat(domain, []string{"cluster", "store/migrations", "transfer", "backup"}), sql: true},
		"store/migrations": {imports: []string{"errs"}, sql: true},
		"store/pgserver":   {imports: []string{"citest/process"}, sql: true},
		"store/storetest":  {imports: slices.Concat(domain, []string{"citest", "store", "store/migrations", "store/pgserver"}), sql: true},

		// The protocol knows nothing of the rest, so that others can take it.
		"socketio/engineio":        {http: true},
		"socketio":                 {imports: []string{"socketio/engineio"}, http: true},
		"socketio/bundle":          {http: true},
		"socketio/client":          {http: true},
		"socketio/conformance":     {imports: []string{"socketio", "socketio/engineio", "socketio/bundle"}, http: true},
		"socketio/cmd/conformance": {imports: []string{"socketio", "socketio/engineio", "socketio/conformance"}, http: true},

		"transport/kit": {imports: domain, http: true},
		// fastpath stands beside net/http and knows no more than it.
		"transport/fastpath": {http: true},
		// jsonapi is what the product's own interfaces stand on.
		"transport/jsonapi": {imports: slices.Concat(domain, []string{"transport/kit", "transport/fastpath"}), http: true},
		// mongoose knows words, not HTTP: more than one dialect speaks them.
		"transport/mongoose": {imports: []string{"errs", "oid", "transport/kit"}},
		"transport/wiretest": {http: true},
		// world is for tests alone: it puts the real store under a dialect.
		"transport/wiretest/world": {imports: slices.Concat(domain, []string{"media/local", "store", "store/storetest"})},

		// Other systems' libraries, in and out.
		"backup":         {imports: []string{"errs", "media"}},
		"transfer":       {imports: domain},
		"transfer/dump":  {imports: []string{"errs", "transfer"}},
		"transfer/mongo": {imports: []string{"errs", "oid", "account", "audit", "transfer", "transfer/dump"}},
		// It reads another application's database, which is no business of the store.
		"transfer/django": {imports: []string{"errs", "account", "audit", "transfer", "transfer/dump"}, sql: true},
		// For tests alone.
		"transfer/django/djangotest": {imports: []string{"citest"}},
		"transfer/fetch":             {imports: []string{"errs", "transfer", "media", "file"}, http: true},
		"transfer/tree":              {imports: []string{"errs", "transfer", "media", "file"}},

		"demo":       {imports: slices.Concat(domain, []string{"demo/cover", "demo/flac", "demo/synth"})},
		"demo/cover": {imports: []string{"errs"}},
		"demo/flac":  {imports: []string{"errs"}},
		"demo/synth": {imports: []string{"errs", "demo/flac"}},

		// ops is no dialect: it surrounds them all and knows no feature.
		"transport/ops": {imports: []string{"errs"}, http: true},

		"app": {imports: []string{anything}, http: true},
		// The command manages accounts and sets the log up, and leaves the rest to app.
		"cmd/antiphon":    {imports: []string{"app", "backup", "config", "errs", "account", "file", "transfer", "transport/ops"}},
		"web":             {},
		"web/precompress": {},

		// bench looks at the program from outside and from inside.
		"bench":             {imports: []string{anything}, http: true, sql: true},
		"bench/peers/limit": {http: true},
	}
	for i, name := range features {
		table[name] = rule{imports: slices.Concat(vocabulary, materials, features[:i])}
	}
	dialects := []string{"node", "django", "files", "openapi", "realtime", "webapi", "adminapi", "webui"}
	for _, name := range dialects {
		table["transport/"+name] = rule{imports: slices.Concat(domain, []string{"transport/kit", "transport/fastpath", "transport/jsonapi", "transport/mongoose", "web"}), http: true}
	}
	// One dialect sends people elsewhere to sign in.
	web := table["transport/webapi"]
	web.imports = append(web.imports, "identity/oidc")
	table["transport/webapi"] = web
	// One dialect is spoken over Socket.IO.
	realtime := table["transport/realtime"]
	realtime.imports = append(realtime.imports, "socketio", "socketio/engineio", "socketio/bundle")
	table["transport/realtime"] = realtime
	return table
}

// drivers are the modules that only the store may import, besides database/sql.
var drivers = []string{"database/sql", "modernc.org/sqlite", "github.com/jackc/pgx/v5"}

func TestImports(t *testing.T) {
	found, err := violations(os.DirFS("."), rooms())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// violations returns a sentence for each import of the repository in root that
// the table forbids, and for each package that it lacks.
func violations(root fs.FS, table map[string]rule) ([]string, error) {
	var found []string
	unlisted := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && !walked(name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || !strings.Contains(name, "/") {
			return nil
		}
		pkg := strings.TrimPrefix(path.Dir(name), "internal/")
		r, ok := table[pkg]
		if !ok {
			if !unlisted[pkg] {
				found = append(found, path.Dir(name)+" is not in the table of arch_test.go: add it to rooms, or to features or dialects")
			}
			unlisted[pkg] = true
			return nil
		}
		imports, err := importsOf(root, name)
		if err != nil {
			return err
		}
		for _, imported := range imports {
			if why := r.refuses(imported); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", name, imported, why))
			}
		}
		return nil
	})
	return found, err
}

// walked tells the folders whose Go files the table is about.
func walked(dir string) bool {
	top, _, _ := strings.Cut(dir, "/")
	base := path.Base(dir)
	return slices.Contains([]string{"internal", "cmd", "web", "bench"}, top) && base != "testdata" && base != "node_modules"
}

func importsOf(root fs.FS, name string) ([]string, error) {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		imports = append(imports, imported)
	}
	return imports, nil
}

// refuses returns why an import is forbidden, or "".
func (r rule) refuses(imported string) string {
	if rest, ok := strings.CutPrefix(imported, module+"/"); ok {
		pkg := strings.TrimPrefix(rest, "internal/")
		if slices.Contains(r.imports, anything) || slices.Contains(r.imports, pkg) {
			return ""
		}
		return "arch_test.go does not allow it here"
	}
	if !r.http && within(imported, "net/http") {
		return "only transport and app speak HTTP"
	}
	if !r.sql && slices.ContainsFunc(drivers, func(d string) bool { return within(imported, d) }) {
		return "only store speaks SQL"
	}
	return ""
}

func within(imported, tree string) bool {
	return imported == tree || strings.HasPrefix(imported, tree+"/")
}

// Without this a walk that finds no file would pass for a tidy house.
func TestViolationsAreFound(t *testing.T) {
	source := func(imports ...string) *fstest.MapFile {
		text := "package p\n"
		for _, i := range imports {
			text += fmt.Sprintf("import _ %q\n", i)
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	project := module + "/internal/"
	tests := []struct {
		name string
		file string
		src  *fstest.MapFile
		want string // "" for an import that is allowed
	}{
		{"a feature speaks HTTP", "internal/chat/chat.go", source("net/http"), "internal/chat/chat.go imports net/http: only transport and app speak HTTP"},
		{"a feature tests HTTP outside of tests", "internal/chat/chat.go", source("net/http/httptest"), "speak HTTP"},
		{"a feature speaks SQL", "internal/chat/chat.go", source("database/sql"), "only store speaks SQL"},
		{"a dialect has a driver", "internal/transport/node/node.go", source("github.com/jackc/pgx/v5/stdlib"), "only store speaks SQL"},
		{"a feature imports one above it", "internal/account/account.go", source(project + "chat"), "does not allow it"},
		{"a feature imports one below it", "internal/chat/chat.go", source("context", project+"account"), ""},
		{"a dialect imports the store", "internal/transport/django/a.go", source(project + "store"), "does not allow it"},
		{"a dialect imports another", "internal/transport/django/a.go", source(project + "transport/node"), "does not allow it"},
		{"a dialect imports the kit", "internal/transport/django/a.go", source("net/http", project+"transport/kit"), ""},
		{"the configuration imports a feature", "internal/config/config.go", source(project + "account"), "does not allow it"},
		{"the errors import anything", "internal/errs/errs.go", source(project + "oid"), "does not allow it"},
		{"a file for one system", "internal/chat/chat_windows.go", source("net/http"), "speak HTTP"},
		{"the app imports all", "internal/app/app.go", source("net/http", project+"store", project+"transport/node"), ""},
		{"the operator's part imports a feature", "internal/transport/ops/log.go", source(project + "account"), "does not allow it"},
		{"the command imports the store", "cmd/antiphon/main.go", source(project + "store"), "does not allow it"},
		{"the command speaks HTTP", "cmd/antiphon/main.go", source("net/http"), "speak HTTP"},
		{"a package nobody listed", "internal/helpful/helpful.go", source("fmt"), "internal/helpful is not in the table of arch_test.go: add it"},
		{"a test", "internal/chat/chat_test.go", source("net/http", project+"store"), ""},
		{"test data", "internal/chat/testdata/x.go", source("net/http"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, err := violations(fstest.MapFS{tt.file: tt.src}, rooms())
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == "" {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			if len(found) != 1 || !strings.Contains(found[0], tt.want) {
				t.Errorf("found %v, want %s", found, tt.want)
			}
		})
	}
}
