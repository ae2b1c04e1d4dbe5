package file_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/file"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"track.mp3":                 "track.mp3",
		"My Song (live) [2024].mp3": "My_Song_live_2024.mp3",
		"  padded.mp3 \n":           "padded.mp3",
		"tab\there.mp3":             "tabhere.mp3",
		"a-b_c.d.e":                 "a-b_c.d.e",
		"ÜberMäßig 東京 №5½.flac":     "ÜberMäßig_東京_5½.flac",
		"e\u0301.mp3":               "e.mp3", // a combining accent is no letter
		"🎵.mp3":                     ".mp3",
		"100%+&=?#.mp3":             "100.mp3",
		"<script>.png":              "script.png",
		"null\x00.mp3":              "null.mp3",
		"bad\xff.mp3":               "bad.mp3",
		"../../etc/passwd":          "passwd",
		"/etc/passwd":               "passwd",
		`C:\Music\track.mp3`:        "track.mp3",
		`..\..\x.mp3`:               "x.mp3",
		"dir/":                      "file",
		".hidden":                   ".hidden",
		"trailing.":                 "trailing.",
		"":                          "file",
		" ":                         "file",
		".":                         "file",
		"..":                        "file",
		"...":                       "file",
		"/":                         "file",
		"🎵🎵":                        "file",
		". .":                       "._.",
	} {
		if got := file.Clean(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestNameOf(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ü", n) }
	for _, tt := range []struct {
		filename string
		suffix   bool
		want     string // a pattern; ~ is a suffix
	}{
		{"track.mp3", false, `songs/track\.mp3`},
		{"track.mp3", true, `songs/track~\.mp3`},
		{"archive.tar.gz", true, `songs/archive\.tar~\.gz`},
		{"noext", true, `songs/noext~`},
		{".hidden", true, `songs/~\.hidden`},
		{"..", true, `songs/file~`},
		{"../up.mp3", false, `songs/up\.mp3`},
		{long(90) + ".mp3", false, `songs/ü{90}\.mp3`},  // exactly 100
		{long(91) + ".mp3", false, `songs/ü{82}~\.mp3`}, // too long by one
		{long(500) + ".mp3", true, `songs/ü{82}~\.mp3`}, // as far as it goes
		{"a." + long(500), false, `songs/a\.ü{84}~`},    // no extension is that long
		{long(500), false, `songs/ü{86}~`},              //
		{long(82) + ".mp3", true, `songs/ü{82}~\.mp3`},  // with its suffix exactly 100
		{"x" + long(82) + ".mp3", true, `songs/xü{81}~\.mp3`},
	} {
		pattern := "^" + strings.ReplaceAll(tt.want, "~", "_[0-9A-Za-z]{7}") + "$"
		got := file.NameOf(file.SongAudio, tt.filename, tt.suffix)
		if !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("%.20q (suffix %v) is named %q, want %s", tt.filename, tt.suffix, got, tt.want)
		}
	}
}

func FuzzNameOf(f *testing.F) {
	f.Add("../../a b.mp3", true)
	f.Add(strings.Repeat("x", 200)+"."+strings.Repeat("y", 45), false)
	f.Add(`\..\`, false)
	f.Fuzz(func(t *testing.T, filename string, suffix bool) {
		for _, folder := range []file.Folder{file.AlbumImages, file.SongImages, file.SongAudio, file.UserImages} {
			name := file.NameOf(folder, filename, suffix)
			base, ok := strings.CutPrefix(name, string(folder)+"/")
			if !ok || base == "" || strings.Trim(base, ".") == "" || strings.ContainsAny(base, "/\\ \x00%?#") ||
				!utf8.ValidString(name) || utf8.RuneCountInString(name) > file.MaxName {
				t.Errorf("%q in %s is named %q", filename, folder, name)
			}
		}
	})
}

func TestIsURL(t *testing.T) {
	for ref, want := range map[string]bool{
		"http://example.com/a.png": true, "https://example.com/a.png": true,
		"songs/a.mp3": false, "": false, "//example.com/a.png": false, "ftp://example.com/a": false, "songs/http://": false,
	} {
		equal(t, ref, file.IsURL(ref), want)
	}
}
