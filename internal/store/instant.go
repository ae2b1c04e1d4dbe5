package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// instant stores a time as whole microseconds since 1970 in UTC, and the zero
// time as NULL. A bare time.Time would be text on SQLite that neither compares
// nor scans.
type instant time.Time

// Value implements driver.Valuer.
func (t instant) Value() (driver.Value, error) {
	if time.Time(t).IsZero() {
		return nil, nil
	}
	return time.Time(t).UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (t *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = instant{}
	case int64:
		*t = instant(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("a time is stored as microseconds, not as %T", src)
	}
	return nil
}
