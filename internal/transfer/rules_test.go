package transfer

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123_456_789, time.UTC)

const someID oid.ID = "6b02f9cb9e299c8143c1cde4"

func TestTidy(t *testing.T) {
	long := strings.Repeat("é", 300)
	tests := []struct {
		name   string
		record any
		rules  string // that were applied, in their order
		lost   bool
		holds  func(any) bool // afterwards; nil for anything
	}{
		{"a user as he should be", &User{ID: 1, Email: " a@b.c ", Joined: noon, Updated: noon}, "", false, func(r any) bool {
			u := r.(*User)
			return u.Email == "a@b.c" && u.OID == derivedOID(Users, 1, noon) && len(u.ExternalID) == 32 && u.Joined.Nanosecond() == 123_456_000
		}},
		{"null characters", &User{ID: 1, FullName: "a\x00b\xff", Joined: noon}, RuleBadText, false, func(r any) bool { return r.(*User).FullName == "ab\uFFFD" }},
		{"a long name is kept", &User{ID: 1, FullName: long, Joined: noon}, RuleTooLong, false, func(r any) bool { return r.(*User).FullName == long }},
		{"an endless e-mail", &User{ID: 1, Email: strings.Repeat("x", 3000), Verified: true, Joined: noon}, RuleTooLong + "," + RuleTooLong, false, func(r any) bool {
			return r.(*User).Email == "" && !r.(*User).Verified
		}},
		{"an endless external id", &User{OID: someID, ExternalID: strings.Repeat("x", 3000), Joined: noon}, RuleTooLong + "," + RuleTooLong, true, nil},
		{"no id at all", &Song{Created: noon}, RuleNoID, true, nil},
		{"a negative number", &Song{ID: -1, Created: noon}, RuleNoID, true, nil},
		{"a great number", &Song{ID: maxNumber + 1, Created: noon}, RuleNoID, true, nil},
		{"no ObjectId", &Album{OID: "x", Created: noon}, RuleNoID, true, nil},
		{"capital letters", &Album{OID: oid.ID(strings.ToUpper(string(someID))), Created: noon}, "", false, func(r any) bool { return r.(*Album).OID == someID }},
		{"no number", &Album{OID: someID, ReleaseYear: math.NaN(), Created: noon}, RuleNoNumber, false, func(r any) bool { return r.(*Album).ReleaseYear == 0 }},
		{"minus nothing", &Song{OID: someID, Duration: math.Copysign(0, -1), Created: noon}, "", false, func(r any) bool { return !math.Signbit(r.(*Song).Duration) }},
		{"an endless artist", &Song{OID: someID, Artist: strings.Repeat("é", 2000), Created: noon}, RuleTooLong, false, func(r any) bool {
			return r.(*Song).Artist == strings.Repeat("é", maxIndexed/2)
		}},
		{"one time", &Message{OID: someID, Updated: noon}, "", false, func(r any) bool { return r.(*Message).Created.Equal(r.(*Message).Updated) }},
		{"no time", &Message{OID: someID}, RuleNoTime, false, func(r any) bool { return r.(*Message).Created.Unix() == 0x6b02f9cb }},
		{"a time beyond all", &Message{OID: someID, Created: time.Unix(math.MaxInt64/2000, 0)}, RuleNoTime + "," + RuleNoTime, false, nil},
		{"a token", &Token{Key: "secret", Created: noon}, "", false, func(r any) bool { return len(r.(*Token).Hash) == 64 && r.(*Token).Key == "" }},
		{"a token without a key", &Token{Created: noon}, RuleNoID, true, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var rules []string
			lost := false
			tidy := &tidier{tell: func(p Problem) {
				rules = append(rules, p.Rule)
				lost = lost || p.Lost
			}}
			kept := tidy.tidy(test.record)
			if got := strings.Join(rules, ","); got != test.rules || lost != test.lost || kept == lost {
				t.Errorf("rules %q, lost %v, kept %v; want %q, lost %v", got, lost, kept, test.rules, test.lost)
			}
			if test.holds != nil && !test.holds(test.record) {
				t.Errorf("it became %+v", test.record)
			}
		})
	}
}

func TestDerived(t *testing.T) {
	at := time.Unix(0x65000000, 0)
	if got := derivedOID(Songs, 0x0102, at); got != "65000000d200000000000102" {
		t.Errorf("the ObjectId of a song is %s", got)
	}
	one, two := derivedExternalID(&User{ID: 1}), derivedExternalID(&User{ID: 2})
	if one == two || one != derivedExternalID(&User{ID: 1, OID: someID}) {
		t.Errorf("external ids %s and %s", one, two)
	}
	if keyOf("") == keyOf("x") || keyOf(someID) != keyOf(oid.ID(strings.ToUpper(string(someID)))) {
		t.Error("keys of ObjectIds")
	}
}
