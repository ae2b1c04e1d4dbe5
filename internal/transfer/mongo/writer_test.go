package mongo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/mongo"
)

// write writes all of a source into a directory.
func write(t *testing.T, from transfer.Source, dir string) {
	t.Helper()
	w, err := mongo.NewWriter(dir)
	check(t, err)
	defer w.Discard()
	for kind := range transfer.Kinds {
		check(t, from.Each(t.Context(), kind, func(record any) error {
			_, err := w.Write(t.Context(), record, nil)
			return err
		}, func(p transfer.Problem) { t.Error(p) }))
	}
	check(t, w.Close())
}

// Out and in again is the same, and what MongoDB's own driver makes of the files
// are the documents that there were.
func TestRoundTrip(t *testing.T) {
	l := sound()
	dir := filepath.Join(t.TempDir(), "out")
	write(t, open(t, l.dump(t, false)), dir)
	compare(t, read(t, open(t, dir)), want())

	for name, documents := range l {
		content, err := os.ReadFile(filepath.Join(dir, name+".json"))
		check(t, err)
		lines := bytes.Split(bytes.TrimSuffix(content, []byte("\n")), []byte("\n"))
		if len(lines) != len(documents) {
			t.Fatalf("%s: %d lines", name, len(lines))
		}
		for i, line := range lines {
			var got bson.D
			check(t, bson.UnmarshalExtJSON(line, true, &got))
			gotBytes, wantBytes := marshal(t, []bson.D{got}), marshal(t, documents[i:i+1])
			// A whole number beyond 32 bits is stored as a double by the driver of
			// Node.js.
			if documents[i][1].Value != "Alone" && !bytes.Equal(gotBytes, wantBytes) {
				t.Errorf("%s: %s, want %s", name, bson.Raw(gotBytes), bson.Raw(wantBytes))
			}
		}
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != len(kinds) {
		t.Errorf("files %v", entries)
	}
}

func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	w, err := mongo.NewWriter(dir)
	check(t, err)
	for record, want := range map[any]bool{&transfer.User{OID: "66388019750000000000000a", ExternalID: "user_1"}: true, &transfer.Token{}: false} {
		written, err := w.Write(t.Context(), record, nil)
		check(t, err)
		if written != want {
			t.Errorf("%T was written: %v", record, written)
		}
	}
	w.Discard()
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != 0 {
		t.Errorf("files %v", entries)
	}
}

// Nothing that is there is written over.
func TestWriterRefusesExisting(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "songs.json"), []byte("mine"), false)
	if _, err := mongo.NewWriter(dir); !errs.Is(err, errs.Conflict) {
		t.Errorf("error %v", err)
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != 1 {
		t.Errorf("files %v", entries)
	}
}

func TestWriterErrors(t *testing.T) {
	const id = "66388019750000000000000a"
	w, err := mongo.NewWriter(t.TempDir())
	check(t, err)
	defer w.Discard()
	for name, record := range map[string]any{
		"user without ObjectId":       &transfer.User{ExternalID: "user_1"},
		"user without external id":    &transfer.User{OID: id},
		"album of a wrong ObjectId":   &transfer.Album{OID: "x"},
		"song of an album by number":  &transfer.Song{OID: id, Album: transfer.Ref{ID: 5}},
		"message of nobody":           &transfer.Message{OID: id, Sender: transfer.Ref{ID: 1}, Receiver: transfer.Ref{External: "a"}},
		"message without an ObjectId": &transfer.Message{Sender: transfer.Ref{External: "a"}, Receiver: transfer.Ref{External: "a"}},
	} {
		if _, err := w.Write(t.Context(), record, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
