package bus_test

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/bus/bustest"
)

func TestLocal(t *testing.T) {
	bustest.Run(t, func(*testing.T) bustest.Engine {
		hub := new(bus.Local)
		return bustest.Engine{Join: func(_ *testing.T, node string) bus.Bus { return hub.Join(node) }}
	})
}
