package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"antiphon": main})
}

// The scripts in testdata run the command as an operator would. Besides the
// commands of package testscript they have
//
//	serve NAME [FLAG…]   start the server, stop it once it has greeted, and
//	                     keep what it printed in the files NAME.out, NAME.err
//	newer FILE           make the database in the file one of a newer version
//
// and the variable $BUSY, an address that somebody listens on.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Defer(func() { l.Close() })
			env.Setenv("BUSY", l.Addr().String())
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve": serve,
			"newer": newer,
		},
	})
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve NAME [FLAG…]")
	}
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "antiphon")
	cmd := exec.Command(program, append([]string{"serve", "--listen=127.0.0.1:0"}, args[1:]...)...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME")}
	var stdout, stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	for greeted := false; !greeted; { // the greeting ends in an empty line
		p := make([]byte, 4<<10)
		n, err := out.Read(p)
		stdout.Write(p[:n])
		if err != nil {
			_ = cmd.Wait() // what is wrong with it, it has written
			ts.Fatalf("the server did not greet: %s", stderr.String())
		}
		greeted = strings.HasSuffix(stdout.String(), "\n\n")
	}
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	_, err = io.Copy(&stdout, out)
	ts.Check(err)
	if err := cmd.Wait(); err != nil {
		ts.Fatalf("the server did not end well: %v\n%s", err, stderr.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), stdout.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".err"), stderr.Bytes(), 0o600))
}

func newer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: newer FILE")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.ExecContext(context.Background(), `INSERT INTO migrations (name, applied_at) VALUES ('9999_later', 0)`)
	ts.Check(errors.Join(err, db.Close()))
}

// condition answers [root]: whoever is root may write anywhere.
func condition(name string) (bool, error) {
	if name == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}
