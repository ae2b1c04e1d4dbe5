package mongo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer/mongo"
)

// Whatever MongoDB's own driver would write is a document here, of the same keys.
func FuzzBSON(f *testing.F) {
	for _, documents := range sound() {
		f.Add(marshal(f, documents[:1]))
	}
	f.Add(marshal(f, []bson.D{{
		{Key: "a", Value: bson.Regex{Pattern: "x", Options: "i"}}, {Key: "b", Value: bson.CodeWithScope{Code: "x", Scope: bson.D{}}},
		{Key: "c", Value: bson.DBPointer{DB: "x"}}, {Key: "d", Value: bson.Binary{Subtype: 2, Data: []byte{1}}},
		{Key: "e", Value: bson.MinKey{}}, {Key: "f", Value: bson.MaxKey{}}, {Key: "g", Value: bson.Undefined{}},
		{Key: "h", Value: bson.Timestamp{T: 1}}, {Key: "i", Value: bson.NewDecimal128(1<<63, 5)}, {Key: "j", Value: bson.JavaScript("x")},
	}}))
	f.Fuzz(func(t *testing.T, document []byte) {
		readFile(t, "songs.bson", document)
		// The driver lets pass some that it would not write.
		var parsed bson.D
		if bson.Unmarshal(document, &parsed) != nil {
			return
		}
		if again, err := bson.Marshal(parsed); err != nil || !bytes.Equal(again, document) {
			return
		}
		var want []string
		for _, e := range parsed {
			want = append(want, e.Key)
		}
		keys, err := mongo.WalkBSON(document)
		if err != nil || !slices.Equal(keys, want) {
			t.Errorf("keys %q, error %v, want %q", keys, err, want)
		}
	})
}

// An archive is read, or refused with an error that says where.
func FuzzArchive(f *testing.F) {
	f.Add(sound().archived(f, "music"))
	f.Add(library{"songs": {}}.archived(f, "music"))
	f.Fuzz(func(t *testing.T, archive []byte) { readFile(t, "dump.archive", archive) })
}

// An export is read, or refused with an error that says where.
func FuzzExport(f *testing.F) {
	for name := range sound() {
		for _, array := range []bool{true, false} {
			content, err := os.ReadFile(filepath.Join(sound().export(f, array, array, false), name+".json"))
			check(f, err)
			f.Add(content)
		}
	}
	f.Add([]byte(`{"_id":{"$oid":"\u0030"},"a":[{"b":"\\\""},[]],"createdAt":{"$date":{"$numberLong":"1e5"}}}`))
	f.Fuzz(func(t *testing.T, export []byte) {
		// As a document alone it need only end.
		_, _ = mongo.WalkExtended(export)
		readFile(t, "songs.json", export)
		readFile(t, "albums.json", export)
	})
}

func readFile(t *testing.T, name string, content []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	check(t, os.WriteFile(path, content, 0o600))
	source, err := mongo.Open(path, "")
	if err == nil {
		_, err = tryRead(t, source)
	}
	if err != nil && !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
}
