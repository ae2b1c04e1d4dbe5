package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/antiphon-music/antiphon/internal/backup"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// memory is a database in memory: a source and a sink.
type memory struct {
	tables   []backup.Table
	rows     map[string][][]any
	contents []backup.Content
	lie      bool // what is put is not what is read back
}

func (m *memory) Migrations() []string   { return []string{"0001_tables"} }
func (m *memory) Tables() []backup.Table { return m.tables }

func (m *memory) Count(_ context.Context, t backup.Table) (int64, error) {
	return int64(len(m.rows[t.Name])), nil
}

func (m *memory) Each(_ context.Context, t backup.Table, do func([]any) error) error {
	for _, row := range m.rows[t.Name] {
		if err := do(row); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Contents(_ context.Context, do func(backup.Content) error) error {
	slices.SortFunc(m.contents, func(a, b backup.Content) int { return strings.Compare(string(a.Key), string(b.Key)) })
	for _, c := range m.contents {
		if err := do(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Dump(ctx context.Context, do func(context.Context, backup.Snapshot) error) error {
	return do(ctx, m)
}

func (m *memory) Put(_ context.Context, t backup.Table, rows [][]any) error {
	m.rows[t.Name] = append(m.rows[t.Name], rows...)
	if m.lie && len(rows) > 0 {
		m.rows[t.Name] = m.rows[t.Name][1:]
	}
	return nil
}

func (m *memory) Replace(ctx context.Context, _ backup.Replacement, do func(context.Context, backup.Target) error) error {
	before := m.rows
	m.rows = map[string][][]any{}
	err := do(ctx, m)
	if err != nil {
		m.rows = before
	}
	return err
}

func schema() []backup.Table {
	last := int64(12)
	return []backup.Table{
		{Name: "empty", Columns: []backup.Column{{Name: "a", Sort: backup.Whole}}},
		{Name: "things", Last: &last, Columns: []backup.Column{
			{Name: "id", Sort: backup.Whole}, {Name: "b", Sort: backup.Bytes}, {Name: "f", Sort: backup.Flag}, {Name: "r", Sort: backup.Real}, {Name: "t", Sort: backup.Text},
		}},
	}
}

// place is a server of the tests.
type place struct {
	*memory
	blobs *local.Store
	dir   string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{memory: &memory{tables: schema(), rows: map[string][][]any{}}, dir: t.TempDir()}
	var err error
	p.blobs, err = local.New(p.dir)
	check(t, err)
	return p
}

// add stores a content, and a row.
func (p *place) add(t *testing.T, content string) media.Key {
	t.Helper()
	staged, err := p.blobs.Stage().Receive(t.Context(), strings.NewReader(content), 1<<20)
	check(t, err)
	defer staged.Discard()
	check(t, p.blobs.Put(t.Context(), staged))
	p.contents = append(p.contents, backup.Content{Key: staged.Key, Size: staged.Size})
	return staged.Key
}

// full has odd values, thousands of rows and three contents.
func full(t *testing.T) *place {
	t.Helper()
	p := newPlace(t)
	p.rows["things"] = [][]any{
		{int64(1), []byte{0, 0xff}, true, 0.1, "<&>\u2028\x00🎵"},
		{int64(math.MaxInt64), []byte{}, false, math.Inf(-1), "\xff\xfe"},
		{int64(math.MinInt64), nil, nil, nil, nil},
		{int64(0), nil, nil, 1e300, `{"bytes":"x"}`},
	}
	for i := range 12_000 {
		p.rows["things"] = append(p.rows["things"], []any{int64(i), nil, i%2 == 0, float64(i), strings.Repeat("text ", 20)})
	}
	for i := range 3 {
		p.add(t, fmt.Sprint("content ", i, strings.Repeat(" and more", 1000)))
	}
	return p
}

func (p *place) origin() *backup.Origin {
	return &backup.Origin{
		Database: p, Engine: "memory", Blobs: p.blobs, Program: "test", Key: "secret", KeyPrint: "print", Now: time.Now,
		Hold: func(ctx context.Context, do func(context.Context) error) error { return do(ctx) },
	}
}

func (p *place) create(t *testing.T, path, base string) backup.Summary {
	t.Helper()
	s, err := p.origin().Create(t.Context(), path, base, true)
	check(t, err)
	return s
}

func (p *place) restore(t *testing.T, path string, bases ...string) (backup.Summary, error) {
	t.Helper()
	d := backup.Destination{Database: p, Blobs: p.blobs, Stage: p.blobs.Stage()}
	return d.Restore(t.Context(), path, bases)
}

// has compares a place with another.
func (p *place) has(t *testing.T, other *place) {
	t.Helper()
	if len(p.rows["things"]) != len(other.rows["things"]) {
		t.Fatalf("%d rows, want %d", len(p.rows["things"]), len(other.rows["things"]))
	}
	for i, row := range p.rows["things"] {
		if want := other.rows["things"][i]; !reflect.DeepEqual(row, want) {
			t.Fatalf("row %#v, want %#v", row, want)
		}
	}
	for _, c := range other.contents {
		blob, _, err := p.blobs.Open(t.Context(), c.Key)
		check(t, err)
		content, err := io.ReadAll(blob)
		check(t, errors.Join(err, blob.Close()))
		if int64(len(content)) != c.Size {
			t.Errorf("content %s has %d bytes", c.Key, len(content))
		}
	}
}

// What was written is read whole, and brings back all of it.
func TestRestore(t *testing.T) {
	from, path := full(t), filepath.Join(t.TempDir(), "a.tar.zst")
	s := from.create(t, path, "")
	if s.Rows != 12_004 || s.Contents != 3 || s.Earlier != 0 || len(s.Lost) != 0 || s.Header.Key != "secret" {
		t.Errorf("summary %+v", s)
	}
	info, err := os.Stat(path)
	check(t, err)
	if info.Mode().Perm() != 0o600 || info.Size() != s.Size {
		t.Errorf("file %v, %d bytes of %d", info.Mode(), info.Size(), s.Size)
	}
	again, err := backup.Verify(path, nil)
	check(t, err)
	if !reflect.DeepEqual(again, s) {
		t.Errorf("verified it is %+v, and was %+v", again, s)
	}
	to := newPlace(t)
	got, err := to.restore(t, path)
	check(t, err)
	if got.Rows != s.Rows || got.Contents != 3 {
		t.Errorf("summary %+v", got)
	}
	to.has(t, from)

	if _, err := from.origin().Create(t.Context(), path, "", true); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second one of the name: %v", err)
	}
	liar := newPlace(t)
	liar.lie = true
	if _, err := liar.restore(t, path); err == nil || !strings.Contains(err.Error(), "table things") || len(liar.rows) != 0 {
		t.Errorf("a database that loses rows: %v, %d tables", err, len(liar.rows))
	}
}

// An archive builds on earlier ones, which are found beside it or where they are
// said to be.
func TestRestoreBases(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	from := full(t)
	from.create(t, file("1"), "")
	from.add(t, "second")
	if s := from.create(t, file("2"), file("1")); s.Contents != 1 || s.Earlier != 3 {
		t.Errorf("the second has %+v", s)
	}
	from.add(t, "third")
	s := from.create(t, file("3"), file("2"))
	if s.Contents != 1 || s.Earlier != 4 || len(s.Header.Bases) != 2 {
		t.Errorf("the third has %+v", s)
	}
	to := newPlace(t)
	_, err := to.restore(t, file("3"))
	check(t, err)
	to.has(t, from)

	// The chain goes on even if an old one is not needed any more.
	first := from.contents[:0:0]
	for _, c := range from.contents {
		if c.Size < 10 {
			first = append(first, c)
		}
	}
	from.contents = first
	if s := from.create(t, file("4"), file("3")); len(s.Header.Bases) != 2 || s.Earlier != 2 || s.Contents != 0 {
		t.Errorf("the fourth builds on %+v", s.Header.Bases)
	}
	away := t.TempDir()
	check(t, os.Rename(file("1"), filepath.Join(away, "x")))
	to = newPlace(t)
	if _, err := to.restore(t, file("3")); !errs.Is(err, errs.NotFound) || !strings.Contains(err.Error(), "builds on 1") || len(to.rows) != 0 {
		t.Errorf("without its base: %v", err)
	}
	check(t, os.WriteFile(file("1"), nil, 0o600))
	if _, err := to.restore(t, file("3")); err == nil {
		t.Error("an empty file was taken for the base")
	}
	check(t, os.Remove(file("1")))
	if _, err := to.restore(t, file("3"), filepath.Join(away, "x")); err != nil {
		t.Error(err)
	}
	to = newPlace(t)
	if _, err := to.restore(t, file("4")); err != nil {
		t.Errorf("one that does not need it: %v", err)
	}
}

// Contents that were lost before are named, and the others saved.
func TestLost(t *testing.T) {
	from, path := full(t), filepath.Join(t.TempDir(), "a")
	gone, changed := from.contents[0].Key, from.contents[1].Key
	check(t, from.blobs.Delete(t.Context(), gone, time.Now().Add(time.Hour)))
	check(t, filepath.WalkDir(from.dir, func(p string, _ os.DirEntry, err error) error {
		if filepath.Base(p) == string(changed) {
			check(t, os.Chmod(p, 0o600))
			return os.WriteFile(p, []byte("damaged"), 0o600)
		}
		return err
	}))
	s := from.create(t, path, "")
	slices.Sort(s.Lost)
	want := []media.Key{gone, changed}
	slices.Sort(want)
	if !slices.Equal(s.Lost, want) || s.Contents != 1 {
		t.Errorf("summary %+v", s)
	}
	to := newPlace(t)
	s, err := to.restore(t, path)
	check(t, err)
	if len(s.Lost) != 2 || s.Contents != 1 {
		t.Errorf("restored %+v", s)
	}

	// The next one has what has been found again.
	from.contents = slices.DeleteFunc(from.contents, func(c backup.Content) bool { return c.Key == gone })
	if again := from.add(t, fmt.Sprint("content ", 0, strings.Repeat(" and more", 1000))); again != gone {
		t.Fatalf("it is %s, and was %s", again, gone)
	}
	s = from.create(t, path+"2", path)
	if s.Contents != 1 || s.Earlier != 1 || !slices.Equal(s.Lost, []media.Key{changed}) {
		t.Errorf("the next has %+v", s)
	}
}

// Whatever byte of an archive changes, and wherever it is cut off: that is
// noticed, and the database stays as it was.
func TestDamaged(t *testing.T) {
	from, dir := full(t), t.TempDir()
	path := filepath.Join(dir, "a")
	from.create(t, path, "")
	whole, err := os.ReadFile(path)
	check(t, err)
	bad := filepath.Join(dir, "bad")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		content := slices.Clone(whole)
		at := random.IntN(len(content))
		what := fmt.Sprintf("byte %d of %d changed", at, len(content))
		switch {
		case i < 15:
			content, what = content[:at], fmt.Sprintf("cut off at %d of %d", at, len(content))
		case i == 15:
			content, what = append(content, content...), "twice"
		default:
			content[at] ^= byte(1 << random.IntN(8))
		}
		check(t, os.WriteFile(bad, content, 0o600))
		if _, err := backup.Verify(bad, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: verified with %v", what, err)
		}
		to := newPlace(t)
		if _, err := to.restore(t, bad); !errs.Is(err, errs.Invalid) || len(to.rows) != 0 {
			t.Errorf("%s: restored with %v, %d tables", what, err, len(to.rows))
		}
	}
}

// Archives that nobody has written are refused.
func TestForeign(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	var packed bytes.Buffer
	z, err := zstd.NewWriter(&packed)
	check(t, err)
	_, err = z.Write([]byte("no tar"))
	check(t, errors.Join(err, z.Close()))
	for what, content := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "zstd alone": packed.Bytes()} {
		check(t, os.WriteFile(path, content, 0o600))
		if _, err := backup.Verify(path, nil); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "no archive") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := backup.Verify(filepath.Join(dir, "none"), nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("no file: %v", err)
	}

	// A target whose tables are others.
	from := full(t)
	good := filepath.Join(dir, "good")
	from.create(t, good, "")
	for what, edit := range map[string]func([]backup.Table) []backup.Table{
		"one more":       func(tables []backup.Table) []backup.Table { return append(tables, backup.Table{Name: "more"}) },
		"one less":       func(tables []backup.Table) []backup.Table { return tables[:1] },
		"other columns":  func(tables []backup.Table) []backup.Table { tables[1].Columns = tables[1].Columns[1:]; return tables },
		"another column": func(tables []backup.Table) []backup.Table { tables[1].Columns[0].Sort = backup.Text; return tables },
	} {
		to := newPlace(t)
		to.tables = edit(to.tables)
		if _, err := to.restore(t, good); !errs.Is(err, errs.Invalid) || len(to.rows) != 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Nothing is left of a backup that fails, or that was killed before.
func TestCreateFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	check(t, os.WriteFile(path+".part", []byte("killed"), 0o600))
	from := full(t)
	from.rows["things"][5][4] = 3 // no value of a row
	if _, err := from.origin().Create(t.Context(), path, "", true); err == nil || !strings.Contains(err.Error(), "table things") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	from.rows["things"][5][4] = "good"
	if _, err := from.origin().Create(ctx, path, "", true); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := from.origin().Create(t.Context(), path, filepath.Join(dir, "none"), true); !errs.Is(err, errs.NotFound) {
		t.Errorf("without its base: %v", err)
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) > 1 || len(entries) == 1 && entries[0].Name() != "a.part" {
		t.Errorf("left are %v", entries)
	}
}

// What an archive holds may be anything: it is refused, or read.
func FuzzVerify(f *testing.F) {
	f.Add([]byte("antiphon.json"))
	f.Add(unpackedArchive(f))
	f.Fuzz(func(t *testing.T, content []byte) {
		var packed bytes.Buffer
		z, err := zstd.NewWriter(&packed, zstd.WithEncoderConcurrency(1))
		check(t, err)
		_, err = z.Write(content)
		check(t, errors.Join(err, z.Close()))
		path := filepath.Join(t.TempDir(), "x")
		check(t, os.WriteFile(path, packed.Bytes(), 0o600))
		if s, err := backup.Verify(path, nil); err == nil && s.Header.ID == "" {
			t.Error("it is whole, and has no id")
		}
	})
}

// unpackedArchive is the tar file of a small archive.
func unpackedArchive(f *testing.F) []byte {
	f.Helper()
	blobs, err := local.New(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	small := &place{memory: &memory{tables: schema(), rows: map[string][][]any{"empty": {{int64(1)}}}}, blobs: blobs}
	path := filepath.Join(f.TempDir(), "a")
	if _, err := small.origin().Create(f.Context(), path, "", true); err != nil {
		f.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		f.Fatal(err)
	}
	defer z.Close()
	unpacked, err := z.DecodeAll(content, nil)
	if err != nil {
		f.Fatal(err)
	}
	return unpacked
}
