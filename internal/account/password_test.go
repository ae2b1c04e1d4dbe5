package account_test

import (
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestCheckPassword(t *testing.T) {
	h := newHouse(t)
	const email = "similarname@some-where.example.com"
	for _, tt := range []struct{ password, want string }{
		{"Str0ngPass!42", ""},
		{"", "too_short"},
		{"123", "too_short, common, numeric"},
		{"1234567", "too_short, common, numeric"},
		{"12345678", "common, numeric"},
		{"password123", "common"},
		{"  PASSWORD123 ", "common"},
		{"84629174639", "numeric"},
		{"٨٤٦٢٩١٧٤٦٣٩", "numeric"}, // digits of another script
		{"ünüsüäl", "too_short"},   // seven characters, more bytes
		{"ünüsüäls", ""},
		{"similarname1", "similar username"},
		{"SIMILARNAME", "similar username"},
		{"1emanralimis", "similar username"}, // the order of characters does not count
		{"similarname@some-where.example.com", "similar email"},
		{"somewhere", "similar email"},          // against the part "where"
		{"example-42", "similar email"},         // against the part "example"
		{"similar-to-nothing-at-all", ""},       // shares too little
		{"com" + strings.Repeat("xyzw", 8), ""}, // a part of less than a tenth
		{strings.Repeat("ab!7", 256), ""},
		{strings.Repeat("ab!7", 256) + "x", "too_long"},
	} {
		var got []string
		for _, f := range h.CheckPassword(tt.password, email) {
			equal(t, "field", f.Name, "password")
			got = append(got, strings.TrimSpace(string(f.Code)+" "+f.Value))
			switch f.Code {
			case errs.TooShort:
				equal(t, "limit", f.Limit, account.MinPassword)
			case errs.TooLong:
				equal(t, "limit", f.Limit, account.MaxPassword)
			}
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%.40q is %q, want %q", tt.password, s, tt.want)
		}
	}
	// Without an address nothing is similar to it.
	equal(t, "faults", len(h.CheckPassword("similarname1", "")), 0)
}
