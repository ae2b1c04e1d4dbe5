package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// commandLine is a command with settings and a flag of its own.
type commandLine struct {
	Config
	Run struct {
		Once bool `env:"-"`
	} `cmd:"" default:"1"`
}

// parse reads a configuration from a file's text and arguments.
func parse(t *testing.T, text string, args ...string) (*commandLine, *kong.Context, *File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := ReadFile(path)
	if err != nil {
		return nil, nil, nil, err
	}
	var c commandLine
	parser, err := kong.New(&c, kong.DefaultEnvars("ANTIPHON"), kong.Resolvers(f), kong.ExplicitGroups([]kong.Group{
		{Key: "serving"}, {Key: "storage"}, {Key: "accounts"}, {Key: "uploads"}, {Key: "logging"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	k, err := parser.Parse(args)
	return &c, k, f, err
}

// A flag beats the environment, the environment the file, the file the default.
func TestPrecedence(t *testing.T) {
	tests := []struct {
		file, env, flag, want, origin string
	}{
		{"", "", "", "127.0.0.1:8080", "default"},
		{`listen = ":1"`, "", "", ":1", "file "},
		{`listen = ":1"`, ":2", "", ":2", "environment ANTIPHON_LISTEN"},
		{"", ":2", "", ":2", "environment ANTIPHON_LISTEN"},
		{`listen = ":1"`, ":2", "--listen=:3", ":3", "flag"},
		{`listen = ":1"`, "", "--listen=:3", ":3", "flag"},
	}
	for _, tt := range tests {
		t.Run(tt.want+" by "+tt.origin, func(t *testing.T) {
			if tt.env != "" {
				t.Setenv("ANTIPHON_LISTEN", tt.env)
			}
			var args []string
			if tt.flag != "" {
				args = append(args, tt.flag)
			}
			c, k, f, err := parse(t, tt.file, args...)
			if err != nil || c.Listen != tt.want {
				t.Fatalf("%v, %v", c, err)
			}
			var out bytes.Buffer
			if err := Print(&out, k, f); err != nil {
				t.Fatal(err)
			}
			line, _, _ := strings.Cut(out.String(), "\n")
			if fields := strings.Join(strings.Fields(line), " "); !strings.HasPrefix(fields, "listen "+tt.want+" "+tt.origin) {
				t.Errorf("it prints %q", fields)
			}
		})
	}
}

func TestFileTypes(t *testing.T) {
	c, _, _, err := parse(t, `
public_url = "https://music.example.org"
allowed-origin = ["https://a.example", "https://b.example"]
django-api = false
audio-limit = "1MiB"
image-limit = 4096
max-pixels = 100
clean-every = "90s"`)
	if err != nil {
		t.Fatal(err)
	}
	if c.PublicURL != "https://music.example.org" || len(c.AllowedOrigin) != 2 || c.DjangoAPI || c.AudioLimit != 1<<20 ||
		c.ImageLimit != 4096 || c.MaxPixels != 100 || c.CleanEvery.Seconds() != 90 {
		t.Errorf("%+v", c.Config)
	}
}

func TestFileRefused(t *testing.T) {
	tests := []struct{ text, want string }{
		{`lisen = ":1"`, `there is no setting "lisen"; the nearest is "listen"`},
		{"once = true", `there is no setting "once"`}, // a flag of one command
		{"[listen]\nport = 1", `"listen" wants a value, not a table`},
		{"listen = ", "toml: "},
		{`max-pixels = "many"`, "max-pixels"},
	}
	for _, tt := range tests {
		if _, _, _, err := parse(t, tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
	t.Setenv("ANTIPHON_LOGLEVEL", "debug")
	if _, _, _, err := parse(t, ""); err == nil || !strings.Contains(err.Error(), "the nearest is ANTIPHON_LOG_LEVEL") {
		t.Errorf("an unknown variable: %v", err)
	}
}

func TestReadFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if f, err := ReadFile(""); err != nil || f.Path != "" {
		t.Errorf("without a file: %+v, %v", f, err)
	}
	if _, err := ReadFile("absent.toml"); err == nil {
		t.Error("a file that was named and is not there is no error")
	}
	for _, name := range []string{DefaultFile, "named.toml"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if f, err := ReadFile(""); err != nil || f.Path != DefaultFile {
		t.Errorf("with the default file: %+v, %v", f, err)
	}
	t.Setenv(FileEnv, "named.toml")
	if f, err := ReadFile(""); err != nil || f.Path != "named.toml" {
		t.Errorf("with a file that the environment names: %+v, %v", f, err)
	}
	if f, err := ReadFile(DefaultFile); err != nil || f.Path != DefaultFile {
		t.Errorf("with a file that is named otherwise: %+v, %v", f, err)
	}
}

func TestNearest(t *testing.T) {
	known := map[string]bool{"listen": true, "log-level": true, "media": true, "data": true}
	for name, want := range map[string]string{
		"lisen": "listen", "listne": "listen", "loglevel": "log-level", "meda": "media", "": "data", "dat": "data",
	} {
		if got := nearest(name, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", name, got, want)
		}
	}
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"listen", "listen", 0}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("from %q to %q it is %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestHideSecrets(t *testing.T) {
	for value, want := range map[string]string{
		"sqlite:data/antiphon.db":                "sqlite:data/antiphon.db",
		"https://music.example.org":              "https://music.example.org",
		"postgres://mira@db/antiphon":            "postgres://mira@db/antiphon",
		"postgres://mira:s3cret@db/antiphon":     "postgres://mira:xxxxx@db/antiphon",
		"postgres://mira:s3%zz/@?c@db/antiphon":  "postgres://mira:xxxxx@db/antiphon",
		"postgres://db/a?password=s3cret&b=1":    "postgres://db/a?password=xxxxx&b=1",
		"nats://bus:4222/band":                   "nats://bus:4222/band",
		"nats://s3cret@bus":                      "nats://xxxxx@bus",
		"nats://u:s3cret@a,nats://u:s3cret@b":    "nats://u:xxxxx@b",
		"postgres://db/a?b=1&sslpassword=s3cret": "postgres://db/a?b=1&sslpassword=xxxxx",
	} {
		if got := hideSecrets(value); got != want {
			t.Errorf("%s is shown as %s, want %s", value, got, want)
		}
	}
}
