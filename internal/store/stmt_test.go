package store

import "testing"

func TestPositional(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`SELECT 1`, `SELECT 1`},
		{`SELECT id FROM users WHERE id = $1`, `SELECT id FROM users WHERE id = ?`},
		{`VALUES ($1, $2), ($3, $4)`, `VALUES (?, ?), (?, ?)`},
		{`($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{`WHERE a = $1 OR b = $1`, `WHERE a = $1 OR b = $1`},
		{`LIMIT $2 OFFSET $1`, `LIMIT $2 OFFSET $1`},
		{`WHERE a = $1 AND b = $2 OR b = $1`, `WHERE a = $1 AND b = $2 OR b = $1`},
		{`WHERE a = $12`, `WHERE a = $12`},
		{`json_extract(a, '$.b') = $1`, `json_extract(a, '$.b') = $1`},
	} {
		if got := positional(c.text); got != c.want {
			t.Errorf("positional(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}
