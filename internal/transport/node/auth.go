package node

import (
	"net/http"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

const userModel = "User"

// checkAdmin answers whoever got past the gate.
func (d *Dialect) checkAdmin(*request) (answer, error) { return ok([]byte(`{"admin":true}`)) }

// signUp is what the reference's frontend calls after a sign-in, to have its
// user stored. Ours is there already: nobody has credentials without an
// account, though nothing may be known of him yet. What the reference would
// refuse is refused all the same.
func (d *Dialect) signUp(q *request) (answer, error) {
	form, err := d.readForm(q)
	if err != nil {
		return answer{}, err
	}
	defer form.Close()
	if form != nil {
		q.body = formValues(form)
	}
	named, err := checkSignUp(q.actor.User, q.body)
	if err != nil {
		return answer{}, err
	}
	if err := d.c.Accounts.Introduce(q.Context(), q.actor, named.fullName, named.imageURL); err != nil {
		return answer{}, refused(userModel, err)
	}
	return ok([]byte(`{"success":true}`))
}

// introduction is what a client says of its user.
type introduction struct{ fullName, imageURL string }

func checkSignUp(u account.User, body mongoose.Value) (introduction, error) {
	id := mongoose.Member(body, "id")
	if err := castQuery(id); err != nil {
		return introduction{}, err
	}
	s, _, ok := mongoose.CastString(id)
	himself := ok && s == u.ExternalID
	if himself && u.FullName != "" {
		return introduction{}, nil // the user exists: nothing else is looked at
	}
	v := mongoose.Validator{Model: userModel}
	in := introduction{
		fullName: v.Text("fullName", fullName(mongoose.Member(body, "firstName"), mongoose.Member(body, "lastName"))),
		imageURL: v.Text("imageUrl", mongoose.Member(body, "imageUrl")),
	}
	v.Text("clerkId", id)
	if err := v.Err(); err != nil {
		return introduction{}, err
	}
	if !himself {
		return introduction{}, &failure{http.StatusForbidden, textOtherUser}
	}
	return in, nil
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
func castQuery(id mongoose.Value) error {
	switch id := id.(type) {
	case []mongoose.Value:
		return castAll(id)
	case *mongoose.Object:
		if !slices.ContainsFunc(id.Names(), func(name string) bool { return strings.HasPrefix(name, "$") }) {
			return castAll([]mongoose.Value{id})
		}
		for _, name := range slices.Backward(id.Names()) { // mongoose begins with the last
			if err := castOperator(name, id.Get(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func castOperator(name string, operand mongoose.Value) error {
	word := " " + name + " "
	if list, isList := operand.([]mongoose.Value); isList && strings.Contains(listOperators, word) {
		return castAll(list)
	}
	switch {
	case strings.Contains(listOperators+oneOperators, word):
		return castAll([]mongoose.Value{operand})
	case strings.Contains(moreOperators, word):
		return nil
	}
	return badRequest("Can't use " + name + " with String.")
}

func castAll(list []mongoose.Value) error {
	for _, v := range list {
		if _, _, ok := mongoose.CastString(v); !ok {
			return uncast("string", v, "clerkId", userModel)
		}
	}
	return nil
}

// fullName joins the names as the reference's template string does.
func fullName(first, last mongoose.Value) string {
	return mongoose.Trim(orEmpty(first) + " " + orEmpty(last))
}

// orEmpty is JavaScript's `${v || ""}`.
func orEmpty(v mongoose.Value) string {
	switch v {
	case nil, mongoose.Missing{}, false, 0.0:
		return ""
	}
	return toText(v)
}

// toText is JavaScript's String().
func toText(v mongoose.Value) string {
	switch v := v.(type) {
	case []mongoose.Value:
		parts := make([]string, len(v))
		for i, e := range v {
			if e != nil {
				parts[i] = toText(e)
			}
		}
		return strings.Join(parts, ",")
	case *mongoose.Object:
		return "[object Object]"
	}
	s, _, _ := mongoose.CastString(v)
	return s
}
