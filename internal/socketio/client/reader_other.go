//go:build !unix

package client

import "net"

func reader(conn net.Conn) func() (*[bufferSize]byte, int, error) { return readPlainly(conn) }
