//go:build !linux

package files

// setCork does nothing: only Linux has TCP_CORK.
func setCork(uintptr, bool) {}
