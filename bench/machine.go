package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// machine describes where a run was made, so that figures of two runs are
// compared only if that makes sense. Versions are empty if a peer is missing.
type machine struct {
	CPU        string `json:"cpu"`
	Cores      int    `json:"cores"`
	Memory     string `json:"memory"`
	System     string `json:"system"` // kernel and its version
	Go         string `json:"go"`
	Node       string `json:"node,omitempty"`
	Nginx      string `json:"nginx,omitempty"`
	PostgreSQL string `json:"postgresql,omitempty"`
}

// thisMachine finds out what it can; what it cannot stays empty.
func thisMachine(ctx context.Context) machine {
	m := machine{
		CPU: procField("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Memory: memorySize(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: strings.TrimPrefix(runtime.Version(), "go"),
	}
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.System += " " + strings.TrimSpace(string(text))
	}
	m.Node, _ = output(ctx, "", "node", "--version")
	m.Nginx = nginxVersion(ctx)
	return m
}

func (m machine) String() string {
	text := fmt.Sprintf("%s, %d cores, %s of memory, %s, Go %s", m.CPU, m.Cores, m.Memory, m.System, m.Go)
	for _, peer := range []struct{ name, version string }{{"Node", m.Node}, {"nginx", m.Nginx}, {"PostgreSQL", m.PostgreSQL}} {
		if peer.version != "" {
			text += ", " + peer.name + " " + strings.TrimPrefix(peer.version, "v")
		}
	}
	return text
}

// memorySize returns the machine's memory, such as "15.6 GiB".
func memorySize() string {
	kibibytes, err := strconv.Atoi(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"))
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%.1f GiB", float64(kibibytes)/(1<<20))
}

// procField returns the value of the first line "name : value" of a file.
func procField(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
