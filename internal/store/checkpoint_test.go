package store_test

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/store"
)

// What a checkpoint has copied is in the database itself, even if the log is
// lost.
func TestCheckpoint(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	s := must(store.Open(ctx, store.Config{URL: "sqlite:" + path}))(t)
	defer func() { check(t, s.Close()) }()
	must(s.Migrate(ctx))(t)
	u := addUser(t, s, 1)
	check(t, s.Checkpoint(ctx))

	copied := filepath.Join(dir, "b.db")
	check(t, os.WriteFile(copied, must(os.ReadFile(path))(t), 0o600))
	other := must(store.Open(ctx, store.Config{URL: "sqlite:" + copied}))(t)
	defer func() { check(t, other.Close()) }()
	equal(t, "user", must(other.UserByID(ctx, u.ID))(t).Email, u.Email)
}

// A long log begins anew although somebody writes all the time.
func TestCheckpointOfLongLog(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "a.db")
	s := must(store.Open(ctx, store.Config{URL: "sqlite:" + path}))(t)
	defer func() { check(t, s.Close()) }()
	must(s.Migrate(ctx))(t)
	a, b := addUser(t, s, 1), addUser(t, s, 2)

	long := message(0, a.ID, b.ID)
	long.Content = strings.Repeat("la", 1<<20)
	n := 1
	for ; n <= 26; n++ { // of 2 MiB each, in pages of 4 KiB
		long.OID = ids.New()
		must(insertMessage(ctx, s, long))(t)
	}
	begun := logNumber(t, path)

	var writer sync.WaitGroup
	stop := make(chan struct{})
	var wrong error
	writer.Go(func() {
		for ; wrong == nil; n++ {
			select {
			case <-stop:
				return
			default:
				_, wrong = insertMessage(ctx, s, message(n, a.ID, b.ID))
			}
		}
	})
	err := s.Checkpoint(ctx)
	close(stop)
	writer.Wait()
	check(t, errors.Join(err, wrong))
	addMessage(t, s, n, a.ID, b.ID)
	if logNumber(t, path) == begun {
		t.Error("the log goes on")
	}
}

// logNumber returns how often the log of a database has begun anew. It is at
// bytes 12 to 15, see https://www.sqlite.org/fileformat2.html#walformat.
func logNumber(t *testing.T, path string) uint32 {
	t.Helper()
	f := must(os.Open(path + "-wal"))(t)
	defer f.Close()
	header := make([]byte, 32)
	must(io.ReadFull(f, header))(t)
	return binary.BigEndian.Uint32(header[12:])
}
