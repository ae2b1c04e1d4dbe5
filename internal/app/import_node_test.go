package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// mongoLibrary is what the Node reference keeps: its users, albums, songs and
// messages as MongoDB's own driver stores them.
type mongoLibrary map[string][]bson.D

var mongoTime = time.Date(2024, 5, 6, 7, 8, 9, 123e6, time.UTC)

func mongoID(kind byte, n int) bson.ObjectID {
	return bson.ObjectID{0x66, 0x38, 0x80, 0x19, kind, 0, 0, 0, 0, byte(n >> 16), byte(n >> 8), byte(n)}
}

func document(kind byte, n int, fields ...bson.E) bson.D {
	at := mongoTime.Add(time.Duration(n) * time.Second)
	d := append(bson.D{{Key: "_id", Value: mongoID(kind, n)}}, fields...)
	return append(d, bson.E{Key: "createdAt", Value: at}, bson.E{Key: "updatedAt", Value: at}, bson.E{Key: "__v", Value: int32(0)})
}

// newMongoLibrary returns a library whose files are at an address: n messages,
// and songs of which one names an album that does not exist.
func newMongoLibrary(files string, messages int) mongoLibrary {
	l := mongoLibrary{}
	for n, name := range []string{"Ann", "Büşra 🎵", "Cem"} {
		l["users"] = append(l["users"], document('u', n+1, bson.E{Key: "fullName", Value: name},
			bson.E{Key: "imageUrl", Value: files + "/cover.png"}, bson.E{Key: "clerkId", Value: fmt.Sprintf("user_%c", "abc"[n])}))
	}
	l["albums"] = []bson.D{document('a', 1, bson.E{Key: "title", Value: "Backwards"}, bson.E{Key: "artist", Value: "Us"},
		bson.E{Key: "imageUrl", Value: files + "/img.jpg"}, bson.E{Key: "releaseYear", Value: int32(1999)},
		bson.E{Key: "songs", Value: bson.A{mongoID('s', 3), mongoID('s', 1)}})}
	for n, album := range []any{mongoID('a', 1), nil, mongoID('a', 1), mongoID('a', 99)} {
		l["songs"] = append(l["songs"], document('s', n+1, bson.E{Key: "title", Value: fmt.Sprint("Song ", n+1)}, bson.E{Key: "artist", Value: "Us"},
			bson.E{Key: "imageUrl", Value: files + "/cover.png"}, bson.E{Key: "audioUrl", Value: files + "/track.mp3"},
			bson.E{Key: "duration", Value: int32(n)}, bson.E{Key: "albumId", Value: album}))
	}
	for n := range messages {
		from, to := "user_a", "user_b"
		if n%5 == 4 {
			from = "user_gone"
		}
		l["messages"] = append(l["messages"], document('m', n+1, bson.E{Key: "senderId", Value: from},
			bson.E{Key: "receiverId", Value: to}, bson.E{Key: "content", Value: fmt.Sprint("message ", n)}))
	}
	return l
}

