package panel

import (
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// ParseSearch splits what somebody typed into words. What stands in double
// quotes is one word; a quote that is never closed reaches to the end.
func ParseSearch(text string) []string {
	var words []string
	for i, part := range strings.Split(text, `"`) {
		if quoted := i%2 == 1; !quoted {
			words = append(words, strings.Fields(part)...)
		} else if phrase := strings.Join(strings.Fields(part), " "); phrase != "" {
			words = append(words, phrase)
		}
	}
	return words
}

// checked returns the query with its defaults, if the actor may ask it and it
// is within bounds.
func (s *Service) checked(a account.Actor, q Query) (Query, error) {
	if err := allow(a, q.Model); err != nil {
		return q, err
	}
	if _, err := s.store.PanelColumns(q.Model); err != nil {
		return q, err
	}
	if q.Limit == 0 {
		q.Limit = DefaultPage
	}
	words, faults := checkedWords(q.Search)
	q.Search = words
	switch {
	case q.Limit < 0:
		faults = append(faults, errs.Field{Name: "limit", Code: errs.Malformed})
	case q.Limit > MaxPage:
		faults = append(faults, errs.Field{Name: "limit", Code: errs.TooBig, Limit: MaxPage})
	}
	if q.Offset < 0 {
		faults = append(faults, errs.Field{Name: "offset", Code: errs.Malformed})
	}
	if len(q.Filters) > MaxClauses {
		faults = append(faults, errs.Field{Name: "filters", Code: errs.TooMany, Limit: MaxClauses})
	}
	if len(q.Order) > MaxClauses {
		faults = append(faults, errs.Field{Name: "order", Code: errs.TooMany, Limit: MaxClauses})
	}
	return q, errs.InvalidFields(faults...)
}

// checkedWords returns the words without empty ones. Space in a word is one
// blank each, so that no word reaches from one field into the next: the store
// puts line breaks between them.
func checkedWords(words []string) (kept []string, faults []errs.Field) {
	if len(words) > MaxWords {
		return nil, []errs.Field{{Name: "search", Code: errs.TooMany, Limit: MaxWords}}
	}
	for _, w := range words {
		w = strings.Join(strings.Fields(w), " ")
		if utf8.RuneCountInString(w) > MaxWord {
			return nil, []errs.Field{{Name: "search", Code: errs.TooLong, Limit: MaxWord}}
		}
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept, nil
}

func tooMany(most int) error {
	return errs.InvalidFields(errs.Field{Name: "ids", Code: errs.TooMany, Limit: int64(most)})
}
