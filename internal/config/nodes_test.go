package config

import (
	"strings"
	"testing"
)

func TestBus(t *testing.T) {
	const postgres = "postgres://db/antiphon"
	for _, tt := range []struct{ bus, database, engine, wrong string }{
		{"", "", "", ""},
		{"", postgres, "", ""},
		{"postgres", postgres, BusPostgres, ""},
		{"nats://bus:4222", postgres, BusNATS, ""},
		{"nats://a:4222,nats://b:4222/band", postgres, BusNATS, ""},
		{"postgres", "", BusPostgres, "SQLite has one node"},
		{"nats://bus:4222", "sqlite:x.db", BusNATS, "SQLite has one node"},
		{"redis://bus", postgres, BusNATS, "such as nats://"},
		{"nats:", postgres, BusNATS, "such as nats://"},
		{"nats://a,,nats://b", postgres, BusNATS, "such as nats://"},
	} {
		c := &Config{Bus: tt.bus, Database: tt.database, Data: "data"}
		err := c.checkBus()
		if tt.wrong == "" && err != nil || tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
			t.Errorf("%q on %q: error %v, want %q", tt.bus, tt.database, err, tt.wrong)
		}
		if c.BusEngine() != tt.engine || c.Clustered() != (tt.bus != "") {
			t.Errorf("%q is of the engine %q", tt.bus, c.BusEngine())
		}
	}
}

func TestNodeName(t *testing.T) {
	for name, good := range map[string]bool{"": true, "a": true, "node-1.example": true, "-a": false, "a b": false, strings.Repeat("a", 101): false} {
		c := &Config{Node: name}
		if err := c.checkBus(); (err == nil) != good {
			t.Errorf("%q: error %v", name, err)
		}
		if got := c.NodeName(); name != "" && got != name || got == "" {
			t.Errorf("%q is called %q", name, got)
		}
	}
}
