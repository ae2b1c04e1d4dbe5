package file

import (
	"crypto/rand"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the greatest length of a name with its folder, in characters;
// MaxFilename is that of the file name a client sends.
const (
	MaxName     = 100
	MaxFilename = 100
)

const (
	suffixChars   = 7
	suffixLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

// IsURL reports whether a reference to a file is an absolute URL of another
// server rather than a name.
func IsURL(ref string) bool {
	return strings.HasPrefix(ref, "http://") || strings.HasPrefix(ref, "https://")
}

// validName reports whether a name may be given: the elements of a path, none of
// them special, in no more than MaxName characters.
func validName(name string) bool {
	return fs.ValidPath(name) && name != "." && utf8.RuneCountInString(name) <= MaxName && !IsURL(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '\\' })
}

// nameOf returns the name in a folder for a client's file name, by the rules
// of the reference (Django's storage): the last path element, spaces as
// underscores, nothing but letters, digits, "-", "_" and "."; with an
// underscore and seven random characters before the extension if asked for or
// if it has to be shortened.
func nameOf(folder Folder, filename string, withSuffix bool) string {
	base := Clean(filename)
	room := MaxName - len(folder) - len("/")
	if !withSuffix && utf8.RuneCountInString(base) <= room {
		return path.Join(string(folder), base)
	}
	ext := path.Ext(base)
	if utf8.RuneCountInString(ext) > room/2 {
		ext = ""
	}
	root := []rune(strings.TrimSuffix(base, ext))
	tail := "_" + randomSuffix() + ext
	if keep := room - utf8.RuneCountInString(tail); len(root) > keep {
		root = root[:keep]
	}
	return path.Join(string(folder), string(root)+tail)
}

// Clean returns the last element of a client's file name without what has no
// place in a URL or a file system; "file" if nothing is left.
func Clean(filename string) string {
	filename = strings.ReplaceAll(strings.ToValidUTF8(filename, ""), `\`, "/")
	filename = strings.TrimSpace(filename[strings.LastIndexByte(filename, '/')+1:])
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case r == '-' || r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsNumber(r):
			return r
		}
		return -1
	}, filename)
	if strings.Trim(clean, ".") == "" {
		return "file"
	}
	return clean
}

func randomSuffix() string {
	out := make([]byte, suffixChars)
	_, _ = rand.Read(out)
	for i, b := range out {
		// 256 is no multiple of 62: a slight bias, and only uniqueness matters.
		out[i] = suffixLetters[int(b)%len(suffixLetters)]
	}
	return string(out)
}
