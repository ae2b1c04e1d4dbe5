// Package djangotest runs Django itself over models like the reference's, for
// tests: what a library is imported from was written by it, and what was exported
// is read by it.
package djangotest

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
)

//go:embed all:project
var files embed.FS

// AdminEmail is what the project's ADMIN_EMAIL is.
const AdminEmail = "owner@example.com"

// Project is an instance of the project, with its own database and files.
type Project struct {
	t      testing.TB
	dir    string
	python string
	env    []string
}

// New makes an instance over an empty PostgreSQL database, and its tables. A test
// without Django is ended as citest.Missing says.
func New(t testing.TB, database string) *Project {
	t.Helper()
	p := &Project{t: t, dir: t.TempDir(), env: append(os.Environ(), "DATABASE_URL="+database, "PYTHONDONTWRITEBYTECODE=1")}
	var err error
	if p.python, err = interpreter(t.Context()); err != nil {
		citest.Missing(t, "there is no Django with what the reference uses: "+err.Error())
	}
	project, err := fs.Sub(files, "project")
	if err == nil {
		err = os.CopyFS(p.dir, project)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Manage("makemigrations", "api")
	p.Manage("migrate")
	return p
}

// modules are what the project imports.
const modules = "import django, rest_framework, rest_framework.authtoken, allauth, psycopg2, PIL, argon2"

// interpreter finds a Python that has the modules: the first in PATH may be
// another than the distribution's.
func interpreter(ctx context.Context) (path string, err error) {
	for _, path := range []string{"python3", "/usr/bin/python3"} {
		out, failed := exec.CommandContext(ctx, path, "-c", modules).CombinedOutput()
		if failed == nil {
			return path, nil
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		err = errors.Join(err, fmt.Errorf("%s: %w: %s", path, failed, lines[len(lines)-1]))
	}
	return "", err
}

// Manage runs a command of manage.py, which has to succeed, and returns what it
// prints.
func (p *Project) Manage(args ...string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.python, append([]string{"manage.py"}, args...)...)
	cmd.Dir, cmd.Env = p.dir, p.env
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatalf("manage.py %s: %v: %s", strings.Join(args, " "), err, failure.String())
	}
	return string(out)
}

// Seed fills the database with people, music and messages, with the odd things
// that happen to a library over the years, and so many more messages.
func (p *Project) Seed(messages int) { p.Manage("seed", fmt.Sprint(messages)) }

// Media is the project's MEDIA_ROOT.
func (p *Project) Media() string { return filepath.Join(p.dir, "media") }

// Dump writes a fixture with dumpdata and its options, and returns its path.
func (p *Project) Dump(options ...string) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "library.json")
	p.Manage(append([]string{"dumpdata", "--output", path}, options...)...)
	return path
}
