package mongo_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc64"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/mongo"
)

// kinds are those that MongoDB has collections of.
var kinds = []transfer.Kind{transfer.Users, transfer.Albums, transfer.Songs, transfer.Messages}

// library is a small one, as MongoDB's own driver would store it.
type library map[string][]bson.D

var (
	created = time.Date(2024, 5, 6, 7, 8, 9, 123e6, time.UTC)
	updated = created.Add(time.Hour)
)

func oidOf(kind byte, n int) bson.ObjectID {
	return bson.ObjectID{0x66, 0x38, 0x80, 0x19, kind, 0, 0, 0, 0, 0, byte(n >> 8), byte(n)}
}

func stamped(d bson.D) bson.D {
	return append(d, bson.E{Key: "createdAt", Value: created}, bson.E{Key: "updatedAt", Value: updated}, bson.E{Key: "__v", Value: int32(0)})
}

func user(n int, name string) bson.D {
	return stamped(bson.D{
		{Key: "_id", Value: oidOf('u', n)}, {Key: "fullName", Value: name},
		{Key: "imageUrl", Value: "https://img.clerk.com/" + name}, {Key: "clerkId", Value: fmt.Sprintf("user_%d", n)},
	})
}

func album(n int, title string, year any, songs ...any) bson.D {
	return stamped(bson.D{
		{Key: "_id", Value: oidOf('a', n)}, {Key: "title", Value: title}, {Key: "artist", Value: "Artist"},
		{Key: "imageUrl", Value: "https://res.cloudinary.com/a.jpg"}, {Key: "releaseYear", Value: year}, {Key: "songs", Value: append(bson.A{}, songs...)},
	})
}

func song(n int, title string, duration, album any) bson.D {
	return stamped(bson.D{
		{Key: "_id", Value: oidOf('s', n)}, {Key: "title", Value: title}, {Key: "artist", Value: "Artist"},
		{Key: "imageUrl", Value: "https://res.cloudinary.com/s.jpg"}, {Key: "audioUrl", Value: "https://res.cloudinary.com/s.mp3"},
		{Key: "duration", Value: duration}, {Key: "albumId", Value: album},
	})
}

func message(n int, from, to, content string) bson.D {
	return stamped(bson.D{
		{Key: "_id", Value: oidOf('m', n)}, {Key: "senderId", Value: from}, {Key: "receiverId", Value: to}, {Key: "content", Value: content},
	})
}

// sound is a library with nothing wrong in it.
func sound() library {
	return library{
		"users": {user(1, "Ann"), user(2, "Büşra \"B\" \\ 🎵"), user(3, " ")},
		"albums": {
			album(1, "First", int32(1999), oidOf('s', 2), oidOf('s', 1)),
			album(2, "Empty", 2001.5),
		},
		"songs": {
			song(1, "One", int32(180), oidOf('a', 1)), song(2, "Two\n\t\u2028", 200.25, oidOf('a', 1)),
			song(3, "Alone", int64(5_000_000_000), nil), song(4, "Dangling", int32(0), oidOf('a', 99)),
		},
		"messages": {message(1, "user_1", "user_2", "hello </script>"), message(2, "user_9", "user_1", "{\"[}]")},
	}
}

// marshal returns documents one after another.
func marshal(t testing.TB, documents []bson.D) []byte {
	t.Helper()
	var out []byte
	for _, d := range documents {
		b, err := bson.Marshal(d)
		check(t, err)
		out = append(out, b...)
	}
	return out
}

// dump writes a directory as mongodump does, and returns the database's.
func (l library) dump(t testing.TB, packed bool) string {
	t.Helper()
	dir := t.TempDir()
	for name, documents := range l {
		put(t, filepath.Join(dir, "music", name+".bson"), marshal(t, documents), packed)
		put(t, filepath.Join(dir, "music", name+".metadata.json"), []byte(`{"indexes":[],"collectionName":"`+name+`"}`), packed)
	}
	put(t, filepath.Join(dir, "admin", "system.version.bson"), nil, packed)
	return filepath.Join(dir, "music")
}

// put writes a file.
func put(t testing.TB, path string, content []byte, packed bool) {
	t.Helper()
	check(t, os.MkdirAll(filepath.Dir(path), 0o750))
	if packed {
		path, content = path+".gz", pack(t, content)
	}
	check(t, os.WriteFile(path, content, 0o600))
}

func pack(t testing.TB, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(content)
	check(t, err)
	check(t, z.Close())
	return out.Bytes()
}

