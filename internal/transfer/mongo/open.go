package mongo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// Open finds out what lies at path: a directory of mongodump, the database's own
// or the one that has it, or the archive of mongodump, or a directory with files
// of mongoexport that are called as their collections are, users.json and so on,
// or one such file alone. Each may be packed with gzip.
//
// Of several databases with collections of ours the one called database is
// taken. Errors: NotFound if there is nothing, Invalid if it is nothing of the
// kind, or has several databases and database is "".
func Open(path, database string) (*Source, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "%s does not exist", path)
	}
	if err != nil {
		return nil, err
	}
	var from origin
	if info.IsDir() {
		from, err = openDirectory(path, database)
	} else {
		from, err = openFile(path, database)
	}
	if err != nil {
		return nil, err
	}
	return &Source{from}, nil
}

// chosen returns which of the databases is meant.
func chosen(path string, databases []string, wanted string) (string, error) {
	switch {
	case wanted != "" && slices.Contains(databases, wanted):
		return wanted, nil
	case wanted != "":
		return "", errs.New(errs.NotFound, "%s has no database %q with users, albums, songs or messages", path, wanted)
	case len(databases) == 0:
		return "", errs.New(errs.Invalid, "%s has no collection users, albums, songs or messages: it is no dump of the Node reference", path)
	case len(databases) > 1:
		return "", errs.New(errs.Invalid, "%s has several databases, and one must be chosen: %s", path, strings.Join(databases, ", "))
	}
	return databases[0], nil
}

// kindOf returns the kind that a collection is of.
func kindOf(collection string) (transfer.Kind, bool) {
	for kind := range collections {
		if kind.String() == collection {
			return kind, true
		}
	}
	return 0, false
}

// directory is the origin of a directory, or of one file alone.
type directory struct {
	path    string
	files   [collections]string // their names, "" if there is none
	unknown []string
}

// openDirectory looks into a directory, and if there is nothing of ours, into
// those in it.
func openDirectory(path, database string) (*directory, error) {
	found, err := look(path)
	if err != nil {
		return nil, err
	}
	if found.any() && (database == "" || database == filepath.Base(path)) {
		return found, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var databases []string
	below := map[string]*directory{}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		found, err := look(filepath.Join(path, e.Name()))
		if err != nil {
			return nil, err
		}
		if found.any() {
			databases = append(databases, e.Name())
			below[e.Name()] = found
		}
	}
	name, err := chosen(path, databases, database)
	return below[name], err
}

// look lists the collections that a directory has files of.
func look(path string) (*directory, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	d := &directory{path: path}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		if err := d.add(e.Name()); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// add takes a file for what its name says.
func (d *directory) add(name string) error {
	collection, _, ok := collectionOf(name)
	if !ok {
		return nil
	}
	kind, ours := kindOf(collection)
	switch {
	case !ours:
		d.unknown = append(d.unknown, collection)
	case d.files[kind] != "":
		return errs.New(errs.Invalid, "%s has both %s and %s", d.path, d.files[kind], name)
	default:
		d.files[kind] = name
	}
	return nil
}

// collectionOf returns the collection that a file is of, by its name, and whether
// it is an export.
func collectionOf(file string) (collection string, export, ok bool) {
	name := strings.TrimSuffix(file, ".gz")
	if collection, ok = strings.CutSuffix(name, ".bson"); ok {
		return collection, false, true
	}
	collection, ok = strings.CutSuffix(name, ".json")
	// A dump has metadata of each collection, and of itself.
	if strings.HasSuffix(collection, ".metadata") || collection == "prelude" {
		return "", false, false
	}
	return collection, true, ok
}

func (d *directory) any() bool { return d.files != [collections]string{} }

func (d *directory) name() string        { return filepath.Base(d.path) }
func (d *directory) strangers() []string { return d.unknown }

func (d *directory) open(kind transfer.Kind) (documents, error) {
	name := d.files[kind]
	if name == "" {
		return nil, nil
	}
	in, err := openInput(filepath.Join(d.path, name), name)
	if err != nil {
		return nil, err
	}
	if _, export, _ := collectionOf(name); export {
		return &exported{dump.Objects{Input: in.Input}}, nil
	}
	return dumped{in}, nil
}

// openFile opens an archive, or a file of one collection.
func openFile(path, database string) (origin, error) {
	dir, name := filepath.Split(path)
	in, err := openInput(path, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if in.isArchive() {
		return newArchive(path, in, database)
	}
	d := &directory{path: dir}
	if err := d.add(name); err != nil {
		return nil, err
	}
	if !d.any() {
		return nil, errs.New(errs.Invalid, "%s is no archive of mongodump, and not called users.bson, users.json or like another collection", path)
	}
	return d, nil
}

// archive is the origin of an archive.
type archive struct {
	path     string
	database string
	present  [collections]bool
	unknown  []string
}

// newArchive reads the beginning of an archive.
func newArchive(path string, in *input, database string) (*archive, error) {
	list, err := in.prelude()
	if err != nil {
		return nil, err
	}
	var databases []string
	for _, ns := range list {
		if _, ours := kindOf(ns.collection); ours && !slices.Contains(databases, ns.database) {
			databases = append(databases, ns.database)
		}
	}
	a := &archive{path: path}
	if a.database, err = chosen(path, databases, database); err != nil {
		return nil, err
	}
	for _, ns := range list {
		if ns.database != a.database {
			continue
		}
		if kind, ours := kindOf(ns.collection); ours {
			a.present[kind] = true
		} else {
			a.unknown = append(a.unknown, ns.collection)
		}
	}
	return a, nil
}

func (a *archive) name() string        { return filepath.Base(a.path) }
func (a *archive) strangers() []string { return a.unknown }

func (a *archive) open(kind transfer.Kind) (documents, error) {
	if !a.present[kind] {
		return nil, nil
	}
	in, err := openInput(a.path, a.name())
	if err != nil {
		return nil, err
	}
	if _, err := in.prelude(); err != nil {
		in.Close()
		return nil, err
	}
	return newArchived(in, namespace{a.database, kind.String()}), nil
}
