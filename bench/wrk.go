package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Requests per second are counted by wrk where it is installed: written in C
// around epoll, it takes less of the two processors that client and server
// share than connections with a goroutine each do, and so says more of the
// server. Without it, our own client counts.

// wrkScript gives wrk the requests to go through, as whole texts.
const wrkScript = `local requests = {
%s}
local n = 0
function request()
  n = n %% #requests + 1
  return requests[n]
end
`

var (
	wrkCount  = regexp.MustCompile(`(\d+) requests in ([0-9.]+)(ms|s|m)`)
	wrkErrors = regexp.MustCompile(`(?m)^\s*(Non-2xx or 3xx responses|Socket errors).*$`)
)

// count puts the load on its server for whole seconds and counts what it
// answers. The result has no latencies.
func (b *bench) count(ctx context.Context, l load) (loadResult, error) {
	if b.wrk == "" {
		return l.run(ctx)
	}
	var requests strings.Builder
	for _, r := range l.requests {
		fmt.Fprintf(&requests, "%s,\n", luaString(r))
	}
	script := filepath.Join(b.scratch, "requests.lua")
	if err := os.WriteFile(script, fmt.Appendf(nil, wrkScript, requests.String()), 0o600); err != nil {
		return loadResult{}, err
	}
	seconds := max(1, int(l.duration.Round(time.Second).Seconds()))
	out, err := exec.CommandContext(ctx, b.wrk, "--threads", strconv.Itoa(wrkThreads(l.connections)), "--connections", strconv.Itoa(l.connections),
		"--duration", fmt.Sprintf("%ds", seconds), "--timeout", "30s", "--script", script, "http://"+l.addr).CombinedOutput()
	if err != nil {
		return loadResult{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return parseWrk(string(out))
}

// wrkThreads is one for each processor, so that a server that is faster than a
// single one of them can ask is still measured by what it does.
func wrkThreads(connections int) int { return min(runtime.NumCPU(), connections) }

// parseWrk reads what wrk prints. Any answer but 2xx and 3xx is an error.
func parseWrk(out string) (loadResult, error) {
	if wrong := wrkErrors.FindString(out); wrong != "" {
		return loadResult{}, fmt.Errorf("wrk: %s", strings.TrimSpace(wrong))
	}
	m := wrkCount.FindStringSubmatch(out)
	if m == nil {
		return loadResult{}, fmt.Errorf("wrk: unknown output: %s", out)
	}
	requests, err := strconv.Atoi(m[1])
	if err != nil {
		return loadResult{}, fmt.Errorf("wrk: %w", err)
	}
	elapsed, err := time.ParseDuration(m[2] + m[3])
	if err != nil {
		return loadResult{}, fmt.Errorf("wrk: %w", err)
	}
	return loadResult{requests: requests, elapsed: elapsed}, nil
}

// luaString quotes bytes for Lua 5.1.
func luaString(b []byte) string {
	var s strings.Builder
	s.WriteByte('"')
	for _, c := range b {
		fmt.Fprintf(&s, `\%03d`, c)
	}
	s.WriteByte('"')
	return s.String()
}
