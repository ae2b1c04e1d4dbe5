package adminapi

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// The web app has a German name for everything that the panel words itself.
func TestGermanNames(t *testing.T) {
	source, err := os.ReadFile("../../../web/src/i18n/de/adminNames.ts")
	if err != nil {
		t.Fatal(err)
	}
	german := string(source)
	missing := map[string]bool{}
	has := func(texts ...string) {
		for _, text := range texts {
			if text != "" && !strings.Contains(german, "\n  "+strconv.Quote(strings.ToLower(text))+":") {
				missing[text] = true
			}
		}
	}
	field := func(f Field) {
		has(f.Label, f.Help)
		for _, choice := range f.Choices {
			has(choice.Label)
		}
	}
	for _, m := range models(Config{}) {
		has(m.Label, m.Plural, m.SearchHint)
		for _, c := range m.Columns {
			has(c.Label)
		}
		for _, f := range m.Filters {
			has(f.Label)
			for _, choice := range f.Choices {
				has(choice.Label)
			}
		}
		for _, set := range m.Fieldsets {
			has(set.Label)
			for _, f := range set.Fields {
				field(f)
			}
		}
		for _, act := range m.Actions {
			has(act.Label, act.Confirm)
			if act.Value != nil {
				field(*act.Value)
			}
		}
	}
	for text := range missing {
		t.Errorf("%q has no German name", text)
	}
}
