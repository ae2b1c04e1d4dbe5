package bus

import (
	"bytes"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, size := range []int{1024, 5925, 65_536} {
		for _, length := range []int{0, 1, 800, 1024, 5000, 100_000, MaxSize} {
			data := bytes.Repeat([]byte("antiphon"), length/8+1)[:length]
			node, topic := strings.Repeat("n", maxName), strings.Repeat("t", maxName)
			var joined []byte
			for i, raw := range split(node, 7, topic, data, size) {
				f, err := parseFrame(raw)
				if err != nil || len(raw) > size || f.node != node || f.topic != topic || f.number != 7+uint64(i) || f.part != uint64(i) {
					t.Fatalf("frame %d of %d bytes in frames of %d: %+v, %v", i, length, size, f, err)
				}
				joined = append(joined, f.data...)
			}
			if !bytes.Equal(joined, data) {
				t.Errorf("%d bytes in frames of %d are joined to %d others", length, size, len(joined))
			}
		}
	}
}

func FuzzFrame(f *testing.F) {
	for _, raw := range split("node", 1, "topic", []byte("data"), 1024) {
		f.Add(raw)
	}
	f.Add([]byte{frameVersion, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := parseFrame(raw)
		if err != nil {
			return
		}
		again, err := parseFrame(got.append(nil))
		if err != nil || again.node != got.node || again.number != got.number || again.part != got.part ||
			again.parts != got.parts || again.topic != got.topic || !bytes.Equal(again.data, got.data) {
			t.Errorf("%+v is written and read as %+v, %v", got, again, err)
		}
	})
}
