package event_test

import (
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/event"
)

func TestTopic(t *testing.T) {
	var topic event.Topic[int]
	var got []int
	topic.Publish(1) // nobody listens
	topic.Subscribe(func(v int) { got = append(got, v) })
	topic.Publish(2)
	topic.Subscribe(func(v int) { got = append(got, 10*v) })
	topic.Publish(3)
	if want := []int{2, 3, 30}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
