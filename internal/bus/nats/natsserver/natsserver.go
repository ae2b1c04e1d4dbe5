// Package natsserver starts a private NATS server, for tests and benchmarks: on
// a free port of the loopback interface, and never longer than the process that
// started it.
package natsserver

import (
	"fmt"
	"net"
	"os"
	"time"

	"github.com/antiphon-music/antiphon/internal/citest/process"
)

// Server is a NATS server.
type Server struct {
	URL string // "nats://127.0.0.1:PORT"

	address string
	process *process.Process
}

const startTimeout = 30 * time.Second

// Start runs a server and returns once it answers.
func Start() (*Server, error) {
	program, err := process.Find("nats-server")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "antiphon-nats-")
	if err != nil {
		return nil, err
	}
	address, err := process.FreeAddress()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	p, err := process.Start(dir, program, "--addr", host, "--port", port)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "nats://" + address, address: address, process: p}
	return s, s.wait()
}

// Kill ends the server as a crash would. Resume starts it again.
func (s *Server) Kill() error { return s.process.Stop("KILL") }

// Resume starts a server again that was killed, at the same address, and
// returns once it answers.
func (s *Server) Resume() error {
	if err := s.process.Resume(); err != nil {
		return err
	}
	return s.wait()
}

func (s *Server) wait() error {
	var err error
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var c net.Conn
		if c, err = net.Dial("tcp", s.address); err == nil {
			return c.Close()
		}
	}
	return fmt.Errorf("nats-server does not answer: %w: %s", err, s.process.Log())
}
