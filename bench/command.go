package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// ranCommand is a command that has ended.
type ranCommand struct {
	took time.Duration
	peak int64 // its greatest resident memory, in bytes; 0 if the system does not say
	said string
}

// runCommand runs a command of the program over a database, in the scratch folder.
func (b *bench) runCommand(ctx context.Context, url string, args ...string) (ran ranCommand, err error) {
	cmd := exec.CommandContext(ctx, b.antiphon, args...)
	cmd.Dir = b.scratch
	cmd.Env = append(os.Environ(), "ANTIPHON_DATABASE="+url, "ANTIPHON_DATA="+b.dataFolder(url))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return ran, err
	}
	peak := watchPeak(&process{cmd: cmd})
	if err = cmd.Wait(); err != nil {
		err = fmt.Errorf("antiphon %s: %w: %s", args[0], err, &out)
	}
	return ranCommand{time.Since(begun), <-peak, out.String()}, err
}

// watchPeak tells the greatest resident memory of a process once it has ended, in
// bytes; 0 if the system does not say.
func watchPeak(p *process) <-chan int64 {
	peak := make(chan int64, 1)
	go func() {
		most := int64(0)
		for {
			n, err := p.memory("VmHWM")
			if err != nil {
				peak <- most
				return
			}
			most = n
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return peak
}

// reportCommand reports how many records of a library a command did a second, and
// its memory.
func (b *bench) reportCommand(name, engine string, ran ranCommand, l library, rate, memory target) {
	b.report.add(figure{Name: name, Engine: engine, Value: float64(l.records()) / ran.took.Seconds(), Unit: "1/s", Target: rate})
	if ran.peak > 0 {
		b.report.add(figure{Name: name + ", memory", Engine: engine, Value: mebibytes(ran.peak), Unit: "MiB", Target: memory})
	} else {
		b.report.omit("%s, memory: %v", name, errNoMemory)
	}
}
