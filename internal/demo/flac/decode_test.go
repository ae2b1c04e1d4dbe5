package flac

import (
	"encoding/binary"
	"testing"
)

// A bitReader is the counterpart of bitWriter.
type bitReader struct {
	data []byte
	pos  int // in bits
}

func (r *bitReader) read(n uint) uint64 {
	var v uint64
	for range n {
		v = v<<1 | uint64(r.data[r.pos/8]>>(7-r.pos%8)&1)
		r.pos++
	}
	return v
}

func (r *bitReader) signed(n uint) int64 { return int64(r.read(n)<<(64-n)) >> (64 - n) }

func (r *bitReader) unary() (n uint64) {
	for r.read(1) == 0 {
		n++
	}
	return n
}

// decode reads back what Encode may write, by the letter of RFC 9639 and
// without help from the encoder's code but for the checksums.
func decode(t *testing.T, data []byte) (pcm []int16, rate int) {
	t.Helper()
	if string(data[:4]) != "fLaC" {
		t.Fatal("this is no FLAC file")
	}
	info := data[8:42]
	rate = int(binary.BigEndian.Uint32(info[10:14]) >> 12)
	total := int(binary.BigEndian.Uint64(info[10:18]) & (1<<36 - 1))
	at := 4
	for last := false; !last; {
		last = data[at]&0x80 != 0
		at += 4 + (int(data[at+1])<<16 | int(data[at+2])<<8 | int(data[at+3]))
	}
	for number := 0; at < len(data); number++ {
		block, size := decodeFrame(t, data[at:], number)
		pcm = append(pcm, block...)
		at += size
	}
	if len(pcm) != 2*total {
		t.Fatalf("%d samples, the head promises %d", len(pcm)/2, total)
	}
	if sum := checksum(pcm); string(sum[:]) != string(info[18:34]) {
		t.Fatal("the checksum of the sound is wrong")
	}
	return pcm, rate
}

func decodeFrame(t *testing.T, data []byte, number int) (pcm []int16, size int) {
	t.Helper()
	r := &bitReader{data: data}
	if r.read(16) != 0xfff8 || r.read(4) != 7 {
		t.Fatal("a frame does not begin with its mark")
	}
	r.read(4)
	pairing := r.read(4)
	if r.read(4) != 8 {
		t.Fatal("a frame is not of 16 bits")
	}
	first := r.read(8)
	value := first
	if first >= 0x80 {
		follow := 0
		for mask := uint64(0x40); first&mask != 0; mask >>= 1 {
			follow++
		}
		value = first & (1<<(6-follow) - 1)
		for range follow {
			value = value<<6 | r.read(8)&0x3f
		}
	}
	if int(value) != number {
		t.Fatalf("frame %d calls itself %d", number, value)
	}
	n := int(r.read(16)) + 1
	if head := r.pos / 8; r.read(8) != uint64(crc8(data[:head])) {
		t.Fatal("the checksum of a frame's head is wrong")
	}
	depth := [2]uint{16, 16}
	switch pairing {
	case 8, 10:
		depth[1] = 17
	case 9:
		depth[0] = 17
	}
	a, b := decodeSubframe(t, r, n, depth[0]), decodeSubframe(t, r, n, depth[1])
	for i := range n {
		l, rr := a[i], b[i]
		switch pairing {
		case 8:
			rr = l - rr
		case 9:
			l += rr
		case 10:
			sum := l<<1 | rr&1
			l, rr = (sum+rr)>>1, (sum-rr)>>1
		}
		pcm = append(pcm, int16(l), int16(rr))
	}
	size = (r.pos+7)/8 + 2
	if got := binary.BigEndian.Uint16(data[size-2:]); got != crc16(crcTable(), data[:size-2]) {
		t.Fatal("the checksum of a frame is wrong")
	}
	return pcm, size
}

func decodeSubframe(t *testing.T, r *bitReader, n int, depth uint) []int64 {
	t.Helper()
	kind := r.read(7)
	wasted := uint(0)
	if r.read(1) == 1 {
		wasted = uint(r.unary()) + 1
	}
	depth -= wasted
	out := make([]int64, n)
	switch {
	case kind == 0:
		v := r.signed(depth)
		for i := range out {
			out[i] = v
		}
	case kind == 1:
		for i := range out {
			out[i] = r.signed(depth)
		}
	case kind >= 32:
		order := int(kind-32) + 1
		for i := range order {
			out[i] = r.signed(depth)
		}
		precision := uint(r.read(4)) + 1
		shift := r.read(5)
		coeffs := make([]int64, order)
		for i := range coeffs {
			coeffs[i] = r.signed(precision)
		}
		if r.read(2) != 0 {
			t.Fatal("the residual is of an unknown kind")
		}
		parts := 1 << r.read(4)
		for i, p := order, 0; p < parts; p++ {
			k := uint(r.read(4))
			for ; i < (p+1)*n/parts; i++ {
				u := r.unary()<<k | r.read(k)
				v := int64(u>>1) ^ -int64(u&1)
				sum := int64(0)
				for j, c := range coeffs {
					sum += c * out[i-1-j]
				}
				out[i] = v + sum>>shift
			}
		}
	default:
		t.Fatalf("a subframe is of the kind %d", kind)
	}
	for i := range out {
		out[i] <<= wasted
	}
	return out
}
