package nats_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/bus/bustest"
	"github.com/antiphon-music/antiphon/internal/bus/nats"
	"github.com/antiphon-music/antiphon/internal/bus/nats/natsserver"
	"github.com/antiphon-music/antiphon/internal/citest"
)

func TestConformance(t *testing.T) {
	s, err := natsserver.Start()
	if err != nil {
		citest.Missing(t, "this test needs nats-server: "+err.Error())
	}
	bustest.Run(t, func(t *testing.T) bustest.Engine {
		prefix := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name())
		return bustest.Engine{
			Join: func(t *testing.T, node string) bus.Bus {
				b, err := nats.New(s.URL+"/"+prefix, node, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Fatal(err)
				}
				return b
			},
			Cut: s.Kill, Restore: s.Resume,
		}
	})
}

func TestAddresses(t *testing.T) {
	for url, good := range map[string]bool{
		"nats://127.0.0.1:4222":            true,
		"nats://a:4222,nats://b:4222/band": true,
		"tls://user:secret@a":              true,
		"":                                 false,
		"nats:":                            false,
		"nats://a/two/parts":               false,
		"nats://a/wild.*":                  false,
		"nats://%zz":                       false,
	} {
		if _, err := nats.New(url, "node", slog.New(slog.DiscardHandler)); (err == nil) != good {
			t.Errorf("%q: error %v", url, err)
		}
	}
}
