package config

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// Print writes every setting with its value and where the value came from.
// Passwords are hidden.
func Print(w io.Writer, k *kong.Context, f *File) error {
	given := map[*kong.Flag]string{}
	for _, p := range k.Path {
		switch {
		case p.Flag == nil:
		case p.Resolved:
			given[p.Flag] = "file " + f.Path
		default:
			given[p.Flag] = "flag"
		}
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, flag := range k.Flags() {
		if !isSetting(flag) {
			continue
		}
		origin, ok := given[flag]
		if _, set := os.LookupEnv(flag.Envs[0]); set && !ok {
			origin, ok = "environment "+flag.Envs[0], true
		}
		if !ok {
			origin = "default"
		}
		value := hideSecrets(text(k.FlagValue(flag)))
		value = strings.ReplaceAll(value, "\n", `\n`) // of a key in PEM
		if flag.Tag.Has("secret") && value != "" {
			value = hidden
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", flag.Name, value, origin); err != nil {
			return err
		}
	}
	return out.Flush()
}

// hidden stands for a secret.
const hidden = "xxxxx"

// text returns a value as it would be written on the command line.
func text(value any) string {
	if list, ok := value.([]string); ok {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(value)
}

// What hides the secrets in a URL of a database or a bus. They are no parsers, so that one
// that cannot be parsed is hidden too.
var (
	userPassword  = regexp.MustCompile(`(://[^:/?@]*:).*@`)
	busToken      = regexp.MustCompile(`(\b(?:nats|tls)://)[^:/?@,]+@`)
	queryPassword = regexp.MustCompile(`([?&](?:ssl)?password=)[^&]*`)
)

// hideSecrets replaces the passwords and tokens of a URL.
func hideSecrets(value string) string {
	value = userPassword.ReplaceAllString(value, "${1}xxxxx@")
	value = busToken.ReplaceAllString(value, "${1}xxxxx@")
	return queryPassword.ReplaceAllString(value, "${1}xxxxx")
}
