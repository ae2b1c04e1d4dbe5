package mongo

import "strconv"

// WalkBSON walks through a document for tests, and returns its keys.
func WalkBSON(document []byte) (keys []string, err error) {
	err = walkBSON(document, func(key []byte, _ value) error {
		keys = append(keys, string(key))
		return nil
	})
	return keys, err
}

// WalkExtended is WalkBSON of extended JSON, with the forms of the values.
func WalkExtended(document []byte) (keys []string, err error) {
	err = walkExtended(document, func(key []byte, v value) error {
		keys = append(keys, strconv.Quote(string(key))+" is "+v.form.String())
		return nil
	})
	return keys, err
}
