package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// process is a server that the benchmarks started.
type process struct {
	cmd  *exec.Cmd
	addr string // host:port of its listener
	log  string // the file that has its output
	done chan struct{}
}

const (
	readyTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
)

// start runs a server whose output goes to a file in the folder, and returns as
// soon as it accepts connections on addr.
func start(ctx context.Context, folder, name, addr string, args ...string) (*process, error) {
	p := &process{addr: addr, log: filepath.Join(folder, name+"-"+strings.ReplaceAll(addr, ":", "-")+".log"), done: make(chan struct{})}
	out, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd = exec.CommandContext(ctx, args[0], args[1:]...)
	p.cmd.Dir = folder
	p.cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ANTIPHON_") })
	p.cmd.Env = append(p.cmd.Env, "NODE_ENV=production")
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in its output
		close(p.done)
	}()
	if err := p.ready(ctx); err != nil {
		p.stop()
		text, _ := os.ReadFile(p.log)
		return nil, fmt.Errorf("%s: %w: %.2000s", name, err, text)
	}
	return p, nil
}

// ready polls the address, tightly, for the time to start is measured by it.
func (p *process) ready(ctx context.Context) error {
	for deadline := time.Now().Add(readyTimeout); time.Now().Before(deadline); time.Sleep(200 * time.Microsecond) {
		c, err := dial(ctx, p.addr)
		if err == nil {
			return c.conn.Close()
		}
		select {
		case <-p.done:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
	}
	return errors.New("it does not answer")
}

// stop ends the process, in order if it can.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
	select {
	case <-p.done:
	case <-time.After(stopTimeout):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// tick is the unit of processor times in /proc, which is the same on every
// Linux that Go runs on.
const tick = 10 * time.Millisecond

// cpu returns the processor time of the process and its children so far.
func (p *process) cpu() time.Duration {
	pid := strconv.Itoa(p.cmd.Process.Pid)
	children, _ := os.ReadFile(filepath.Join("/proc", pid, "task", pid, "children"))
	var total time.Duration
	for _, pid := range append(strings.Fields(string(children)), pid) {
		total += cpuOf(pid)
	}
	return total
}

// cpuOf reads fields 14 and 15 of /proc/PID/stat (proc(5)): user and system
// time. They come after the name, which may have spaces but ends in ")". A
// system without /proc has no such figure.
func cpuOf(pid string) time.Duration {
	text, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}

// memory returns a field of /proc/PID/status, such as "VmRSS" or "VmHWM" (the
// greatest VmRSS so far), in bytes.
func (p *process) memory(field string) (int64, error) {
	text, err := os.ReadFile(p.proc("status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("%s has no %s", p.proc("status"), field)
}

// forgetPeak sets VmHWM to VmRSS.
func (p *process) forgetPeak() error {
	return os.WriteFile(p.proc("clear_refs"), []byte("5"), 0)
}

func (p *process) proc(file string) string {
	return filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), file)
}

// output runs a command to its end.
func output(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Dir = dir
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	var errors strings.Builder
	c.Stderr = io.Writer(&errors)
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, errors.String())
	}
	return strings.TrimSpace(string(out)), err
}