// dump writes the library as mongodump does.
func (l mongoLibrary) dump(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for collection, documents := range l {
		var all []byte
		for _, d := range documents {
			raw, err := bson.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, raw...)
		}
		if err := os.WriteFile(filepath.Join(dir, collection+".bson"), all, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// newCloudinary serves the world's fixtures as a CDN would.
func newCloudinary(t *testing.T) string {
	t.Helper()
	fixtures := world.Fixtures()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, ok := fixtures[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content) // the client may have gone
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// newEmpty returns a program over an empty database.
func newEmpty(t *testing.T, engine string, edit func(*config.Config)) *fixture {
	t.Helper()
	c := testConfig(storetest.URL(t, engine), t.TempDir())
	c.PublicURL = "https://music.example.org"
	if edit != nil {
		edit(c)
	}
	a, err := New(context.Background(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return &fixture{App: a, t: t}
}

// wantCounts checks a report: read, added, the same and lost of each kind, and
// how often which rule was applied.
func wantCounts(t *testing.T, r transfer.Report, counts map[string][4]int64, rules map[string]int64) {
	t.Helper()
	got, applied := map[string][4]int64{}, map[string]int64{}
	for _, k := range r.Kinds {
		if k.Read > 0 {
			got[k.Kind] = [4]int64{k.Read, k.Added, k.Same, k.Lost}
		}
	}
	for _, rule := range r.Rules {
		applied[rule.Kind+": "+rule.Rule] = rule.Count
	}
	if !reflect.DeepEqual(got, counts) || !reflect.DeepEqual(applied, rules) {
		t.Errorf("the report is\n%v\n%v\nwant\n%v\n%v\n%+v", got, applied, counts, rules, r.Rules)
	}
}

// exported returns the files of an export for MongoDB.
func exported(t *testing.T, a *App) (dir string, files map[string]string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "export")
	if _, err := a.ExportNode(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, name := range []string{"users", "albums", "songs", "messages"} {
		text, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return dir, files
}

// A library of the Node reference moves in with its files, is the same in both
// dialects, lets its people in by Clerk, and moves out and in again as it was.
func TestImportNode(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			there := clerktest.New(time.Now)
			backend := httptest.NewServer(there)
			t.Cleanup(backend.Close)
			f := newEmpty(t, engine, func(c *config.Config) {
				c.ClerkIssuer, c.ClerkPublicKey = clerktest.Issuer, there.PublicKey()
				c.ClerkSecretKey, c.ClerkAPIURL = clerktest.SecretKey, backend.URL
			})
			dump := newMongoLibrary(newCloudinary(t), 10).dump(t)
			o := ImportOptions{Media: DownloadMedia, AllowPrivate: true}
			wanted := map[string][4]int64{"users": {3, 3, 0, 0}, "albums": {1, 1, 0, 0}, "songs": {4, 4, 0, 0}, "messages": {10, 10, 0, 0}}
			rules := map[string]int64{"messages: unknown user": 1, "songs: dangling album": 1}

			dry := o
			dry.DryRun = true
			report, err := f.ImportNode(t.Context(), dump, "", dry)
			if err != nil {
				t.Fatal(err)
			}
			wantCounts(t, report, wanted, rules)
			if _, files := exported(t, f.App); files["users"] != "" {
				t.Errorf("a dry run left %s", files["users"])
			}
			report, err = f.ImportNode(t.Context(), dump, "", o)
			if err != nil {
				t.Fatal(err)
			}
			wantCounts(t, report, wanted, rules)

			f.checkNodeLibrary(there.Token("user_a"))
			dir, files := exported(t, f.App)

			for _, o := range []ImportOptions{dry, o} {
				report, err = f.ImportNode(t.Context(), dump, "", o)
				if err != nil {
					t.Fatal(err)
				}
				wantCounts(t, report, map[string][4]int64{"users": {3, 0, 3, 0}, "albums": {1, 0, 1, 0}, "songs": {4, 0, 4, 0}, "messages": {10, 0, 10, 0}},
					map[string]int64{"songs: dangling album": 1}) // there is an account for the unknown user now
			}
			if _, again := exported(t, f.App); !reflect.DeepEqual(again, files) {
				t.Error("a second run changed something")
			}

			other := newEmpty(t, engine, nil)
			if _, err := other.ImportNode(t.Context(), dir, "", ImportOptions{Media: filepath.Join(dir, "media")}); err != nil {
				t.Fatal(err)
			}
			if _, again := exported(t, other.App); !reflect.DeepEqual(again, files) {
				t.Errorf("out and in again it is\n%v\nand was\n%v", again, files)
			}
		})
	}
}

// get asks for a document with somebody's key.
func (f *fixture) get(h http.Handler, path, key string, into any) {
	f.t.Helper()
	answer := f.ask(h, "GET", path, key)
	if answer.Code != http.StatusOK {
		f.t.Fatalf("%s: %d: %s", path, answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
		f.t.Fatalf("%s: %v", path, err)
	}
}

// checkNodeLibrary reads the library of newMongoLibrary by both dialects.
func (f *fixture) checkNodeLibrary(token string) {
	t, h := f.t, f.handler()
	t.Helper()
	get := func(path string, into any) {
		t.Helper()
		f.get(h, path, token, into)
	}
	var list []struct{ Songs []string }
	get("/api/albums", &list)
	if want := []string{mongoID('s', 3).Hex(), mongoID('s', 1).Hex()}; len(list) != 1 || !reflect.DeepEqual(list[0].Songs, want) {
		t.Errorf("the albums are %v, want one with %v", list, want)
	}
	var messages []struct {
		ID        string `json:"_id"`
		Content   string
		CreatedAt time.Time
	}
	get("/api/users/messages/user_b", &messages)
	if len(messages) != 8 || messages[0].ID != mongoID('m', 1).Hex() || messages[0].Content != "message 0" || !messages[0].CreatedAt.Equal(mongoTime.Add(time.Second)) {
		t.Errorf("the messages are %+v", messages)
	}
	var songs struct {
		Count   int
		Results []struct {
			Title string
			Audio string `json:"audio_url"`
		}
	}
	get("/api/songs/", &songs)
	if songs.Count != 4 {
		t.Fatalf("there are %d songs: %+v", songs.Count, songs)
	}
	for _, s := range songs.Results {
		_, path, _ := strings.Cut(s.Audio, "://")
		_, path, _ = strings.Cut(path, "/")
		if got := f.ask(h, "GET", "/"+path, ""); got.Code != http.StatusOK || got.Body.String() != string(world.Fixtures()["track.mp3"]) {
			t.Errorf("%s: %d, %d bytes", s.Audio, got.Code, got.Body.Len())
		}
	}
}

// Files that cannot be had, and a network that is none of the source's business,
// are told; the addresses stay.
func TestImportNodeWithoutFiles(t *testing.T) {
	f := newEmpty(t, "sqlite", nil)
	dump := newMongoLibrary(newCloudinary(t)+"/gone", 1).dump(t)
	for _, private := range []bool{false, true} {
		report, err := f.ImportNode(t.Context(), dump, "", ImportOptions{Media: DownloadMedia, AllowPrivate: private, DryRun: false})
		if err != nil {
			t.Fatal(err)
		}
		found := int64(0)
		for _, rule := range report.Rules {
			if rule.Rule == transfer.RuleMedia {
				found += rule.Count
			}
		}
		if found != 3+1+2*4 || report.Lost() != 0 {
			t.Errorf("private %v: %d files not brought in, %d records lost", private, found, report.Lost())
		}
	}
}

// importEnv makes the test binary import a library instead of running tests: a
// process that a test can kill. It holds an importSetup in JSON.
const importEnv = "TEST_IMPORT"

type importSetup struct{ Database, Dir, Dump string }

// run runs such a process, and kills it after some time. It returns whether it
// has succeeded before, and what it said. It may fail because a server runs, or
// with one of the given words.
func (s importSetup) run(t *testing.T, env string, kill time.Duration, mayFail ...string) (done bool, said string) {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), kill)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0]) // killed with SIGKILL
	command.Env = append(os.Environ(), env+"="+string(text))
	out, err := command.CombinedOutput()
	said = string(out)
	expected := slices.ContainsFunc(append(mayFail, "stop it first"), func(words string) bool { return strings.Contains(said, words) })
	if err != nil && ctx.Err() == nil && !expected {
		t.Fatalf("%v\n%s", err, said)
	}
	return err == nil, said
}

