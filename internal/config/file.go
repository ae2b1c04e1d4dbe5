package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"
)

// EnvPrefix begins the name of every environment variable of the program.
const EnvPrefix = "ANTIPHON_"

// DefaultFile is read if it exists and no other file is named.
const DefaultFile = "antiphon.toml"

// FileEnv names the file instead.
const FileEnv = EnvPrefix + "CONFIG"

// File is a configuration file: a flat table in TOML whose keys are the
// flags' names. It implements kong.Resolver.
type File struct {
	Path   string // "" if there is none
	values map[string]any
}

// ReadFile reads the file at path; or, if path is "", the one that the
// environment names, or the default one if it exists.
func ReadFile(path string) (*File, error) {
	optional := false
	if path == "" {
		path = os.Getenv(FileEnv)
	}
	if path == "" {
		path, optional = DefaultFile, true
	}
	text, err := os.ReadFile(path)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return &File{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	raw := map[string]any{}
	if err := toml.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("configuration %s: %w", path, err)
	}
	values := make(map[string]any, len(raw))
	for k, v := range raw {
		values[strings.ReplaceAll(k, "_", "-")] = v
	}
	return &File{Path: path, values: values}, nil
}

// Validate reports keys and environment variables that no setting has, with
// the nearest that one has.
func (f *File) Validate(app *kong.Application) error {
	keys, vars := map[string]bool{}, map[string]bool{FileEnv: true}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && isSetting(flag) {
			keys[flag.Name] = true
			vars[flag.Envs[0]] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	var wrong []error
	for _, k := range slices.Sorted(maps.Keys(f.values)) {
		if !keys[k] {
			wrong = append(wrong, fmt.Errorf("configuration %s: there is no setting %q; the nearest is %q", f.Path, k, nearest(k, keys)))
		}
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, EnvPrefix) && !vars[name] {
			wrong = append(wrong, fmt.Errorf("environment: there is no setting %s; the nearest is %s", name, nearest(name, vars)))
		}
	}
	return errors.Join(wrong...)
}

// isSetting tells the settings from the flags that belong to one command or to
// one call, which have no environment variable.
func isSetting(flag *kong.Flag) bool { return len(flag.Envs) > 0 }

// Resolve returns the file's value for a flag, unless the environment has one.
func (f *File) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag) {
		return nil, nil
	}
	for _, env := range flag.Envs {
		if _, ok := os.LookupEnv(env); ok {
			return nil, nil
		}
	}
	v, ok := f.values[flag.Name]
	if !ok {
		return nil, nil
	}
	switch v := v.(type) {
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = fmt.Sprint(item)
		}
		return strings.Join(items, ","), nil
	case map[string]any:
		return nil, fmt.Errorf("configuration %s: %q wants a value, not a table", f.Path, flag.Name)
	default:
		return fmt.Sprint(v), nil
	}
}

// nearest returns the name with the least edit distance.
func nearest(name string, known map[string]bool) string {
	best, least := "", 1<<30
	for _, k := range slices.Sorted(maps.Keys(known)) {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is Levenshtein's: how many characters must be put in, taken out or
// replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
