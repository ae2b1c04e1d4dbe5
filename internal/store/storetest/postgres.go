package storetest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/store/pgserver"
)

// server is the PostgreSQL of one test binary, started by the first test that
// needs it. Tests survive no power cut, so that it need not sync.
var server = sync.OnceValues(func() (*pgserver.Server, error) { return pgserver.Start("fsync=off") })

// postgresURL makes a database of its own for a test and drops it afterwards.
func postgresURL(t testing.TB) string {
	t.Helper()
	s, err := server()
	if err != nil {
		citest.Missing(t, fmt.Sprintf("this test needs PostgreSQL (on Debian: apt-get install postgresql): %v", err))
	}
	var b [6]byte
	_, _ = rand.Read(b[:])
	name := "test_" + hex.EncodeToString(b[:])
	url, err := s.CreateDatabase(name)
	if err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := s.DropDatabase(name); err != nil {
			t.Errorf("PostgreSQL: %v", err)
		}
	})
	return url
}
