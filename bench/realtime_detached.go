package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// detachedEnv makes this program hold a part of a crowd instead of measuring: a
// process may have only so many files open. It has a detachedCrowd in JSON.
const detachedEnv = "BENCH_DETACHED"

// A detachedCrowd says who is in a crowd that a process of its own holds.
type detachedCrowd struct {
	Addr           string // of the server
	First, Members int    // the first of them, from 0, and how many they are
}

// A detachment is such a process. It reports when all are connected, and again
// when it was told to leave: "" or what went wrong, in JSON.
type detachment struct {
	cmd     *exec.Cmd
	leave   io.Closer // tells it to
	reports *json.Decoder
}

// detach starts one.
func detach(ctx context.Context, crowd detachedCrowd) (*detachment, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(crowd)
	if err != nil {
		return nil, err
	}
	d := &detachment{cmd: exec.CommandContext(ctx, program)}
	d.cmd.Env = append(os.Environ(), detachedEnv+"="+string(text))
	d.cmd.Stderr = os.Stderr
	leave, err := d.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	reports, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	d.leave, d.reports = leave, json.NewDecoder(reports)
	return d, d.cmd.Start()
}

// report waits for what it says next.
func (d *detachment) report() error {
	var wrong string
	if err := d.reports.Decode(&wrong); err != nil {
		return fmt.Errorf("a process that holds clients: %w", err)
	}
	if wrong != "" {
		return errors.New(wrong)
	}
	return nil
}

// dismiss ends it, and tells whether all were there to the end.
func (d *detachment) dismiss() error {
	err := d.leave.Close()
	return errors.Join(err, d.report(), d.cmd.Wait())
}

// holdCrowd is what such a process does.
func holdCrowd(ctx context.Context, text string, leave io.Reader, reports io.Writer) error {
	var of detachedCrowd
	if err := json.Unmarshal([]byte(text), &of); err != nil {
		return err
	}
	report := func(err error) error {
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		return json.NewEncoder(reports).Encode(wrong)
	}
	c, _, err := gather(ctx, &process{addr: of.Addr}, crowdOf{first: of.First, members: of.Members, addresses: sourcesFor(of.Members)})
	defer c.leave()
	if err := report(err); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, leave); err != nil {
		return err
	}
	return report(c.complete())
}
