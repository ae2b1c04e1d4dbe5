package process

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// Ports of servers come from here: below those that systems give to connections
// and to listeners that ask for any (from 32768 on Linux, from 49152 elsewhere),
// which would take the port of a server while it is stopped.
const (
	firstPort = 20_000
	ports     = 12_000
)

// reserved keeps what FreeAddress has given away from other processes that ask
// it, for as long as this one lives: who has the UDP port of a number has the
// number.
var reserved struct {
	sync.Mutex
	conns []net.PacketConn
}

// FreeAddress returns an address of the loopback interface, "127.0.0.1:PORT",
// at which nobody listens, and which no other process gets from it before this
// one has ended.
func FreeAddress() (string, error) {
	var err error
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.N(ports)))
		if err = reserve(address); err == nil {
			return address, nil
		}
	}
	return "", err
}

// reserve takes an address, or says why it is not to be had.
func reserve(address string) error {
	own, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return errors.Join(err, own.Close())
	}
	reserved.Lock()
	defer reserved.Unlock()
	reserved.conns = append(reserved.conns, own)
	return l.Close()
}
