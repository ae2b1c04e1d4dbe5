//go:build !unix

package main

// openFiles returns 0: the number of connections has no limit of this kind.
func openFiles() int { return 0 }
