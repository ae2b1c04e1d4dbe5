package copies

// Settle returns once no copy is being made.
func (c *Cache) Settle() { c.making.Wait() }
