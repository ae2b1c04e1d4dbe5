package account

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // for the list of common passwords
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// MinPassword is the least length of a password, in characters.
const MinPassword = 8

// commonPasswordsGz are the 20,000 most common passwords, lower-case, one a
// line: the list that Django ships (BSD licence), compiled by Royce Williams
// from published breaches.
//
//go:embed common_passwords.txt.gz
var commonPasswordsGz []byte

// isCommon reports whether a password is in that list. It reads the list each
// time, which takes a twenty-fifth of what hashing the password does, and no memory
// while nobody chooses one.
func isCommon(password string) bool {
	password = strings.TrimSpace(strings.ToLower(password))
	z, err := gzip.NewReader(bytes.NewReader(commonPasswordsGz))
	if err != nil {
		panic(fmt.Errorf("the list of common passwords: %w", err)) // it is part of the program
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		if string(bytes.TrimSpace(lines.Bytes())) == password {
			return true
		}
	}
	if err := lines.Err(); err != nil {
		panic(fmt.Errorf("the list of common passwords: %w", err))
	}
	return false
}

// CheckPassword returns what is wrong with a password for the owner of an
// e-mail address, in the order in which Django's validators run: too similar
// to the e-mail, too short, too common, all digits. Every field is named
// "password".
func (s *Service) CheckPassword(password, email string) []errs.Field {
	var wrong []errs.Field
	add := func(c errs.Code, limit int64, value string) {
		wrong = append(wrong, errs.Field{Name: "password", Code: c, Limit: limit, Value: value})
	}
	if attribute := similarTo(password, email); attribute != "" {
		add(errs.Similar, 0, attribute)
	}
	if n := utf8.RuneCountInString(password); n < MinPassword {
		add(errs.TooShort, MinPassword, "")
	} else if n > MaxPassword {
		add(errs.TooLong, MaxPassword, "")
	}
	if isCommon(password) {
		add(errs.Common, 0, "")
	}
	if password != "" && strings.TrimFunc(password, unicode.IsDigit) == "" {
		add(errs.Numeric, 0, "")
	}
	return wrong
}

// maxSimilarity is Django's: a ratio from here on is too similar.
const maxSimilarity = 0.7

var notWord = regexp.MustCompile(`[^\pL\pN_]+`)

// similarTo names the attribute that the password is too similar to: the
// "username" (the part of the address before the @, as the reference derives
// it), the "email", or "" for none.
func similarTo(password, email string) string {
	password, email = strings.ToLower(password), strings.ToLower(email)
	local, _, _ := strings.Cut(email, "@")
	for _, attribute := range []struct{ name, value string }{{"username", local}, {"email", email}} {
		for _, part := range append(notWord.Split(attribute.value, -1), attribute.value) {
			if part != "" && quickRatio(password, part) >= maxSimilarity && comparable10(password, part) {
				return attribute.name
			}
		}
	}
	return ""
}

// comparable10 reports whether a part is long enough against the password to
// be compared at all, as Django has it since 3.2: of a password ten times as
// long, a part is no great piece.
func comparable10(password, part string) bool {
	p, v := utf8.RuneCountInString(password), utf8.RuneCountInString(part)
	return p < 10*v || float64(v) >= maxSimilarity/2*float64(p)
}

// quickRatio is twice the number of characters that two strings share,
// whatever their order, over their total length: 1 for equal ones
// (https://docs.python.org/3/library/difflib.html, quick_ratio).
func quickRatio(a, b string) float64 {
	counts := map[rune]int{}
	total := 0
	for _, r := range b {
		counts[r]++
		total++
	}
	shared := 0
	for _, r := range a {
		total++
		if counts[r] > 0 {
			counts[r]--
			shared++
		}
	}
	if total == 0 {
		return 1
	}
	return 2 * float64(shared) / float64(total)
}
