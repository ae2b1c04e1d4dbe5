package mongo_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/mongo"
)

// file writes a file of a collection alone and opens it.
func file(t *testing.T, name string, content []byte) *mongo.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	check(t, os.WriteFile(path, content, 0o600))
	return open(t, path)
}

// wantProblems checks which problems of a kind there are, but for the other
// collections that are missing.
func wantProblems(t *testing.T, got []transfer.Problem, want ...string) {
	t.Helper()
	var told []string
	for _, p := range got {
		if p.Rule != "missing collection" {
			told = append(told, fmt.Sprintf("%s: %s: %s (lost %v)", p.Place, p.Rule, p.What, p.Lost))
		}
	}
	if !slices.Equal(told, want) {
		t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
}

// What Mongoose would cast is cast; what it would not is told.
func TestValues(t *testing.T) {
	decimal, err := bson.ParseDecimal128("-12.50")
	check(t, err)
	id := oidOf('s', 7)
	for _, tt := range []struct {
		name  string
		field string
		value any
		want  string // of title, duration, albumId and createdAt
		told  string // its rule, if there is a problem
	}{
		{"whole number as text", "title", int32(5), "5", ""},
		{"long number as text", "title", int64(1) << 40, "1099511627776", ""},
		{"number as text", "title", 1.5, "1.5", ""},
		{"huge number as text", "title", 1e21, "1e+21", ""},
		{"tiny number as text", "title", -1e-7, "-1e-7", ""},
		{"boolean as text", "title", true, "true", ""},
		{"ObjectId as text", "title", id, id.Hex(), ""},
		{"symbol as text", "title", bson.Symbol("s"), "s", ""},
		{"document as text", "title", bson.D{{Key: "a", Value: 1}}, "", "wrong type"},
		{"array as text", "title", bson.A{"a"}, "", "wrong type"},
		{"null as text", "title", nil, "", "missing field"},
		{"zero in text", "title", "a\x00b", "a\ufffdb", "bad text"},
		{"text as number", "duration", " 1e2 ", "100", ""},
		{"boolean as number", "duration", true, "1", ""},
		{"decimal as number", "duration", decimal, "-12.5", ""},
		{"words as number", "duration", "long", "0", "wrong type"},
		{"endless number", "duration", "Infinity", "0", "wrong type"},
		{"date as number", "duration", created, "0", "wrong type"},
		{"text as id", "albumId", id.Hex(), id.Hex(), ""},
		{"words as id", "albumId", "album", "", "wrong type"},
		{"number as id", "albumId", int32(7), "", "wrong type"},
		{"text as date", "createdAt", "2024-05-06T07:08:09.123+02:00", "2024-05-06T05:08:09.123Z", ""},
		{"number as date", "createdAt", int64(1000), "1970-01-01T00:00:01Z", ""},
		{"date out of range", "createdAt", bson.DateTime(1 << 60), "2024-05-06T07:00:41Z", "wrong type"},
		{"regular expression as date", "createdAt", bson.Regex{Pattern: "a"}, "2024-05-06T07:00:41Z", "wrong type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := song(1, "Title", int32(1), oidOf('a', 1))
			for i := range d {
				if d[i].Key == tt.field {
					d[i].Value = tt.value
				}
			}
			l := library{"songs": {d}}
			for _, path := range []string{l.dump(t, false), l.export(t, true, false, false), l.export(t, false, false, false)} {
				r := read(t, open(t, path))
				if len(r.songs) != 1 {
					t.Fatalf("%d songs", len(r.songs))
				}
				s := r.songs[0]
				got := map[string]string{
					"title": s.Title, "duration": fmt.Sprint(s.Duration), "albumId": string(s.Album.OID), "createdAt": s.Created.Format(time.RFC3339Nano),
				}[tt.field]
				var told []string
				for _, p := range r.problems {
					if p.Rule != "missing collection" {
						told = append(told, p.Rule)
					}
				}
				if got != tt.want || strings.Join(told, ",") != tt.told {
					t.Errorf("%s: %q, problems %v", path, got, told)
				}
			}
		})
	}
}