// archived returns the library as an archive in which the collections take turns
// after each document.
func (l library) archived(t testing.TB, database string) []byte {
	t.Helper()
	names := []string{"users", "songs", "albums", "messages", "other"}
	names = slices.DeleteFunc(names, func(n string) bool { _, ok := l[n]; return !ok })
	ones := []byte{0xff, 0xff, 0xff, 0xff}
	out := binary.LittleEndian.AppendUint32(nil, 0x8199e26d)
	out = append(out, marshal(t, []bson.D{{
		{Key: "concurrent_collections", Value: int32(4)}, {Key: "version", Value: "0.1"},
		{Key: "server_version", Value: "7.0.2"}, {Key: "tool_version", Value: "100.9.0"},
	}})...)
	for _, n := range names {
		out = append(out, marshal(t, []bson.D{{
			{Key: "db", Value: database}, {Key: "collection", Value: n}, {Key: "metadata", Value: "{}"},
			{Key: "size", Value: int32(0)}, {Key: "type", Value: "collection"},
		}})...)
	}
	out = append(out, ones...)
	header := func(collection string, last bool, sum uint64) []byte {
		return marshal(t, []bson.D{{
			{Key: "db", Value: database}, {Key: "collection", Value: collection}, {Key: "EOF", Value: last}, {Key: "CRC", Value: int64(sum)},
		}})
	}
	sums := map[string]uint64{}
	for i, more := 0, true; more; i++ {
		more = false
		for _, n := range names {
			if i < len(l[n]) {
				document := marshal(t, l[n][i:i+1])
				sums[n] = crc64.Update(sums[n], crc64.MakeTable(crc64.ECMA), document)
				out = slices.Concat(out, header(n, false, 0), document, ones)
				more = true
			}
		}
	}
	for _, n := range names {
		out = slices.Concat(out, header(n, true, sums[n]), ones)
	}
	return out
}

// archive writes the library as a file.
func (l library) archive(t testing.TB, packed bool) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dump.archive")
	put(t, path, l.archived(t, "music"), packed)
	if packed {
		path += ".gz"
	}
	return path
}

// export writes the library as mongoexport does, and returns the directory.
func (l library) export(t testing.TB, canonical, array, packed bool) string {
	t.Helper()
	dir := t.TempDir()
	for name, documents := range l {
		lines := make([][]byte, 0, len(documents))
		for _, d := range documents {
			line, err := bson.MarshalExtJSON(d, canonical, false)
			check(t, err)
			lines = append(lines, line)
		}
		content := bytes.Join(lines, []byte("\n"))
		if array {
			content = slices.Concat([]byte("["), bytes.Join(lines, []byte(",\n")), []byte("]\n"))
		}
		put(t, filepath.Join(dir, name+".json"), content, packed)
	}
	return dir
}

// reading is all that a source yields.
type reading struct {
	users    []transfer.User
	albums   []transfer.Album
	songs    []transfer.Song
	messages []transfer.Message
	problems []transfer.Problem
}

// read reads all of a source; places are left out of the records.
func read(t testing.TB, s transfer.Source) reading {
	t.Helper()
	r, err := tryRead(t, s)
	check(t, err)
	return r
}

func tryRead(t testing.TB, s transfer.Source) (r reading, err error) {
	t.Helper()
	for kind := range transfer.Kinds {
		err = s.Each(t.Context(), kind, func(record any) error {
			switch rec := record.(type) {
			case *transfer.User:
				u := *rec
				u.Place = transfer.Place{}
				r.users = append(r.users, u)
			case *transfer.Album:
				a := *rec
				a.Place, a.Songs = transfer.Place{}, slices.Clone(a.Songs)
				r.albums = append(r.albums, a)
			case *transfer.Song:
				s := *rec
				s.Place = transfer.Place{}
				r.songs = append(r.songs, s)
			case *transfer.Message:
				m := *rec
				m.Place = transfer.Place{}
				r.messages = append(r.messages, m)
			default:
				t.Errorf("a record of type %T", record)
			}
			return nil
		}, func(p transfer.Problem) { r.problems = append(r.problems, p) })
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// compare tells in which kinds two readings differ.
func compare(t *testing.T, got, want reading) {
	t.Helper()
	same := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read %+v, want %+v", what, got, want)
		}
	}
	same("users", got.users, want.users)
	same("albums", got.albums, want.albums)
	same("songs", got.songs, want.songs)
	same("messages", got.messages, want.messages)
	same("problems", got.problems, want.problems)
}

func open(t testing.TB, path string) *mongo.Source {
	t.Helper()
	s, err := mongo.Open(path, "")
	check(t, err)
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
