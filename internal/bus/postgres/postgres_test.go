package postgres_test

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/bus/bustest"
	"github.com/antiphon-music/antiphon/internal/bus/postgres"
	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/store/pgserver"
)

func TestConformance(t *testing.T) {
	s, err := pgserver.Start("fsync=off")
	if err != nil {
		citest.Missing(t, "this test needs PostgreSQL: "+err.Error())
	}
	databases := 0
	bustest.Run(t, func(t *testing.T) bustest.Engine {
		databases++
		url, err := s.CreateDatabase(fmt.Sprint("bus_", databases))
		if err != nil {
			t.Fatal(err)
		}
		return bustest.Engine{
			Join: func(t *testing.T, node string) bus.Bus {
				b, err := postgres.New(url, node, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Fatal(err)
				}
				return b
			},
			Cut: s.Kill, Restore: s.Resume,
		}
	})
}