// Documents that make no whole record are told with their offsets, and those
// beside them are read.
func TestDocuments(t *testing.T) {
	whole := marshal(t, []bson.D{message(1, "user_1", "user_2", "hello")})
	noID := marshal(t, []bson.D{{{Key: "content", Value: "x"}, {Key: "senderId", Value: "a"}, {Key: "receiverId", Value: "b"}, {Key: "createdAt", Value: created}, {Key: "updatedAt", Value: updated}}})
	wrongSender := marshal(t, []bson.D{message(2, "", "user_2", "x")[:1]})
	torn := slices.Clone(whole)
	binary.LittleEndian.PutUint32(torn[4+1+4+12+1+len("senderId")+1:], 1<<30)
	extra := marshal(t, []bson.D{append(message(3, "user_1", "user_2", "x"), bson.E{Key: "mood", Value: bson.D{}})})
	endless := append([]byte{}, whole...)
	endless[len(endless)-1] = 1

	at := len(whole)
	for name, tt := range map[string]struct {
		content []byte
		want    []string
	}{
		"without an id": {noID, []string{fmt.Sprintf("messages.bson, byte %d: missing field: _id of messages is missing (lost true)", at)}},
		"without nearly all": {wrongSender, []string{
			fmt.Sprintf("messages.bson, byte %d: missing field: senderId of messages is missing (lost true)", at),
			fmt.Sprintf("messages.bson, byte %d: missing field: receiverId of messages is missing (lost true)", at),
			fmt.Sprintf("messages.bson, byte %d: missing field: content of messages is missing (lost false)", at),
			fmt.Sprintf("messages.bson, byte %d: missing field: createdAt of messages is missing (lost false)", at),
			fmt.Sprintf("messages.bson, byte %d: missing field: updatedAt of messages is missing (lost false)", at),
		}},
		"with a length too great": {torn, []string{fmt.Sprintf(
			`messages.bson, byte %d: malformed: a document of messages: the value of "senderId" is of an unknown type, or ends after its document (lost true)`, at)}},
		"without an end": {endless, []string{fmt.Sprintf(
			"messages.bson, byte %d: malformed: a document of messages: a document is not as long as it says (lost true)", at)}},
		"with a field more": {extra, []string{fmt.Sprintf(
			`messages.bson, byte %d: unknown field: the field "mood" of messages is not known, and not kept (lost false)`, at)}},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, file(t, "messages.bson", slices.Concat(whole, tt.content, whole)))
			wantProblems(t, r.problems, tt.want...)
			lost := strings.Contains(strings.Join(tt.want, ""), "(lost true)")
			if want := map[bool]int{true: 2, false: 3}[lost]; len(r.messages) != want {
				t.Errorf("%d messages, want %d", len(r.messages), want)
			}
		})
	}
}

// A document over MongoDB's limit is passed over without being kept in memory.
func TestLargeDocuments(t *testing.T) {
	of := func(size int) library {
		huge := message(2, "user_1", "user_2", strings.Repeat("x", size))
		return library{"messages": {message(1, "user_1", "user_2", "before"), huge, message(3, "user_1", "user_2", "after")}}
	}
	l := of(17 << 20)
	for _, path := range []string{of(50<<20).dump(t, false), l.dump(t, true), l.archive(t, false), l.export(t, true, true, false)} {
		r := read(t, open(t, path))
		var told []transfer.Problem
		for _, p := range r.problems {
			if p.Rule == "too large" && p.Lost && p.Place.Offset > 0 {
				told = append(told, p)
			}
		}
		if len(told) != 1 || len(r.messages) != 2 || r.messages[1].Content != "after" {
			t.Errorf("%s: %d messages, problems %v", path, len(r.messages), r.problems)
		}
	}
	atLimit := library{"messages": {message(2, "user_1", "user_2", strings.Repeat("x", 16<<20-200))}}
	if r := read(t, open(t, atLimit.dump(t, false))); len(r.messages) != 1 {
		t.Errorf("%d messages, problems %v", len(r.messages), r.problems)
	}
}

