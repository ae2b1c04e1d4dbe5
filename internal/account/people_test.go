package account_test

import (
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestPeople(t *testing.T) {
	h := newHouse(t)
	ada := h.join(t, "ada@example.com")
	h.join(t, "bob@example.com")
	gone := h.join(t, "gone@example.com")
	check(t, h.SetActive(t.Context(), account.Operator(), gone.ID, false))
	actor, _ := h.enter(t, ada)

	people, total, err := h.People(t.Context(), actor, account.PeopleQuery{Words: []string{"SOMEBODY"}, Except: ada.ID})
	if err != nil || total != 1 || len(people) != 1 || people[0].FullName != "Somebody" || people[0].Email != "" {
		t.Errorf("%+v of %d, %v", people, total, err)
	}
	_, _, err = h.People(t.Context(), account.Actor{}, account.PeopleQuery{})
	wantKind(t, err, errs.Unauthenticated)
	_, _, err = h.People(t.Context(), actor, account.PeopleQuery{Words: strings.Fields(strings.Repeat("x ", 11))})
	wantKind(t, err, errs.Invalid)
}
