package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may pile up before it is collected. What is in use is some
// ten megabytes, beside which collecting took a third of the time of small
// requests; with ten thousand sockets it is a hundred, of which a part will do.
const (
	garbage      = 40 << 20 // bytes
	mostGarbage  = 400      // percent of what is in use
	leastGarbage = 50
)

// Memory that a burst has left behind goes back to the system once it is this
// much, and the program has been quiet.
const (
	spare     = 4 << 20 // bytes
	quiet     = 2 << 20 // bytes allocated between two looks
	lookEvery = 2 * time.Second
)

// A memoryKeeper fits the garbage collector to what is in use, and returns to
// the system what is not.
type memoryKeeper struct {
	samples   []metrics.Sample
	percent   int
	allocated uint64

	// When memory was last returned. What fragments keep cannot be, so that it is
	// tried again only after something has happened.
	returned struct {
		allocated   uint64
		collections uint64
	}
}

func newMemoryKeeper() *memoryKeeper {
	names := []string{
		"/gc/heap/live:bytes", "/gc/scan/stack:bytes", "/gc/heap/allocs:bytes",
		"/memory/classes/heap/free:bytes", "/memory/classes/heap/unused:bytes", "/memory/classes/heap/objects:bytes",
		"/gc/cycles/total:gc-cycles",
	}
	k := &memoryKeeper{samples: make([]metrics.Sample, len(names))}
	for i, name := range names {
		k.samples[i].Name = name
	}
	return k
}

// keepMemory runs until ctx ends. It leaves all to whoever has set GOGC.
func (a *App) keepMemory(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	k := newMemoryKeeper()
	k.look()
	return a.every(ctx, lookEvery, func(context.Context) { k.look() })
}

func (k *memoryKeeper) look() {
	metrics.Read(k.samples)
	value := func(i int) uint64 { return k.samples[i].Value.Uint64() }
	live, stacks, allocated, free, unused, objects := value(0), value(1), value(2), value(3), value(4), value(5)

	if percent := garbagePercent(live + stacks); percent != k.percent {
		k.percent = percent
		debug.SetGCPercent(percent)
	}
	idle := allocated-k.allocated < quiet
	k.allocated = allocated
	dead := objects - min(live, objects)
	// Where nothing is allocated, what was kept for a while, such as what clients
	// have missed, is collected after two minutes, by the runtime.
	news := allocated-k.returned.allocated > spare || value(6) != k.returned.collections
	if idle && news && free+unused+dead > spare+live/8 {
		debug.FreeOSMemory()
		metrics.Read(k.samples)
		k.returned.allocated, k.returned.collections = value(2), value(6)
	}
}

// garbagePercent returns the setting of GOGC for so many bytes in use.
func garbagePercent(inUse uint64) int {
	return int(min(max(100*garbage/max(inUse, 1), leastGarbage), mostGarbage))
}
