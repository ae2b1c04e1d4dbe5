package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// Pages deep inside a long list are the same with marks and without, and after
// a write that the marks know nothing of.
func TestMarkedPages(t *testing.T) {
	const n, limit = 5000, 20
	offsets := []int{2000, 2199, 2200, 2201, 2500, 2990}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		insert := func(ctx context.Context, i int) error {
			at := start.Add(time.Duration(i/3) * time.Second) // ties, which ids break
			_, err := s.InsertSong(ctx, catalog.Song{
				OID: testOID(i), Title: "t", Artist: "a", Created: at, Updated: at,
			})
			return err
		}
		err := s.InTx(ctx, func(ctx context.Context) error {
			for i := range n {
				if err := insert(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		check := func(when string, total int) {
			t.Helper()
			for _, offset := range offsets {
				got, err := s.Songs(ctx, catalog.Page{Limit: limit, Offset: offset})
				if err != nil {
					t.Fatal(err)
				}
				if len(got) != limit || got[0].OID != testOID(total-1-offset) || got[limit-1].OID != testOID(total-offset-limit) {
					t.Errorf("%s, offset %d: %d songs from %s to %s", when, offset, len(got), got[0].OID, got[len(got)-1].OID)
				}
			}
		}
		check("without marks", n)
		if err := s.MarkNow(ctx, "songs"); err != nil {
			t.Fatal(err)
		}
		check("with marks", n)
		if err := insert(ctx, n); err != nil {
			t.Fatal(err)
		}
		check("with marks of an older revision", n+1)
	})
}

func testOID(i int) oid.ID { return oid.ID(fmt.Sprintf("%024x", i)) }
