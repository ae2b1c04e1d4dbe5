package audit_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestCompare(t *testing.T) {
	values := func(title, artist string) []audit.Value {
		return []audit.Value{{Field: "title", Text: title}, {Field: "artist", Text: artist}}
	}
	for name, tt := range map[string]struct {
		before, after []audit.Value
		want          []audit.Change
	}{
		"added":   {nil, values("A", ""), []audit.Change{{Field: "title", To: "A"}}},
		"deleted": {values("A", "B"), nil, []audit.Change{{Field: "title", From: "A"}, {Field: "artist", From: "B"}}},
		"changed": {values("A", "B"), values("A", "C"), []audit.Change{{Field: "artist", From: "B", To: "C"}}},
		"same":    {values("A", "B"), values("A", "B"), nil},
		"nothing": {nil, nil, nil},
	} {
		if got := audit.Compare(tt.before, tt.after); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestRecord(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	log := audit.New(audit.Config{Store: storetest.Open(t, "sqlite"), Now: func() time.Time { return now }})
	long := strings.Repeat("ü", audit.MaxValue+1)
	changes := []audit.Change{{Field: "title", From: long, To: long[:2*audit.MaxValue]}}
	err := log.Record(ctx,
		audit.Entry{ActorID: 7, Actor: "a@example.com", Model: audit.Songs, ObjectID: "1", Object: long, Action: audit.Changed, Changes: changes},
		audit.Entry{ActorID: 7, Actor: "a@example.com", Model: audit.Songs, ObjectID: "1", Object: "same", Action: audit.Changed},
	)
	if err != nil {
		t.Fatal(err)
	}
	if changes[0].From != long {
		t.Error("the caller's changes were shortened")
	}
	want := []audit.Entry{{
		ID: 1, At: now, ActorID: 7, Actor: "a@example.com", Model: audit.Songs, ObjectID: "1",
		Object: long[:2*(audit.MaxObject-1)] + "…", Action: audit.Changed,
		Changes: []audit.Change{{Field: "title", From: long[:2*(audit.MaxValue-1)] + "…", To: long[:2*audit.MaxValue]}},
	}}
	of, err := log.Of(ctx, audit.Songs, "1", 10)
	if err != nil || !reflect.DeepEqual(of, want) {
		t.Errorf("of the song: %+v, %v", of, err)
	}
	by, err := log.By(ctx, 7, 10)
	if err != nil || !reflect.DeepEqual(by, want) {
		t.Errorf("by the user: %+v, %v", by, err)
	}
}
