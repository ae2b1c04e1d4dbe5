// Package mongoose says what is wrong with what a client sent in the words of
// the Node.js reference: those of mongoose 8 for values that do not fit their
// model, and those of Node 20 for JSON texts and for the values it quotes.
//
// Clients show these words, whichever way they came: the Node dialect and the
// realtime events share them.
package mongoose

import (
	"slices"
	"strconv"
)

// A Value is what a client sent, as JavaScript would hold it: nil (null),
// Missing{} (undefined), bool, float64, string, []Value or *Object.
type Value any

// Missing is JavaScript's undefined.
type Missing struct{}

// An Object holds the members of a JSON object or the fields of a form, in
// JavaScript's order: integer names first, by size, then the others as they
// came.
type Object struct {
	names   []string
	members map[string]Value
}

// NewObject returns an object without members.
func NewObject() *Object { return &Object{} }

// Get returns a member, or Missing{}.
func (o *Object) Get(name string) Value {
	if v, ok := o.members[name]; ok {
		return v
	}
	return Missing{}
}

// Set adds a member, or replaces one where it stands.
func (o *Object) Set(name string, v Value) {
	if _, ok := o.members[name]; !ok {
		at := len(o.names)
		if n, ok := arrayIndex(name); ok {
			at = 0
			for at < len(o.names) {
				if m, ok := arrayIndex(o.names[at]); !ok || m > n {
					break
				}
				at++
			}
		}
		o.names = slices.Insert(o.names, at, name)
	}
	if o.members == nil { // most requests have no body, whose object stays empty
		o.members = map[string]Value{}
	}
	o.members[name] = v
}

// Names returns the names of the members in order.
func (o *Object) Names() []string { return o.names }

// arrayIndex reports whether JavaScript would count the name as an index:
// a canonical number below 2³²-1.
func arrayIndex(name string) (uint64, bool) {
	if name == "" || len(name) > 10 || (name[0] == '0' && name != "0") {
		return 0, false
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return n, err == nil && n < 1<<32-1
}

// Member returns a member of a value: of anything but an object there are none.
func Member(v Value, name string) Value {
	if o, ok := v.(*Object); ok {
		return o.Get(name)
	}
	return Missing{}
}

// typeName returns what mongoose calls the type of a value.
func typeName(v Value) string {
	switch v.(type) {
	case nil:
		return "null"
	case Missing:
		return "undefined"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []Value:
		return "Array"
	}
	return "Object"
}
