package node

import (
	"net/http"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
)

const userModel = "User"

// checkAdmin answers whoever got past the gate.
func (d *Dialect) checkAdmin(*request) (answer, error) { return ok([]byte(`{"admin":true}`)) }

// signUp is what the reference's frontend calls after a sign-in, to have its
// user stored. Ours is there already: nobody has credentials without an
// account. What the reference would refuse is refused all the same.
func (d *Dialect) signUp(q *request) (answer, error) {
	form, err := d.readForm(q)
	if err != nil {
		return answer{}, err
	}
	defer form.Close()
	if form != nil {
		q.body = formValues(form)
	}
	if err := checkSignUp(q.actor.User, q.body); err != nil {
		return answer{}, err
	}
	return ok([]byte(`{"success":true}`))
}

func checkSignUp(u account.User, body value) error {
	id := member(body, "id")
	if err := castQuery(id); err != nil {
		return err
	}
	if s, _, ok := castString(id); ok && s == u.ExternalID {
		return nil // the user exists: nothing else is looked at
	}
	v := validator{model: userModel}
	v.text("fullName", fullName(member(body, "firstName"), member(body, "lastName")))
	v.text("imageUrl", member(body, "imageUrl"))
	v.text("clerkId", id)
	if err := v.err(); err != nil {
		return err
	}
	return &failure{http.StatusForbidden, textOtherUser}
}

// The query operators that mongoose takes for a string: those that compare
// with a string, those that compare with a list, and others.
const (
	oneOperators  = " $eq $ne $gt $gte $lt $lte "
	listOperators = " $in $nin $all "
	moreOperators = " $exists $type $options $regex $not $geoWithin $nearSphere $near $within $geoIntersects $minDistance $maxDistance "
)

// castQuery checks the id as the value of a query, which it is before it is
// validated: an object of operators or an array passes if what it holds are
// strings, and is none for the validation.
func castQuery(id value) error {
	switch id := id.(type) {
	case []value:
		return castAll(id)
	case *object:
		if !slices.ContainsFunc(id.names, func(name string) bool { return strings.HasPrefix(name, "$") }) {
			return castAll([]value{id})
		}
		for _, name := range slices.Backward(id.names) { // mongoose begins with the last
			if err := castOperator(name, id.members[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func castOperator(name string, operand value) error {
	word := " " + name + " "
	if list, isList := operand.([]value); isList && strings.Contains(listOperators, word) {
		return castAll(list)
	}
	switch {
	case strings.Contains(listOperators+oneOperators, word):
		return castAll([]value{operand})
	case strings.Contains(moreOperators, word):
		return nil
	}
	return badRequest("Can't use " + name + " with String.")
}

func castAll(list []value) error {
	for _, v := range list {
		if _, _, ok := castString(v); !ok {
			return uncast("string", v, "clerkId", userModel)
		}
	}
	return nil
}

// fullName joins the names as the reference's template string does.
func fullName(first, last value) string {
	return strings.Trim(orEmpty(first)+" "+orEmpty(last), jsSpace)
}

// orEmpty is JavaScript's `${v || ""}`.
func orEmpty(v value) string {
	switch v {
	case nil, missing{}, false, 0.0:
		return ""
	}
	return toText(v)
}

// toText is JavaScript's String().
func toText(v value) string {
	switch v := v.(type) {
	case []value:
		parts := make([]string, len(v))
		for i, e := range v {
			if e != nil {
				parts[i] = toText(e)
			}
		}
		return strings.Join(parts, ",")
	case *object:
		return "[object Object]"
	}
	s, _, _ := castString(v)
	return s
}
