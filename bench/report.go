package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one thing that was measured.
type figure struct {
	Name      string  `json:"name"` // "api/albums list"
	Engine    string  `json:"engine,omitempty"`
	Value     float64 `json:"value"`
	Unit      string  `json:"unit"`
	Peer      string  `json:"peer,omitempty"` // what it is compared with
	PeerValue float64 `json:"peer_value,omitempty"`
	// Ratio is the median of the rounds' ratios, which is not quite the ratio
	// of the two values, for those are medians themselves.
	Ratio   float64 `json:"ratio,omitempty"`
	CPU     float64 `json:"cpu_us,omitempty"` // µs of the server's processor time a request
	PeerCPU float64 `json:"peer_cpu_us,omitempty"`
	Target  target  `json:"target"`
	Met     *bool   `json:"met,omitempty"` // nil without a target
}

// target bounds a figure's ratio, or its value if it has no peer.
type target struct {
	AtLeast float64 `json:"at_least,omitempty"`
	AtMost  float64 `json:"at_most,omitempty"`
}

func (t target) String() string {
	switch {
	case t.AtLeast > 0:
		return fmt.Sprintf("≥ %g", t.AtLeast)
	case t.AtMost > 0:
		return fmt.Sprintf("≤ %g", t.AtMost)
	}
	return ""
}

// judged returns the figure with its Met filled in.
func (f figure) judged() figure {
	v := f.Value
	if f.Peer != "" {
		v = f.Ratio
	}
	var met bool
	switch {
	case f.Target.AtLeast > 0:
		met = v >= f.Target.AtLeast
	case f.Target.AtMost > 0:
		met = v <= f.Target.AtMost
	default:
		return f
	}
	f.Met = &met
	return f
}

// report is everything that one run found.
type report struct {
	Date    string   `json:"date"`
	Machine machine  `json:"machine"`
	Rounds  int      `json:"rounds"`
	Seconds float64  `json:"seconds"`
	Figures []figure `json:"figures"`
	Skipped []string `json:"skipped,omitempty"` // what was left out, and why
}

func (r *report) add(f figure) { r.Figures = append(r.Figures, f.judged()) }

func (r *report) omit(format string, args ...any) {
	r.Skipped = append(r.Skipped, fmt.Sprintf(format, args...))
}

// print writes the machine, a table of the figures, what was left out, and a
// line that sums it up.
func (r *report) print(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s\n\n", r.Machine)
	missed, err := r.table(&text)
	if err != nil {
		return err
	}
	fmt.Fprintln(&text)
	for _, s := range r.Skipped {
		fmt.Fprintln(&text, "not measured:", s)
	}
	fmt.Fprintf(&text, "%d figures, %d missed their target\n", len(r.Figures), missed)
	_, err = io.WriteString(w, text.String())
	return err
}

// table writes the figures in columns, and counts those that missed.
func (r *report) table(w io.Writer) (missed int, err error) {
	rows := []string{"NAME\tENGINE\tFIGURE\tPEER\tITS FIGURE\tRATIO\tTARGET\tMET\tCPU µs\tPEER'S\n"}
	for _, f := range r.Figures {
		peerValue, ratio, met := "", "", ""
		if f.Peer != "" {
			peerValue, ratio = number(f.PeerValue), fmt.Sprintf("%.2f", f.Ratio)
		}
		if f.Met != nil {
			met = "yes"
			if !*f.Met {
				met = "NO"
				missed++
			}
		}
		rows = append(rows, strings.Join([]string{
			f.Name, f.Engine, number(f.Value) + " " + f.Unit, f.Peer, peerValue, ratio,
			f.Target.String(), met, number(f.CPU), number(f.PeerCPU),
		}, "\t")+"\n")
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(columns, strings.Join(rows, "")); err != nil {
		return 0, err
	}
	return missed, columns.Flush()
}

// number prints three digits that matter, and all that stand before the point.
func number(v float64) string {
	switch {
	case v == 0:
		return ""
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// save writes the report as JSON.
func (r *report) save(file string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }
