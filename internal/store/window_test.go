package store_test

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/store"
)

// A window over 0, 1, 2 … is the naive page, read from its nearer end.
func TestWindow(t *testing.T) {
	for total := range 8 {
		newest := make([]int, total)
		for i := range newest {
			newest[i] = i
		}
		eachPage(total, func(limit, offset int) {
			rows, skip, fromOldest := store.Window(total, limit, offset)
			list := newest
			if fromOldest {
				list = reversed(list)
			}
			got := list[skip : skip+rows]
			if fromOldest {
				got = reversed(got)
			}
			equalLists(t, "page", got, slice(newest, limit, offset))
			if want := total - offset; fromOldest && int(skip) > max(want, 0) {
				t.Errorf("total %d, limit %d, offset %d: skips %d from the oldest", total, limit, offset, skip)
			}
		})
	}
	if rows, skip, _ := store.Window(5, -1, -1); rows != 5 || skip != 0 {
		t.Errorf("a page before the beginning has %d rows from %d", rows, skip)
	}
}
