package main

import (
	"slices"
	"strings"
	"testing"
)

func TestJudged(t *testing.T) {
	tests := []struct {
		name string
		f    figure
		want string
	}{
		{"a ratio is reached", figure{Peer: "p", Value: 1, Ratio: 0.7, Target: target{AtLeast: 0.7}}, "yes"},
		{"a ratio is missed", figure{Peer: "p", Value: 9, Ratio: 0.6, Target: target{AtLeast: 0.7}}, "no"},
		{"a slowdown is small", figure{Peer: "p", Value: 9, Ratio: 1.5, Target: target{AtMost: 1.5}}, "yes"},
		{"a value is within its bound", figure{Value: 40, Target: target{AtMost: 40}}, "yes"},
		{"a value is over its bound", figure{Value: 41, Target: target{AtMost: 40}}, "no"},
		{"no target", figure{Value: 41}, ""},
	}
	for _, tt := range tests {
		got := ""
		if met := tt.f.judged().Met; met != nil {
			got = map[bool]string{true: "yes", false: "no"}[*met]
		}
		if got != tt.want {
			t.Errorf("%s: met %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPrint(t *testing.T) {
	var r report
	r.add(figure{Name: "a", Value: 12.34, Unit: "req/s", Peer: "p", PeerValue: 1234, Ratio: 0.011, Target: target{AtLeast: 1}})
	r.omit("b: %s is missing", "c")
	var out strings.Builder
	if err := r.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"12.3 req/s", "1234", "0.01", "≥ 1", "NO", "b: c is missing", "1 figures, 1 missed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestMedian(t *testing.T) {
	for want, values := range map[float64][]float64{0: nil, 3: {3}, 2: {9, 1, 2}, 2.5: {4, 1, 2, 3}} {
		if got := median(values); got != want {
			t.Errorf("of %v: %v, want %v", values, got, want)
		}
	}
	if got := medianRatio([]float64{2, 30, 4}, []float64{1, 10, 4}); got != 2 {
		t.Errorf("the median ratio is %v, want 2", got)
	}
}

func TestSpread(t *testing.T) {
	tests := []struct {
		n, first, last int
		want           []int
	}{
		{3, 1, 9, []int{1, 5, 9}},
		{5, 1, 3, []int{1, 2, 3}},
		{1, 4, 9, []int{4}},
	}
	for _, tt := range tests {
		if got := spread(tt.n, tt.first, tt.last); !slices.Equal(got, tt.want) {
			t.Errorf("spread(%d, %d, %d) = %v, want %v", tt.n, tt.first, tt.last, got, tt.want)
		}
	}
}

// Every endpoint is asked for as much over a large dataset as over a small
// one, so that what a server remembers helps both alike.
func TestScaledEndpointsAreAlike(t *testing.T) {
	few, many := scaledEndpoints(small), scaledEndpoints(large)
	for i := range few {
		if few[i].name != many[i].name || len(few[i].targets) != len(many[i].targets) {
			t.Errorf("%s: %d targets, and %d over the large one", few[i].name, len(few[i].targets), len(many[i].targets))
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		args []string
		err  string
	}{
		{[]string{}, ""},
		{[]string{"-quick", "-engine", "postgres", "-only", "^api/"}, ""},
		{[]string{"-engine", "mysql"}, "-engine"},
		{[]string{"-rounds", "0"}, "-rounds"},
		{[]string{"-only", "("}, "missing closing"},
	}
	for _, tt := range tests {
		_, err := parse(tt.args)
		if (err == nil) != (tt.err == "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%v: %v, want %q", tt.args, err, tt.err)
		}
	}
}
