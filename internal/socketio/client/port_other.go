//go:build !linux

package client

import "syscall"

// portAtConnect is for Linux.
func portAtConnect(string, string, syscall.RawConn) error { return nil }
