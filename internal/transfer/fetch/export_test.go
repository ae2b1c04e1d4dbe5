package fetch

import "net/netip"

// Public is public, for tests.
func Public(a netip.Addr) bool { return public(a) }
