package kit_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const (
	part    = "--b\r\nContent-Disposition: form-data; name="
	closing = "--b--\r\n"
)

func value(name, text string) string { return part + `"` + name + `"` + "\r\n\r\n" + text + "\r\n" }

func fileOf(name, filename, content string) string {
	return part + `"` + name + `"; filename="` + filename + `"` + "\r\nContent-Type: image/png\r\n\r\n" + content + "\r\n"
}

func limits() kit.FormLimits {
	return kit.FormLimits{Files: map[string]int64{"image": 100, "audio": 200_000}, Parts: 5, Values: 50}
}

// read reads a form and checks that nothing stays behind once it is closed.
func read(t *testing.T, r *http.Request) (*kit.Form, error) {
	t.Helper()
	dir := t.TempDir()
	stage, err := media.NewStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	form, err := kit.ReadForm(r, stage, limits())
	t.Cleanup(func() {
		form.Close()
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%d files are left, %v", len(left), err)
		}
	})
	return form, err
}

func request(body io.Reader) *http.Request {
	r := httptest.NewRequest("POST", "/", body)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	return r
}

func TestReadForm(t *testing.T) {
	tests := []struct {
		name, body        string
		values            string // name=text,text of each, in the order of names
		images            string // the contents, with their file names
		unnamed, unwanted int
		broken            bool
	}{
		{name: "nothing", body: closing},
		{name: "values", body: value("a", "1") + value("b", "") + value("a", "2") + closing, values: "a=1,2 b="},
		{name: "no last line end", body: value("a", "1") + "--b--", values: "a=1"},
		{name: "text before and after", body: "hello\r\n" + value("a", "1") + closing + "bye", values: "a=1"},
		{name: "a file", body: fileOf("image", "i.png", "x\r\ny") + closing, images: "i.png:x\r\ny"},
		{name: "two files", body: fileOf("image", "i.png", "x") + value("a", "1") + fileOf("image", "j.png", "") + closing, values: "a=1", images: "i.png:x j.png:"},
		{name: "a path as file name", body: fileOf("image", `../../etc/passwd`, "x") + closing, images: "passwd:x"},
		{name: "no file chosen", body: fileOf("image", "", "") + closing, unnamed: 1},
		{name: "a file of another field", body: fileOf("other", "i.png", strings.Repeat("x", 1000)) + value("a", "1") + closing, values: "a=1", unwanted: 1},
		{name: "bytes that are no text", body: value("a", "\x00\xff") + closing, values: "a=\x00\xff"},
		{name: "the boundary inside a line", body: value("a", "x--b--x") + closing, values: "a=x--b--x"},

		{name: "no byte", body: "", broken: true},
		{name: "another boundary", body: strings.ReplaceAll(value("a", "1")+closing, "--b", "--c"), broken: true},
		{name: "cut in a value", body: value("a", "1") + part + `"b"` + "\r\n\r\nxy", values: "a=1", broken: true},
		{name: "cut in a file", body: value("a", "1") + strings.TrimSuffix(fileOf("image", "i.png", "xy"), "\r\n"), values: "a=1", broken: true},
		{name: "cut in the headers", body: value("a", "1") + part, values: "a=1", broken: true},
		{name: "cut between the headers", body: value("a", "1") + part + "\"b\"\r\n", values: "a=1", broken: true},
		{name: "cut before the headers", body: value("a", "1") + "--b\r\n", values: "a=1", broken: true},
		{name: "cut in the last boundary", body: value("a", "1") + "--b-", broken: true},
		{name: "a header that is none", body: "--b\r\nnonsense\r\n\r\nx\r\n" + closing, broken: true},
		{name: "endless headers", body: "--b\r\nX: " + strings.Repeat("x", 20<<20), broken: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// Two bytes at a time: a boundary may come in pieces.
			form, err := read(t, request(pairs{strings.NewReader(tt.body)}))
			if err != nil {
				t.Fatal(err)
			}
			if got := valuesOf(form); got != tt.values {
				t.Errorf("values %q, want %q", got, tt.values)
			}
			if got := imagesOf(t, form); got != tt.images {
				t.Errorf("images %q, want %q", got, tt.images)
			}
			if form.Unnamed != tt.unnamed || form.Unwanted != tt.unwanted || form.Broken != tt.broken {
				t.Errorf("unnamed %d, unwanted %d, broken %v", form.Unnamed, form.Unwanted, form.Broken)
			}
		})
	}
}

func valuesOf(form *kit.Form) string {
	var all []string
	for _, name := range []string{"a", "b"} {
		if v, ok := form.Values[name]; ok {
			all = append(all, name+"="+strings.Join(v, ","))
		}
	}
	if len(all) != len(form.Values) {
		return "more than expected"
	}
	return strings.Join(all, " ")
}

