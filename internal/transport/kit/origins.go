package kit

import "slices"

// Origins are the web origins whose pages may call the server and read the
// answers, such as "http://localhost:3000". The first is the main one.
type Origins []string

// Allowed reports whether a page of the origin may: one of the list, or the
// server's own under the base address.
func (o Origins) Allowed(origin, base string) bool {
	return origin != "" && (origin == base || slices.Contains(o, origin))
}
