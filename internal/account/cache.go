package account

import "sync"

// cache remembers what was read of accounts, so that a request costs no query
// to know who asks or who is meant. It is cleared whole at every change of an
// account: changes are rare, and a cleared cache is never wrong.
type cache[V any] struct {
	mu    sync.RWMutex
	gen   uint64
	byKey map[string]V
}

// cacheSize bounds a cache; at the bound it starts afresh.
const cacheSize = 10_000

func newCache[V any]() *cache[V] { return &cache[V]{byKey: map[string]V{}} }

func (c *cache[V]) generation() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.gen
}

func (c *cache[V]) get(key string) (V, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.byKey[key]
	return v, ok
}

// put stores what was read in a generation; what an older one read may have
// been changed since and is not kept.
func (c *cache[V]) put(gen uint64, key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if gen != c.gen {
		return
	}
	if len(c.byKey) >= cacheSize {
		clear(c.byKey)
	}
	c.byKey[key] = v
}

func (c *cache[V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gen++
	clear(c.byKey)
}
