package flac

import "math/bits"

// A bitWriter packs bits into bytes, the highest first. The zero value is
// ready.
type bitWriter struct {
	out   []byte
	cache uint64 // the bits that fill no byte yet, at its low end
	count uint   // how many there are, less than 8 between calls
}

// write appends the low n bits of v; n is at most 56.
func (w *bitWriter) write(v uint64, n uint) {
	w.cache = w.cache<<n | v&(1<<n-1)
	w.count += n
	for w.count >= 8 {
		w.count -= 8
		w.out = append(w.out, byte(w.cache>>w.count))
	}
}

// signed appends the low n bits of v in two's complement.
func (w *bitWriter) signed(v int64, n uint) { w.write(uint64(v), n) }

// rice appends v with its low k bits in binary and the rest in unary (9.2.7).
func (w *bitWriter) rice(v int64, k uint) {
	u := zigzag(v)
	q := u >> k
	for ; q > 32; q -= 32 {
		w.write(0, 32)
	}
	w.write(1, uint(q)+1)
	w.write(u, k)
}

// bytes returns what was written, filled with zeros to a whole byte.
func (w *bitWriter) bytes() []byte {
	if w.count > 0 {
		w.write(0, 8-w.count)
	}
	return w.out
}

// zigzag folds the signed numbers into the unsigned: 0, -1, 1, -2, …
func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// crc8 is the checksum of a frame's header: x^8 + x^2 + x + 1 (9.1.8).
func crc8(data []byte) byte {
	var crc byte
	for _, b := range data {
		crc ^= b
		for range 8 {
			if crc&0x80 != 0 {
				crc = crc<<1 ^ 0x07
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// crcTable returns the table of crc16: x^16 + x^15 + x^2 + 1 (9.3).
func crcTable() *[256]uint16 {
	var table [256]uint16
	for i := range table {
		crc := uint16(i) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x8005
			} else {
				crc <<= 1
			}
		}
		table[i] = crc
	}
	return &table
}

// crc16 is the checksum of a whole frame.
func crc16(table *[256]uint16, data []byte) uint16 {
	var crc uint16
	for _, b := range data {
		crc = crc<<8 ^ table[byte(crc>>8)^b]
	}
	return crc
}

// appendNumber appends a frame's number in the extended UTF-8 of the format
// (9.1.5).
func appendNumber(out []byte, n int) []byte {
	if n < 0x80 {
		return append(out, byte(n))
	}
	// k bytes follow the first, with six bits each; the first has 6-k.
	k := 1
	for bits.Len(uint(n)) > 6*k+6-k {
		k++
	}
	out = append(out, byte(0xff<<(7-k)&0xff)|byte(n>>(6*k)))
	for k--; k >= 0; k-- {
		out = append(out, 0x80|byte(n>>(6*k))&0x3f)
	}
	return out
}
