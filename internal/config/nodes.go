package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// The engines of a bus between nodes.
const (
	BusPostgres = "postgres"
	BusNATS     = "nats"
)

// Clustered reports whether there may be other nodes.
func (c *Config) Clustered() bool { return c.Bus != "" }

// BusEngine returns BusPostgres or BusNATS, or "" for none.
func (c *Config) BusEngine() string {
	if c.Bus == "" || c.Bus == BusPostgres {
		return c.Bus
	}
	return BusNATS
}

// NodeName returns what this node is called.
func (c *Config) NodeName() string {
	if c.Node != "" {
		return c.Node
	}
	host, err := os.Hostname()
	if err != nil || !nodeName.MatchString(host) {
		host = "node"
	}
	return host + "-" + strconv.Itoa(os.Getpid())
}

var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

func (c *Config) checkBus() error {
	if c.Node != "" && !nodeName.MatchString(c.Node) {
		return fmt.Errorf("node: %q is no name of letters, digits, dots and dashes", c.Node)
	}
	if c.Bus == "" {
		return nil
	}
	if scheme, _, _ := strings.Cut(c.DatabaseURL(), ":"); scheme == "sqlite" {
		return errors.New("bus: several nodes need one PostgreSQL database; SQLite has one node")
	}
	if c.Bus == BusPostgres {
		return nil
	}
	for server := range strings.SplitSeq(c.Bus, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || (u.Scheme != "nats" && u.Scheme != "tls") || u.Host == "" {
			return errors.New("bus: it is postgres, or one address or more such as nats://bus.example.org:4222, with commas between them")
		}
	}
	return nil
}
