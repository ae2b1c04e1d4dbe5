package main

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFirstLine(t *testing.T) {
	for text, want := range map[string]string{
		"secret\n": "secret", "secret": "secret", "two words \r\nand more": "two words ", "\n": "", "a\tb\n": "a\tb",
	} {
		if got, err := firstLine(strings.NewReader(text)); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if _, err := firstLine(strings.NewReader("")); !errors.Is(err, io.EOF) {
		t.Errorf("nothing at all: %v", err)
	}
	if _, err := firstLine(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("secret\n")))); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("half a line and a fault: %v", err)
	}
}

// People choose their names themselves, and must not write to the operator's
// terminal.
func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"Mira Castellanos": "Mira Castellanos", "José 日本": "José 日本", "a\x1b[31m": "a\uFFFD[31m", "a\tb\nc": "a\uFFFDb\uFFFDc",
	} {
		if got := plain(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}
