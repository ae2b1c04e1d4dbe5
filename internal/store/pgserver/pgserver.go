// Package pgserver starts a private PostgreSQL server from the installed
// binaries, for tests and benchmarks: in a temporary directory, on a free port
// of the loopback interface, and never longer than the process that started it.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/antiphon-music/antiphon/internal/citest/process"
)

// Server is a running PostgreSQL. It ends with this process, however that
// ends, and its directory is removed then.
type Server struct {
	// URL is "postgres://antiphon@127.0.0.1:PORT", to which the name of a
	// database is added as a path. The user is a superuser without a password.
	URL string

	process *process.Process
}

const (
	startTimeout     = 30 * time.Second
	statementTimeout = 30 * time.Second
)

// Start runs a server with settings such as "fsync=off" besides PostgreSQL's
// defaults, and returns once it answers.
func Start(settings ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "antiphon-postgres-")
	if err != nil {
		return nil, err
	}
	address, err := process.FreeAddress()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	// PostgreSQL refuses to run as root: then it runs as the first ordinary
	// user that the system has for it.
	as := []string{}
	if os.Getuid() == 0 {
		u, err := giveAway(dir)
		if err != nil {
			return nil, err
		}
		as = []string{"setpriv", "--reuid=" + u.Uid, "--regid=" + u.Gid, "--clear-groups", "--"}
	}
	data := filepath.Join(dir, "data")
	initdb := slices.Concat(as, []string{filepath.Join(bin, "initdb"), "--pgdata=" + data,
		"--username=antiphon", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"})
	if out, err := command(dir, initdb).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	postgres := slices.Concat(as, []string{filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-k", dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"})
	for _, s := range settings {
		postgres = append(postgres, "-c", s)
	}
	p, err := process.Start(dir, postgres...)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "postgres://antiphon@" + address, process: p}
	return s, s.wait()
}

// Stop ends the server: it cuts all clients off, and has everything on disk
// before Stop returns. Resume starts it again.
func (s *Server) Stop() error { return s.process.Stop("INT") }

// Kill ends the server as a crash would. Resume starts it again, with all that
// was committed.
func (s *Server) Kill() error { return s.process.Stop("QUIT") }

// Resume starts a server again that was stopped or killed, at the same address,
// and returns once it answers.
func (s *Server) Resume() error {
	if err := s.process.Resume(); err != nil {
		return err
	}
	return s.wait()
}

// wait returns once the server answers.
func (s *Server) wait() error {
	var err error
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if err = s.exec(`SELECT 1`); err == nil {
			return nil
		}
	}
	return fmt.Errorf("it does not answer: %w: %s", err, s.process.Log())
}

// CreateDatabase makes an empty database and returns its URL. The name is
// lower-case letters, digits and underscores.
func (s *Server) CreateDatabase(name string) (url string, err error) {
	return s.URL + "/" + name, s.exec(`CREATE DATABASE ` + name)
}

// DropDatabase removes a database, whoever is connected to it.
func (s *Server) DropDatabase(name string) error {
	return s.exec(`DROP DATABASE ` + name + ` WITH (FORCE)`)
}

func (s *Server) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), statementTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL+"/postgres")
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func command(dir string, args []string) *exec.Cmd {
	c := exec.Command(args[0], args[1:]...)
	c.Dir = dir
	return c
}

// binaries finds the directory of PostgreSQL's server programs.
func binaries() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.SortFunc(dirs, func(a, b string) int { return versionOf(a) - versionOf(b) })
	if len(dirs) > 0 {
		return filepath.Dir(dirs[len(dirs)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("initdb is not installed")
	}
	return filepath.Dir(path), nil
}

func versionOf(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // 0 sorts first
	return n
}

func giveAway(dir string) (*user.User, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, err
		}
		return u, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("there is no user postgres or nobody to run as")
}