func importForTest() error {
	var s importSetup
	if err := json.Unmarshal([]byte(os.Getenv(importEnv)), &s); err != nil {
		return err
	}
	a, err := New(context.Background(), testConfig(s.Database, s.Dir), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = a.ImportNode(context.Background(), s.Dump, "", ImportOptions{Media: DownloadMedia, AllowPrivate: true})
	if err != nil {
		return err
	}
	return a.Close()
}

// An import is killed at 20 points, and run again each time: in the end
// everything is there once, as after one that nobody disturbed.
func TestImportKilled(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			dump := newMongoLibrary(newCloudinary(t), 5_000).dump(t)
			whole := newEmpty(t, engine, nil)
			if _, err := whole.ImportNode(t.Context(), dump, "", ImportOptions{Media: DownloadMedia, AllowPrivate: true}); err != nil {
				t.Fatal(err)
			}
			_, want := exported(t, whole.App)

			killed := newEmpty(t, engine, nil)
			s := importSetup{killed.Config.DatabaseURL(), killed.Config.Data, dump}
			for range 20 {
				s.run(t, importEnv, time.Duration(rand.Int64N(int64(2*time.Second)))) // it may be quicker
			}
			if done, out := s.run(t, importEnv, 5*time.Minute); !done {
				t.Fatal(out)
			}
			if _, got := exported(t, killed.App); !sameButNames(got, want) {
				t.Error("what is there differs from an import that nobody disturbed")
			}
		})
	}
}

// sameButNames compares exports whose files have names of their own: a name that
// was given before a kill is not given again.
func sameButNames(a, b map[string]string) bool {
	strip := func(files map[string]string) map[string]string {
		clean := map[string]string{}
		for name, text := range files {
			for _, line := range strings.Split(text, "\n") {
				for _, field := range []string{`"imageUrl":"`, `"audioUrl":"`} {
					if before, after, ok := strings.Cut(line, field); ok {
						_, after, _ = strings.Cut(after, `"`)
						line = before + after
					}
				}
				clean[name] += line + "\n"
			}
		}
		return clean
	}
	return reflect.DeepEqual(strip(a), strip(b))
}
