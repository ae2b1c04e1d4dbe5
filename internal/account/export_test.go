package account

// ParseStored reports whether a stored password has a form that is known.
func ParseStored(stored string) bool {
	_, ok := parseStored(stored)
	return ok
}
