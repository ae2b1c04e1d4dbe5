package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
//	picture EMAIL FILE   upload a picture for a user, whose password is in the file
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
			"serve":   serve,
			"picture": picture,
			"newer":   newer,
		},
	})
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve NAME [FLAG…]")
	}
	stdout, stderr := whileServing(ts, args[1:], func(string) {})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), stdout, 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".err"), stderr, 0o600))
}

// whileServing starts a server, calls do with its URL, stops it, and returns what
// it printed.
func whileServing(ts *testscript.TestScript, flags []string, do func(base string)) (printed, logged []byte) {
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "antiphon")
	cmd := exec.Command(program, append([]string{"serve", "--listen=127.0.0.1:0"}, flags...)...)
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
	do(regexp.MustCompile(`http://[0-9.:]+`).FindString(stdout.String()))
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	_, err = io.Copy(&stdout, out)
	ts.Check(err)
	if err := cmd.Wait(); err != nil {
		ts.Fatalf("the server did not end well: %v\n%s", err, stderr.String())
	}
	return stdout.Bytes(), stderr.Bytes()
}

func picture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: picture EMAIL FILE")
	}
	whileServing(ts, nil, func(base string) {
		send := func(method, path, contentType, key string, body io.Reader) (answer struct{ Key string }) {
			r, err := http.NewRequest(method, base+path, body)
			ts.Check(err)
			r.Header.Set("Content-Type", contentType)
			if key != "" {
				r.Header.Set("Authorization", "Token "+key)
			}
			w, err := http.DefaultClient.Do(r)
			ts.Check(err)
			defer w.Body.Close()
			if w.StatusCode != http.StatusOK {
				ts.Fatalf("%s: %s", path, w.Status)
			}
			ts.Check(json.NewDecoder(w.Body).Decode(&answer))
			return answer
		}
		form := url.Values{"email": {args[0]}, "password": {strings.TrimSpace(ts.ReadFile(args[1]))}}
		key := send("POST", "/api/auth/login/", "application/x-www-form-urlencoded", "", strings.NewReader(form.Encode())).Key
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		part, err := parts.CreateFormFile("image_url", "mira.png")
		ts.Check(err)
		ts.Check(png.Encode(part, image.NewGray(image.Rect(0, 0, 2, 2))))
		ts.Check(parts.Close())
		send("PATCH", "/api/auth/user/", parts.FormDataContentType(), key, &body)
	})
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
