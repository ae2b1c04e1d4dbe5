package flac

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestEncodeRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	make := func(n int, f func(i int) (l, r int)) []int16 {
		pcm := make([]int16, 2*n)
		for i := range n {
			l, r := f(i)
			pcm[2*i], pcm[2*i+1] = int16(l), int16(r)
		}
		return pcm
	}
	tone := func(i int, freq float64) int { return int(12000 * math.Sin(float64(i)*freq)) }
	for name, pcm := range map[string][]int16{
		"one sample":       {1, -1},
		"a short block":    make(40, func(i int) (int, int) { return i * 7, -i }),
		"silence":          make(9000, func(int) (int, int) { return 0, 0 }),
		"a constant":       make(5000, func(int) (int, int) { return -300, 700 }),
		"noise":            make(9001, func(int) (int, int) { return rng.IntN(65536) - 32768, rng.IntN(65536) - 32768 }),
		"the extremes":     make(8192, func(i int) (int, int) { return 65535*(i%2) - 32768, 32767 - 65535*(i%2) }),
		"a tone":           make(20000, func(i int) (int, int) { return tone(i, 0.05), tone(i, 0.07) }),
		"one side":         make(12345, func(i int) (int, int) { return tone(i, 0.03), 0 }),
		"alike":            make(12289, func(i int) (int, int) { return tone(i, 0.03) + rng.IntN(9), tone(i, 0.03) }),
		"wasted bits":      make(10000, func(i int) (int, int) { return tone(i, 0.02) &^ 15, tone(i, 0.3) &^ 7 }),
		"silence, a click": make(9000, func(i int) (int, int) { return 32767 * (i / 8999), 0 }),
		"many frames":      make(140*4096, func(i int) (int, int) { return i & 31, i & 15 }),
	} {
		t.Run(name, func(t *testing.T) {
			data, err := Encode(pcm, 32000, []Tag{{"TITLE", "Ünder"}})
			if err != nil {
				t.Fatal(err)
			}
			got, rate := decode(t, data)
			if rate != 32000 || !slices.Equal(got, pcm) {
				t.Errorf("%d samples at %d Hz came back changed", len(got), rate)
			}
		})
	}
}

func TestEncodeIsSmall(t *testing.T) {
	pcm := make([]int16, 2*32000)
	for i := range pcm {
		pcm[i] = int16(9000 * math.Sin(float64(i/2)*0.04))
	}
	data, err := Encode(pcm, 32000, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > len(pcm)*2/6 {
		t.Errorf("a tone takes %d of %d bytes", len(data), len(pcm)*2)
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		pcm  []int16
		rate int
	}{
		"nothing":      {nil, 32000},
		"half a pair":  {make([]int16, 3), 32000},
		"no rate":      {make([]int16, 4), 0},
		"a wild rate":  {make([]int16, 4), 1 << 20},
		"a minus rate": {make([]int16, 4), -1},
	} {
		if _, err := Encode(c.pcm, c.rate, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}

func TestSeekTable(t *testing.T) {
	pcm := make([]int16, 2*20*blockSize)
	for i := range pcm {
		pcm[i] = int16(i * i)
	}
	data, err := Encode(pcm, 44100, nil)
	if err != nil {
		t.Fatal(err)
	}
	table, audio := data[4+4+34+4:], bytes.Index(data, []byte("Antiphon"))+len("Antiphon")+4
	for k := range 5 {
		sample := binary.BigEndian.Uint64(table[18*k:])
		offset := binary.BigEndian.Uint64(table[18*k+8:])
		if sample != uint64(k*seekFrames*blockSize) {
			t.Errorf("point %d is sample %d", k, sample)
		}
		if mark := binary.BigEndian.Uint16(data[audio+int(offset):]); mark != 0xfff8 {
			t.Errorf("point %d leads to %x, no frame", k, mark)
		}
	}
}

func TestThin(t *testing.T) {
	loud, quiet := make([]int16, 2*blockSize), make([]int16, 2*blockSize)
	for i := range loud {
		loud[i] = int16(12000 * math.Sin(float64(i)*0.1))
		quiet[i] = int16(40 * math.Sin(float64(i)*0.1))
	}
	pcm := slices.Concat(loud, quiet, []int16{32767, -32768})
	before := slices.Clone(pcm)
	Thin(pcm)
	var used int16
	noise, power := 0.0, 0.0
	for i, v := range pcm[:2*blockSize] {
		used |= v
		d := float64(v) - float64(before[i])
		noise += d * d
		power += float64(v) * float64(v)
	}
	if used&3 != 0 {
		t.Error("a loud block kept its low bits")
	}
	if db := 10 * math.Log10(power/noise); db < 65 {
		t.Errorf("the rounding is only %.1f dB below the sound", db)
	}
	if !slices.Equal(pcm[2*blockSize:4*blockSize], quiet) {
		t.Error("a quiet block was changed")
	}
	if last := pcm[len(pcm)-2]; last < 32000 {
		t.Errorf("the largest sample became %d", last)
	}
}
