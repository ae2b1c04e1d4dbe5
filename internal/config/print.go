package config

import (
	"fmt"
	"io"
	"net/url"
	"os"
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
		if len(flag.Envs) == 0 {
			continue
		}
		origin, ok := given[flag]
		if _, set := os.LookupEnv(flag.Envs[0]); set && !ok {
			origin, ok = "environment "+flag.Envs[0], true
		}
		if !ok {
			origin = "default"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", flag.Name, hideSecrets(fmt.Sprint(k.FlagValue(flag))), origin)
	}
	return out.Flush()
}

// hideSecrets replaces the password of a URL.
func hideSecrets(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.User == nil {
		return value
	}
	return u.Redacted()
}
