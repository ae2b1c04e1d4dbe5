package node

import (
	"slices"
	"strconv"
)

// A value is what a client sent, as JavaScript would hold it: nil (null),
// missing{} (undefined), bool, float64, string, []value or *object.
type value any

// missing is JavaScript's undefined.
type missing struct{}

// An object holds the members of a JSON object or the fields of a form, in
// JavaScript's order: integer names first, by size, then the others as they
// came.
type object struct {
	names   []string
	members map[string]value
}

func newObject() *object { return &object{members: map[string]value{}} }

// get returns a member, or missing{}.
func (o *object) get(name string) value {
	if v, ok := o.members[name]; ok {
		return v
	}
	return missing{}
}

// set adds a member, or replaces one where it stands.
func (o *object) set(name string, v value) {
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
	o.members[name] = v
}

// arrayIndex reports whether JavaScript would count the name as an index:
// a canonical number below 2³²-1.
func arrayIndex(name string) (uint64, bool) {
	if name == "" || len(name) > 10 || (name[0] == '0' && name != "0") {
		return 0, false
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return n, err == nil && n < 1<<32-1
}

// member returns a member of a body: of anything but an object there are none.
func member(body value, name string) value {
	if o, ok := body.(*object); ok {
		return o.get(name)
	}
	return missing{}
}

// typeName returns what mongoose calls the type of a value.
func typeName(v value) string {
	switch v.(type) {
	case nil:
		return "null"
	case missing:
		return "undefined"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []value:
		return "Array"
	}
	return "Object"
}
