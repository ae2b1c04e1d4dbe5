// Command bench measures the server: against peers that do less, at sizes far
// beyond the ordinary, and in what it takes of the machine.
//
// See README.md for what is measured and how to read it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// options are the command line.
type options struct {
	quick   bool
	large   bool
	only    *regexp.Regexp
	rounds  int
	slice   time.Duration // how long one measurement lasts
	engines []string
	out     string // the file of the report; "" for none
	profile string // the folder of CPU profiles; "" for no profiling
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := error(nil)
	if crowd := os.Getenv(detachedEnv); crowd != "" {
		err = holdCrowd(ctx, crowd, os.Stdin, os.Stdout)
	} else {
		err = run(ctx, os.Args[1:])
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&o.quick, "quick", false, "few and short rounds, and no large database: a look, not a measurement")
	flags.BoolVar(&o.large, "large", true, "also measure a million songs and five million messages")
	only := flags.String("only", "", "measure only what matches this regular `pattern`, such as 'api/albums' or '^stream/'")
	flags.IntVar(&o.rounds, "rounds", 5, "how often each measurement is repeated")
	seconds := flags.Float64("seconds", 1, "how long one measurement lasts")
	engine := flags.String("engine", "both", "sqlite, postgres or both")
	flags.StringVar(&o.out, "out", "", "`file` for the report; bench/results/DATE.json for a run of everything")
	flags.StringVar(&o.profile, "profile", "", "`folder` for CPU profiles of the server under the loads of api and stream, instead of figures")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.quick {
		o.large, o.rounds, *seconds = false, min(o.rounds, 2), min(*seconds, 0.3)
	}
	o.slice = time.Duration(*seconds * float64(time.Second))
	if o.rounds < 1 || o.slice <= 0 {
		return o, errors.New("-rounds and -seconds must be above 0")
	}
	if o.engines = []string{*engine}; *engine == "both" {
		o.engines = []string{"sqlite", "postgres"}
	} else if *engine != "sqlite" && *engine != "postgres" {
		return o, fmt.Errorf("-engine: it is sqlite, postgres or both, not %q", *engine)
	}
	o.only, err = regexp.Compile(*only)
	return o, err
}

// run measures and reports. What was measured before an error is reported too.
func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer b.close()
	if o.profile != "" {
		return b.profiles(ctx)
	}
	err = b.measure(ctx)
	if printed := b.report.print(os.Stdout); printed != nil {
		return errors.Join(err, printed)
	}
	if file := b.reportFile(); err == nil && file != "" {
		return b.report.save(file)
	}
	return err
}

// measure runs every part in turn.
func (b *bench) measure(ctx context.Context) error {
	parts := []struct {
		name string
		run  func(context.Context) error
	}{
		{"api", b.measureAPI},
		{"auth", b.measureAuth},
		{"private", b.measurePrivate},
		{"stream", b.measureStreams},
		{"media", b.measureMedia},
		{"jobs", b.measureJobs},
		{"transfer", b.measureTransfer},
		{"backup", b.measureBackup},
		{"footprint", b.measureFootprint},
		{"scale", b.measureScale},
		{"realtime", b.measureRealtime},
		{"nodes", b.measureNodes},
	}
	for _, p := range parts {
		if err := p.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// reportFile returns where the report goes. A run of less than everything is
// kept only if it was asked for.
func (b *bench) reportFile() string {
	whole := b.only.String() == "" && !b.quick && b.large && slices.Equal(b.engines, []string{"sqlite", "postgres"})
	if b.out == "" && whole {
		return filepath.Join(b.root, "bench", "results", today()+".json")
	}
	return b.out
}
