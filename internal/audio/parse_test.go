package audio

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestFLACNumber(t *testing.T) {
	for _, test := range []struct {
		in     string
		want   int64
		length int
	}{
		{"\x7F", 127, 1},
		{"\xC2\x80", 128, 2},
		{"\xE2\x82\xAC", 0x20AC, 3},
		{"\xFE\xBF\xBF\xBF\xBF\xBF\xBF", 1<<36 - 1, 7},
		{"\x80\x80", 0, 0},
		{"\xFF\x80", 0, 0},
		{"\xC2\x00", 0, 0},
		{"\xE2\x82", 0, 0},
	} {
		if got, n := flacNumber([]byte(test.in)); got != test.want || n != test.length {
			t.Errorf("%q: got %d of %d bytes", test.in, got, n)
		}
	}
}

func TestFLACFrameHeader(t *testing.T) {
	st := flacStream{blockSize: 4096, total: 1 << 20}
	for _, test := range []struct {
		name string
		head string
		want flacFrame
	}{
		{"fixed, second frame", "\xFF\xF8\xC8\x18\x01", flacFrame{4096, 8192}},
		{"192 samples", "\xFF\xF8\x18\x18\x00", flacFrame{0, 192}},
		{"1152 samples", "\xFF\xF8\x38\x18\x00", flacFrame{0, 1152}},
		{"8-bit size", "\xFF\xF8\x68\x18\x01\x63", flacFrame{4096, 4196}},
		{"16-bit size", "\xFF\xF8\x78\x18\x01\x03\xE7", flacFrame{4096, 5096}},
		{"variable", "\xFF\xF9\xC8\x18\xC4\x80", flacFrame{256, 4352}},
		{"16-bit rate", "\xFF\xF8\xCD\x18\x01\xAC\x44", flacFrame{4096, 8192}},
	} {
		b := append([]byte(test.head), crc8([]byte(test.head)))
		if got, ok := st.parseFrame(b); !ok || got != test.want {
			t.Errorf("%s: got %+v, %v", test.name, got, ok)
		}
		b[len(b)-1]++
		if _, ok := st.parseFrame(b); ok {
			t.Errorf("%s: a wrong checksum passed", test.name)
		}
	}
	if got := crc8([]byte("123456789")); got != 0xF4 {
		t.Errorf("crc8 is %#x", got)
	}
}

func TestOpusPacketSamples(t *testing.T) {
	for in, want := range map[string]int64{
		"":         0,
		"\x00":     480,     // SILK, 10 ms
		"\x18":     2880,    // SILK, 60 ms
		"\x68":     960,     // hybrid, 20 ms
		"\xE0":     120,     // CELT, 2.5 ms
		"\xFC":     960,     // CELT, 20 ms
		"\xFD":     2 * 960, // two frames
		"\xFF\x03": 3 * 960, // a count of frames
		"\xFF":     0,
	} {
		if got := opusPacketSamples([]byte(in)); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

func TestExtendedInt(t *testing.T) {
	for in, want := range map[string]int{
		"\x40\x0E\xAC\x44\x00\x00\x00\x00\x00\x00": 44100,
		"\x40\x10\xBB\x80\x00\x00\x00\x00\x00\x00": 192000,
		"\x3F\xFF\x80\x00\x00\x00\x00\x00\x00\x00": 1,
		"\xC0\x0E\xAC\x44\x00\x00\x00\x00\x00\x00": 0,
		"\x7F\xFF\xAC\x44\x00\x00\x00\x00\x00\x00": 0,
	} {
		if got := extendedInt([]byte(in)); got != want {
			t.Errorf("%x: got %d, want %d", in, got, want)
		}
	}
}

func TestMP4Times(t *testing.T) {
	narrow := be32(be32(make([]byte, 12), 1000), 5000)
	wide := be64(be32(append([]byte{1}, make([]byte, 19)...), 1000), 1<<33)
	unknown := be64(be32(append([]byte{1}, make([]byte, 19)...), 1000), 1<<64-1)
	for _, test := range []struct {
		name  string
		box   []byte
		units float64
		ok    bool
	}{
		{"version 0", narrow, 5000, true},
		{"version 1", wide, 1 << 33, true},
		{"unknown", unknown, 0, true},
		{"cut", wide[:20], 0, false},
		{"no timescale", make([]byte, 32), 0, false},
	} {
		if _, units, ok := mp4Times(test.box); units != test.units || ok != test.ok {
			t.Errorf("%s: got %v, %v", test.name, units, ok)
		}
	}
}

func TestWAVFormat(t *testing.T) {
	pcm := wavFormatChunk()[8:]
	extensible := append(bytes.Clone(pcm), make([]byte, 24)...)
	binary.LittleEndian.PutUint16(extensible, wavExtensible)
	extensible[24] = wavFloat
	bare := bytes.Clone(pcm) // without a block size
	bare[12] = 0
	other := bytes.Clone(pcm)
	other[0] = 0x99
	mute := bytes.Clone(pcm)
	mute[2] = 0
	for _, test := range []struct {
		name     string
		chunk    []byte
		byteRate int
		ok       bool
	}{
		{"pcm", pcm, 16000, true},
		{"extensible", extensible, 16000, true},
		{"no block size", bare, 16000, true},
		{"unknown codec", other, 0, false},
		{"no channels", mute, 0, false},
		{"cut", pcm[:15], 0, false},
	} {
		f, ok := parseWAVFormat(test.chunk)
		if ok != test.ok || (ok && f.byteRate != test.byteRate) {
			t.Errorf("%s: got %+v, %v", test.name, f, ok)
		}
	}
}

func TestAACChannels(t *testing.T) {
	esds := func(config string) []byte {
		return []byte("esds\x00\x00\x00\x00\x03\x80\x80\x80\x22\x00\x01\x00\x04\x11" +
			"\x40\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x02" + config)
	}
	for name, test := range map[string]struct {
		entry []byte
		want  int
	}{
		"mono":     {esds("\x12\x08"), 1},
		"stereo":   {esds("\x12\x10"), 2},
		"7.1":      {esds("\x12\x38"), 8},
		"escaped":  {esds("\x17\x88"), 0},
		"cut":      {esds(""), 0},
		"no esds":  {[]byte("alac"), 0},
		"no bytes": {[]byte("esds\x00\x00\x00\x00\x03\x80\x80"), 0},
	} {
		if got := aacChannels(test.entry); got != test.want {
			t.Errorf("%s: got %d, want %d", name, got, test.want)
		}
	}
}
