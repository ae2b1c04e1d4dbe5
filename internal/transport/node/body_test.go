package node

import (
	"testing"
	"unicode/utf16"
)

func TestDecodeText(t *testing.T) {
	tests := []struct{ name, data, charset, want string }{
		{"plain", "aü", "utf-8", "aü"},
		{"byte order mark", "\xef\xbb\xbfa", "utf-8", "a"},
		{"no UTF-8", "a\xff\xc3", "utf-8", "a\ufffd\ufffd"},
		{"little endian", "a\x00\xfc\x00", "utf-16le", "aü"},
		{"big endian", "\x00a\x00\xfc", "utf-16be", "aü"},
		{"marked little endian", "\xff\xfea\x00", "utf-16", "a"},
		{"marked big endian", "\xfe\xff\x00a", "utf-16", "a"},
		{"guessed little endian", "a\x00", "utf-16", "a"},
		{"guessed big endian", "\x00a", "utf-16", "a"},
		{"nothing to guess by", "{}", "utf-16", "絻"},
		{"half a unit", "a\x00b", "utf-16le", "a"},
		{"surrogates", "\xd8\x3d\xde\x00", "utf-16be", "😀"},
		{"nothing", "", "utf-16", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(utf16.Decode(decodeText([]byte(tt.data), tt.charset))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
