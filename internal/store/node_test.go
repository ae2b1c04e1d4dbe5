package store_test

import (
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestNodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		start := time.Date(2024, 5, 1, 12, 0, 0, 1000, time.UTC)
		a := cluster.Member{ID: "a-1", Name: "a", Address: ":8080", Started: start}
		b := cluster.Member{ID: "b-1", Name: "b", Address: "10.0.0.2:80", Started: start.Add(time.Hour)}
		for i, m := range []cluster.Member{b, a, a, a} {
			if err := s.BeatNode(ctx, m, start.Add(time.Duration(i)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		equalLists(t, "nodes", must(s.Nodes(ctx))(t), []cluster.Beat{{Member: a, Count: 3}, {Member: b, Count: 1}})
		if err := s.DeleteNodesBefore(ctx, start.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		equalLists(t, "nodes seen lately", must(s.Nodes(ctx))(t), []cluster.Beat{{Member: a, Count: 3}})
		for range 2 {
			if err := s.DeleteNode(ctx, a.ID); err != nil {
				t.Fatal(err)
			}
		}
		equalLists(t, "nodes after all have left", must(s.Nodes(ctx))(t), []cluster.Beat{})
	})
}
