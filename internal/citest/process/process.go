// Package process runs real servers beside a test or a benchmark. They never
// live longer than the process that started them, however that ends.
package process

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Process is a program that runs, or is stopped for the moment.
type Process struct {
	log      string
	commands io.Writer     // of the shell that holds the program
	done     chan struct{} // an item for each command that was carried out; closed at the shell's end
}

// patience is how long a program may take to end.
const patience = time.Minute

// tied runs a command, and stops and starts it as it is told, until its input
// ends.
const tied = `
start() { "$@" >>"$DIR/log" 2>&1 & pid=$!; }
stop() { kill -"$1" $pid; wait $pid; }
start "$@"
while read -r word signal; do
	case $word in
	start) start "$@" ;;
	stop) stop "$signal" ;;
	esac
	echo done
done
stop INT
rm -rf "$DIR"` + "\n"

// Start runs a program with arguments in a directory, which is removed at the
// end. What the program prints goes to the file log there.
func Start(dir string, program ...string) (*Process, error) {
	sh := exec.Command("sh", append([]string{"-c", tied, "sh"}, program...)...)
	sh.Dir = dir
	sh.Env = append(os.Environ(), "DIR="+dir)
	// The write end of the pipe stays open, in this process alone, for as long
	// as it lives: the shell waits for its end, which comes in any case.
	commands, err := sh.StdinPipe()
	if err != nil {
		return nil, err
	}
	done, err := sh.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := sh.Start(); err != nil {
		return nil, err
	}
	p := &Process{log: filepath.Join(dir, "log"), commands: commands, done: make(chan struct{}, 1)}
	go func() {
		defer close(p.done)
		for lines := bufio.NewScanner(done); lines.Scan(); {
			p.done <- struct{}{}
		}
		_ = sh.Wait() // it ends after this process; until then nothing here is collected, which would close the pipes
	}()
	return p, nil
}

// Stop sends the program a signal such as "INT" or "KILL", and returns once it
// has ended.
func (p *Process) Stop(signal string) error { return p.command("stop " + signal) }

// Resume starts the program again after Stop.
func (p *Process) Resume() error { return p.command("start") }

func (p *Process) command(line string) error {
	if _, err := fmt.Fprintln(p.commands, line); err != nil {
		return err
	}
	select {
	case _, ok := <-p.done:
		if !ok {
			return fmt.Errorf("%s: the shell has ended: %s", line, p.Log())
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s: not done after %s: %s", line, patience, p.Log())
	}
}

// Log returns what the program has printed.
func (p *Process) Log() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Find returns the path of a program that is in PATH, or where go install puts
// it.
func Find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	out, err := exec.Command("go", "env", "GOBIN", "GOPATH").Output()
	if err != nil {
		return "", fmt.Errorf("%s is not installed", name)
	}
	bin, gopath, _ := strings.Cut(string(out), "\n")
	if bin == "" {
		bin = filepath.Join(strings.TrimSpace(gopath), "bin")
	}
	path, err := exec.LookPath(filepath.Join(bin, name))
	if err != nil {
		return "", fmt.Errorf("%s is not installed: scripts/setup.sh does it", name)
	}
	return path, nil
}