// Nothing can be read after these: each says where.
func TestCutOff(t *testing.T) {
	l := sound()
	bytes, packed := marshal(t, l["songs"]), pack(t, marshal(t, l["songs"]))
	for _, tt := range []struct {
		name, file string
		content    []byte
		says       string
	}{
		{"within a document", "songs.bson", bytes[:len(bytes)-1], "the file is cut off"},
		{"within a length", "songs.bson", append(slices.Clone(bytes), 1, 2), "the file is cut off"},
		{"a promise of 16 MiB", "songs.bson", []byte{0, 0, 0, 1, 2, 3}, "songs.bson, byte 0: the file is cut off"},
		{"a promise of 2 GiB", "songs.bson", []byte{0xff, 0xff, 0xff, 0x7f}, "songs.bson, byte 0: the file is cut off"},
		{"a length of 4", "songs.bson", []byte{4, 0, 0, 0, 0}, "songs.bson, byte 0: 4 is no length of a document"},
		{"a negative length", "songs.bson", []byte{0, 0, 0, 0x80, 0}, "is no length of a document"},
		{"packed, cut off", "songs.bson.gz", packed[:len(packed)-20], "the file is cut off"},
		{"packed, damaged", "songs.bson.gz", slices.Concat(packed[:len(packed)-8], make([]byte, 8)), "damaged"},
		{"JSON within a document", "songs.json", []byte("{}\n{\"a\": \"}\""), "songs.json, byte 3: an object does not end"},
		{"JSON array", "songs.json", []byte("[{},\n"), "the array does not end"},
		{"JSON array without commas", "songs.json", []byte("[{} {}]"), "here should be an object of JSON"},
		{"JSON after its array", "songs.json", []byte("[]{}"), "here should be an object of JSON"},
		{"HTML", "songs.json", []byte("<html>"), "songs.json, byte 0: here should be an object of JSON"},
		{"CSV", "songs.json", []byte("_id,title\n"), "songs.json, byte 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tryRead(t, file(t, tt.file, tt.content))
			if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "byte") {
				t.Errorf("error %v, want %s", err, tt.says)
			}
		})
	}
}

func TestBrokenJSON(t *testing.T) {
	r := read(t, file(t, "messages.json", []byte("\ufeff {\"a\":[}\n{\"_id\": 5, \"x\": {\"$oid\": \"zz\"}, \"y\":01}\n"+
		`{"_id":{"$oid":"00000000000000000000000a"},"senderId":"a","receiverId":"b","content":"\ud800\u0041","createdAt":{"$date":1000},"updatedAt":{"$date":"2020-01-01T00:00:00Z"}}`)))
	wantProblems(t, r.problems,
		"messages.json, byte 4: malformed: a document of messages: a document is no JSON (lost true)",
		"messages.json, byte 12: malformed: a document of messages: a document is no JSON (lost true)")
	if len(r.messages) != 1 || r.messages[0].Content != "\ufffdA" || r.messages[0].Created.Unix() != 1 || r.messages[0].Updated.Year() != 2020 {
		t.Errorf("messages %+v", r.messages)
	}
}

func TestBrokenArchives(t *testing.T) {
	whole := sound().archived(t, "music")
	flipped := slices.Clone(whole)
	i := strings.Index(string(flipped), "hello")
	flipped[i] ^= 1
	for _, tt := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"flipped bit", flipped, "the checksum of messages is"},
		{"cut off before the ends", whole[:len(whole)-600], "cut off"},
		{"cut off between blocks", whole[:strings.Index(string(whole), "EOF")-64], ""},
		{"other version", []byte(strings.Replace(string(whole), "0.1\x00", "9.9\x00", 1)), `archives of version "9.9" are not known`},
		{"no prelude", whole[:4], "cut off"},
		{"half a prelude", whole[:60], "cut off"},
		{"nothing after the magic number", append(slices.Clone(whole[:4]), 0, 0, 0, 0), "0 is no length"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dump.archive")
			check(t, os.WriteFile(path, tt.content, 0o600))
			source, err := mongo.Open(path, "")
			if err == nil {
				_, err = tryRead(t, source)
			}
			if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "dump.archive, byte") {
				t.Errorf("error %v, want %s", err, tt.says)
			}
		})
	}
}
