package kit

import (
	"math"
	"time"
)

// RetryAfter returns a wait as the header Retry-After has it: in whole seconds,
// at least one.
func RetryAfter(wait time.Duration) int { return int(math.Ceil(max(time.Second, wait).Seconds())) }
