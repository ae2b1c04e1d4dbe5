package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/antiphon-music/antiphon/internal/errs"
)

func newStage(t *testing.T) (*Stage, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "staging")
	s, err := NewStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func expectFiles(t *testing.T, dir string, want int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != want {
		t.Errorf("the stage holds %v, %v, want %d files", entries, err, want)
	}
}

func TestKeyValid(t *testing.T) {
	tests := map[Key]bool{
		Key(strings.Repeat("0123456789abcdef", 4)): true,
		Key(strings.Repeat("0123456789ABCDEF", 4)): false,
		Key(strings.Repeat("0", 63)):               false,
		Key(strings.Repeat("0", 65)):               false,
		Key(strings.Repeat("g", 64)):               false,
		Key(strings.Repeat("../", 21) + "a"):       false,
		"":                                         false,
	}
	for k, want := range tests {
		if k.Valid() != want {
			t.Errorf("%q: %v", k, !want)
		}
	}
}

func TestReceive(t *testing.T) {
	s, dir := newStage(t)
	for _, size := range []int{0, 1, 511, 512, 513, receiveBuffer - 1, receiveBuffer, receiveBuffer + 1, 3*receiveBuffer + 7} {
		content := bytes.Repeat([]byte("0123456"), size/7+1)[:size]
		staged, err := s.Receive(t.Context(), iotest.HalfReader(bytes.NewReader(content)), int64(size))
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		got, err := io.ReadAll(io.NewSectionReader(staged, 0, 1<<30))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: read back %d, %v", size, len(got), err)
		}
		if staged.Size != int64(size) || !staged.Key.Valid() {
			t.Errorf("%d bytes: size %d, key %q", size, staged.Size, staged.Key)
		}
		if !bytes.Equal(staged.Head(), content[:min(size, 512)]) {
			t.Errorf("%d bytes: the head has %d", size, len(staged.Head()))
		}
		staged.Discard()
		staged.Discard()
	}
	expectFiles(t, dir, 0)
}

func TestReceiveRefuses(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("the line went dead")
	tests := []struct {
		name   string
		ctx    context.Context
		reader io.Reader
		check  func(error) bool
	}{
		{
			"too large", t.Context(), strings.NewReader("12345"),
			func(err error) bool {
				var e *errs.Error
				return errors.As(err, &e) && e.Kind == errs.TooLarge &&
					e.Fields[0] == errs.Field{Name: "file", Code: errs.TooBig, Limit: 4}
			},
		},
		{
			"reader fails", t.Context(), io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)),
			func(err error) bool { return errors.Is(err, broken) },
		},
		{
			"body cut short", t.Context(), io.MultiReader(strings.NewReader("12"), iotest.ErrReader(io.ErrUnexpectedEOF)),
			func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) },
		},
		{
			"reader stuck", t.Context(), stuck{},
			func(err error) bool { return errors.Is(err, io.ErrNoProgress) },
		},
		{
			"cancelled", cancelled, strings.NewReader("12"),
			func(err error) bool { return errors.Is(err, context.Canceled) },
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, dir := newStage(t)
			if _, err := s.Receive(test.ctx, test.reader, 4); !test.check(err) {
				t.Errorf("Receive: %v", err)
			}
			expectFiles(t, dir, 0)
		})
	}
}

// stuck is a reader that returns nothing, forever.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestReceiveStopsAtTheLimit(t *testing.T) {
	s, _ := newStage(t)
	endless := &counter{r: neverEnding{}}
	if _, err := s.Receive(t.Context(), endless, 1<<20); !errs.Is(err, errs.TooLarge) {
		t.Errorf("Receive: %v", err)
	}
	if endless.n > 1<<20+receiveBuffer {
		t.Errorf("it read %d bytes for a limit of %d", endless.n, 1<<20)
	}
}

type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) { return len(p), nil }

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestSweep(t *testing.T) {
	s, dir := newStage(t)
	inFlight, err := s.Receive(t.Context(), strings.NewReader("in flight"), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer inFlight.Discard()
	for _, name := range []string{"upload-1.part", "upload-2.part", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("left"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, 0} {
		if removed, err := s.Sweep(t.Context()); err != nil || removed != want {
			t.Errorf("Sweep removed %d, %v, want %d", removed, err, want)
		}
	}
	expectFiles(t, dir, 2)
	if _, err := os.Stat(inFlight.File().Name()); err != nil {
		t.Error(err)
	}
}

// Receivers and a sweeper at once: a file that was just made and is not yet
// locked may be taken, but then another is made.
func TestSweepDuringReceive(t *testing.T) {
	s, _ := newStage(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 300 {
			staged, err := s.Receive(t.Context(), strings.NewReader("x"), 1)
			if err != nil {
				t.Errorf("Receive: %v", err)
				return
			}
			if _, err := os.Stat(staged.File().Name()); err != nil {
				t.Errorf("swept in flight: %v", err)
			}
			staged.Discard()
		}
	}()
	for {
		select {
		case <-done:
			return
		default:
		}
		if _, err := s.Sweep(t.Context()); err != nil {
			t.Fatalf("Sweep: %v", err)
		}
	}
}

// TestMain lets the test binary play another process, which receives an upload
// and waits for its input to end.
func TestMain(m *testing.M) {
	dir := os.Getenv("MEDIA_TEST_STAGE")
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := NewStage(dir)
	if err != nil {
		panic(err)
	}
	if _, err := s.Receive(context.Background(), strings.NewReader("theirs"), 100); err != nil {
		panic(err)
	}
	fmt.Println("received")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test closes it, or ends
}

func TestSweepSparesOtherProcesses(t *testing.T) {
	s, dir := newStage(t)
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), "MEDIA_TEST_STAGE="+dir)
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("received\n"))); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.Sweep(t.Context()); err != nil || removed != 0 {
		t.Errorf("while it lives: removed %d, %v", removed, err)
	}
	in.Close()
	if err := other.Wait(); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.Sweep(t.Context()); err != nil || removed != 1 {
		t.Errorf("after its death: removed %d, %v", removed, err)
	}
}

func TestMoveToOnce(t *testing.T) {
	s, dir := newStage(t)
	staged, err := s.Receive(t.Context(), strings.NewReader("moves"), 100)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "there")
	if err := staged.MoveTo(to); err != nil {
		t.Fatal(err)
	}
	if err := staged.MoveTo(to); err == nil {
		t.Error("it moved twice")
	}
	staged.Discard()
	expectFiles(t, dir, 0)
	if got, err := os.ReadFile(to); err != nil || string(got) != "moves" {
		t.Errorf("%q, %v", got, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
