package file

// NameOf is nameOf.
func NameOf(folder Folder, filename string, withSuffix bool) string {
	return nameOf(folder, filename, withSuffix)
}