func imagesOf(t *testing.T, form *kit.Form) string {
	t.Helper()
	var all []string
	for _, up := range form.Files["image"] {
		content, err := io.ReadAll(io.NewSectionReader(up.Staged, 0, up.Staged.Size))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, up.Filename+":"+string(content))
	}
	return strings.Join(all, " ")
}

func TestFormLimits(t *testing.T) {
	tests := []struct {
		name, body string
		field      string // that broke its limit, "" if none did
		limit      int64
	}{
		{"a file of its limit", fileOf("image", "i", strings.Repeat("x", 100)) + closing, "", 0},
		{"a file over its limit", fileOf("image", "i", strings.Repeat("x", 101)) + closing, "image", 100},
		{"a file over its limit and cut off", fileOf("image", "i", strings.Repeat("x", 200)), "image", 100},
		{"after a good one", fileOf("audio", "a", "x") + fileOf("image", "i", strings.Repeat("x", 101)) + closing, "image", 100},
		{"values of the limit", value("a", strings.Repeat("x", 29)) + value("b", strings.Repeat("x", 19)) + closing, "", 0},
		{"names and values over the limit", value("a", strings.Repeat("x", 29)) + value("b", strings.Repeat("x", 20)) + closing, "b", 50},
		{"the whole body", fileOf("other", "o", strings.Repeat("x", 300_000)) + closing, "body", 250_000},
		{"the whole body, in a file", fileOf("audio", "a", strings.Repeat("x", 199_000)) + fileOf("audio", "a", strings.Repeat("x", 100_000)) + closing, "body", 250_000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(strings.NewReader(tt.body))
			r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 250_000)
			_, err := read(t, r)
			var e *errs.Error
			switch {
			case tt.field == "" && err != nil:
				t.Error(err)
			case tt.field != "" && (!errors.As(err, &e) || e.Kind != errs.TooLarge ||
				len(e.Fields) != 1 || e.Fields[0] != errs.Field{Name: tt.field, Code: errs.TooBig, Limit: tt.limit}):
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFormErrors(t *testing.T) {
	for _, contentType := range []string{"", "multipart/form-data", "multipart/form-data; boundary", "multipart/form-data; boundary=", "nonsense; ;"} {
		r := request(strings.NewReader(closing))
		r.Header.Set("Content-Type", contentType)
		if _, err := read(t, r); !errors.Is(err, kit.ErrNoBoundary) {
			t.Errorf("%q: %v", contentType, err)
		}
	}
	if _, err := read(t, request(strings.NewReader(strings.Repeat(value("a", ""), 5)+closing))); err != nil {
		t.Errorf("five parts: %v", err)
	}
	if _, err := read(t, request(strings.NewReader(strings.Repeat(fileOf("image", "i", "x"), 6)+closing))); !errors.Is(err, kit.ErrManyParts) {
		t.Errorf("six parts: %v", err)
	}
	// A request that was given up is no bad form.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := request(strings.NewReader(fileOf("image", "i", "x") + closing)).WithContext(ctx)
	if _, err := read(t, r); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	// A connection that breaks is a form that breaks off.
	body := io.MultiReader(strings.NewReader(fileOf("image", "i", "x")), failing{})
	if form, err := read(t, request(body)); err != nil || !form.Broken {
		t.Errorf("connection lost: %v", err)
	}
}

// FuzzReadForm reads any bytes as a form. Nothing may panic or stay behind,
// and reading in pieces must not matter.
func FuzzReadForm(f *testing.F) {
	f.Add([]byte(value("a", "1") + fileOf("image", "i.png", "x") + closing))
	f.Add([]byte(fileOf("image", "", "") + part))
	f.Add([]byte("--b\r\n\r\n--b--"))
	f.Fuzz(func(t *testing.T, body []byte) {
		whole, err := read(t, request(bytes.NewReader(body)))
		pieces, err2 := read(t, request(pairs{bytes.NewReader(body)}))
		if (err == nil) != (err2 == nil) {
			t.Fatalf("whole: %v, in pieces: %v", err, err2)
		}
		if err != nil {
			return
		}
		same := func(a, b []string) bool { return strings.Join(a, "\x00") == strings.Join(b, "\x00") }
		if !maps.EqualFunc(whole.Values, pieces.Values, same) || whole.Broken != pieces.Broken {
			t.Errorf("whole: %+v, in pieces: %+v", whole, pieces)
		}
	})
}

// pairs reads two bytes at most at a time.
type pairs struct{ io.Reader }

func (r pairs) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(2, len(p))]) }

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection lost") }
