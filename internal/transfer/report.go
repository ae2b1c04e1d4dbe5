package transfer

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// Report is what an import did, or would do; or what an export did.
type Report struct {
	Export  bool          `json:"export,omitempty"` // added means written
	DryRun  bool          `json:"dry_run"`
	Done    bool          `json:"done"` // everything is stored, or would be
	Took    time.Duration `json:"took_ns"`
	Kinds   []KindReport  `json:"kinds"`
	Rules   []RuleReport  `json:"rules,omitempty"`
	Unknown int64         `json:"unknown_users"` // accounts made for the sake of their messages
}

// KindReport counts the records of one kind. What was read was added, or is the
// same in the target already, or is lost.
type KindReport struct {
	Kind  string `json:"kind"`
	Read  int64  `json:"read"`
	Added int64  `json:"added"`
	Same  int64  `json:"same"`
	Lost  int64  `json:"lost"`
	// Checksum is the sum of the checksums of what was added, the same in the
	// source and, read back, in the target. It means something in one run alone.
	Checksum string `json:"checksum,omitempty"`
}

// RuleReport is how often one rule was applied to records of a kind, and where
// first.
type RuleReport struct {
	Rule   string    `json:"rule"`
	Kind   string    `json:"kind"`
	Count  int64     `json:"count"`
	Lost   int64     `json:"lost"`
	Places []Example `json:"places"`
}

// Example is one application of a rule.
type Example struct {
	Place string `json:"place"`
	What  string `json:"what"`
	Lost  bool   `json:"lost,omitempty"`
}

// maxExamples is how many are kept of each rule and kind.
const maxExamples = 20

// maxWhat is the greatest length of an example's words, in bytes.
const maxWhat = 500

// Lost returns how many records are lost in all.
func (r *Report) Lost() (n int64) {
	for _, k := range r.Kinds {
		n += k.Lost
	}
	return n
}

// WriteText writes the report for people to read.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	rows := "\tread\tadded\tthere already\tlost\t\n"
	if r.Export {
		rows = "\tread\twritten\t\n"
	}
	for _, k := range r.Kinds {
		if r.Export {
			rows += fmt.Sprintf("%s\t%d\t%d\t\n", k.Kind, k.Read, k.Added)
		} else {
			rows += fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t\n", k.Kind, k.Read, k.Added, k.Same, k.Lost)
		}
	}
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := io.WriteString(table, rows); err != nil {
		return err
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, rule := range r.Rules {
		fmt.Fprintf(&b, "\n%s: %s, %d times, %d lost\n", rule.Kind, rule.Rule, rule.Count, rule.Lost)
		for _, e := range rule.Places {
			fmt.Fprintf(&b, "  %s: %s\n", e.Place, e.What)
		}
		if more := rule.Count - int64(len(rule.Places)); more > 0 {
			fmt.Fprintf(&b, "  and %d more\n", more)
		}
	}
	if r.Unknown > 0 {
		fmt.Fprintf(&b, "\n%d accounts were made for unknown users who have messages\n", r.Unknown)
	}
	switch {
	case r.Export && r.Done:
		fmt.Fprintf(&b, "\nIt took %s.\n", r.Took.Round(time.Millisecond))
	case r.Export:
		fmt.Fprintln(&b, "\nIt was broken off.")
	case !r.Done:
		fmt.Fprintln(&b, "\nNothing was stored.")
	case r.DryRun:
		fmt.Fprintln(&b, "\nThis was a dry run: nothing was stored.")
	default:
		fmt.Fprintf(&b, "\nEverything was read back and is as in the source. It took %s.\n", r.Took.Round(time.Millisecond))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// collector makes the report. It is safe for concurrent use.
type collector struct {
	mu     sync.Mutex
	counts [Kinds]KindReport
	rules  map[ruleKey]*RuleReport
}

type ruleKey struct {
	kind Kind
	rule string
}

func newCollector() *collector { return &collector{rules: map[ruleKey]*RuleReport{}} }

// problem counts a problem of a record, and the record too if it is lost.
func (c *collector) problem(kind Kind, p Problem) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := ruleKey{kind, p.Rule}
	r := c.rules[key]
	if r == nil {
		r = &RuleReport{Rule: p.Rule, Kind: kind.String()}
		c.rules[key] = r
	}
	r.Count++
	if p.Lost {
		r.Lost++
		c.counts[kind].Lost++
	}
	if len(r.Places) < maxExamples {
		r.Places = append(r.Places, Example{Place: p.Place.String(), What: shorten(p.What), Lost: p.Lost})
	}
}

func shorten(what string) string {
	if len(what) <= maxWhat {
		return what
	}
	return strings.ToValidUTF8(what[:maxWhat], "") + "…"
}

// count changes the counts of a kind.
func (c *collector) count(kind Kind, change func(*KindReport)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.counts[kind])
}

func (c *collector) report() Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	var r Report
	for kind, counts := range c.counts {
		counts.Kind = Kind(kind).String()
		r.Kinds = append(r.Kinds, counts)
	}
	for _, rule := range c.rules {
		r.Rules = append(r.Rules, *rule)
	}
	slices.SortFunc(r.Rules, func(a, b RuleReport) int {
		return strings.Compare(a.Kind+"\x00"+a.Rule, b.Kind+"\x00"+b.Rule)
	})
	return r
}
