package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/antiphon-music/antiphon/internal/audio"
)

// What is uploaded is a real MP3, for a server that accepts anything else has
// not looked at it.
func TestUploadIsAnMP3(t *testing.T) {
	frame := silentFrame()
	content, err := io.ReadAll(&repeated{content: frame, left: int64(1000 * len(frame))})
	if err != nil || !bytes.Equal(content, bytes.Repeat(frame, 1000)) {
		t.Fatalf("%d bytes, %v", len(content), err)
	}
	info, err := audio.Probe(bytes.NewReader(content), int64(len(content)))
	if err != nil || info.Format.ContentType() != "audio/mpeg" || int(info.Duration.Seconds()) != 26 {
		t.Errorf("%+v, %v", info, err)
	}
}
