package audio

import (
	"bytes"
	"time"
)

// frame is what the header of one MPEG frame tells, be it MP3 or ADTS.
type frame struct {
	format   Format
	size     int // in bytes, the header included
	samples  int // of one channel
	rate     int // in Hz
	channels int
	kind     uint32 // the bits of the header that stay the same all through a stream
}

const (
	// confirmation is how many frames of one kind must follow each other before
	// bytes count as a stream. The chance that random bytes do is below 2⁻⁴⁵.
	confirmation = 3
	// lookahead holds that many frames of the largest size, 8 KiB in ADTS.
	lookahead = 32 << 10
	// maxPadding is how far behind an ID3v2 tag, or behind zeros at the start of
	// a file, the first frame is looked for: some writers pad without counting.
	maxPadding = 64 << 10
	// maxCutFrame is how far a stream is looked for in a file with neither: a
	// recording of a broadcast starts with the rest of a frame that was cut.
	maxCutFrame = 1500
)

// probeFrames reads a file of MP3 or ADTS frames that begins at start, behind
// any ID3v2 tags.
func probeFrames(s *source, start int64) (Info, error) {
	fs := frames{s: s, end: trailerStart(s, start)}
	off, first, ok := fs.find(start, firstFrameLimit(s, start))
	if !ok {
		return Info{}, notAudio("no known format, and no stream of MPEG frames")
	}
	if first.format == MP3 {
		info, rest, ok := readVBRHeader(fs, off, first)
		if ok {
			return info, nil
		}
		off = rest
	}
	return fs.walk(off, first), nil
}

// firstFrameLimit returns where a file stops being searched for its first
// frame. Without a tag before it, that is nearly at once: an archive or a film
// may well hold an MP3 file whole, further in.
func firstFrameLimit(s *source, start int64) int64 {
	if start > 0 {
		return start + maxPadding
	}
	zeros := 0
	for _, c := range s.peek(0, maxPadding) {
		if c != 0 {
			break
		}
		zeros++
	}
	if zeros > 0 {
		return int64(zeros) + maxCutFrame
	}
	head := s.peek(0, 4)
	if hasAt(head, 0, "PK") || isPrintable(head) {
		return 1
	}
	return maxCutFrame
}

// isPrintable reports whether b is ASCII text. The rest of a cut frame hardly
// ever starts with four letters; other containers and texts mostly do.
func isPrintable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// parseFrame reads a frame header of either format.
func parseFrame(b []byte) (frame, bool) {
	if f, ok := parseMP3(b); ok {
		return f, true
	}
	return parseADTS(b)
}

// frames is the part of a file that holds MPEG frames.
type frames struct {
	s   *source
	end int64 // where the trailing tags begin
}

// at returns the frame at off.
func (fs frames) at(off int64) (frame, bool) {
	if off >= fs.end {
		return frame{}, false
	}
	return parseFrame(fs.s.peek(off, 16))
}

// confirmed returns the frame at off if a stream starts there: if enough frames
// of one kind follow each other, or if fewer, but one at least, fill the file
// to its end.
func (fs frames) confirmed(off int64) (frame, bool) {
	first, ok := fs.at(off)
	if !ok {
		return frame{}, false
	}
	fs.s.peek(off, lookahead) // one read for the whole chain
	for n := range confirmation {
		f, ok := fs.at(off)
		switch {
		case !ok || f.kind != first.kind:
			return first, n > 0 && off == fs.end
		case off+int64(f.size) > fs.end:
			return first, n > 0
		}
		off += int64(f.size)
	}
	return first, true
}

// find returns the first offset in [off, limit) where a stream starts.
func (fs frames) find(off, limit int64) (int64, frame, bool) {
	limit = min(limit, fs.end)
	for off < limit {
		b := fs.s.peek(off, int(min(lookahead, limit-off)))
		i := bytes.IndexByte(b, 0xFF)
		if i < 0 {
			if len(b) == 0 {
				break
			}
			off += int64(len(b))
			continue
		}
		off += int64(i)
		if f, ok := fs.confirmed(off); ok {
			return off, f, true
		}
		off++
	}
	return 0, frame{}, false
}

// walk counts the frames from off, where first is, to the end. It steps over
// damage, and over what a file that was joined from others has in between.
func (fs frames) walk(off int64, first frame) Info {
	info := Info{Format: first.format, Channels: first.channels, SampleRate: first.rate}
	var length float64 // in seconds: the rate may change where files were joined
	var payload int64
	kind := first.kind
	for {
		f, ok := fs.at(off)
		if ok && f.kind == kind && off+int64(f.size) <= fs.end {
			length += float64(f.samples) / float64(f.rate)
			payload += int64(f.size)
			off += int64(f.size)
			continue
		}
		if off, f, ok = fs.find(off+1, fs.end); !ok {
			break
		}
		kind = f.kind
	}
	info.Duration = time.Duration(length * float64(time.Second))
	info.Bitrate = bitrate(payload, info.Duration)
	return info
}
