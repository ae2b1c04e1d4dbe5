package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// The server is killed three times in the middle of 200 uploads and 2,000
// messages. Whatever it acknowledged must be there and whole, and nothing
// half-done may be seen.
func TestKilledWhileWriting(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			c := newCrash(t, storetest.URL(t, engine))
			const rounds = 4
			for round := range rounds {
				c.write(200/rounds, 2000/rounds, round < rounds-1)
			}
			c.check()
		})
	}
}

const crashPassword = "correct-horse-7"

// crash is one run: what was sent, and what was acknowledged.
type crash struct {
	t             *testing.T
	database, dir string
	key           string // of the admin, who writes to himself
	userID        int64

	mu         sync.Mutex
	songsSent  map[string]string // title → SHA-256 of the audio
	textsSent  map[string]bool
	songsAcked map[int64]string // id → title
	textsAcked map[int64]string // id → content
	n          atomic.Int64

	// excuse reports whether an answer that is no acknowledgement may be one of
	// those now; nil if none may.
	excuse func(*http.Response) bool
	pace   time.Duration // between two pieces of an upload
}

// pacedReader hands out small pieces, one at a time.
type pacedReader struct {
	io.Reader
	pace time.Duration
}

func (r *pacedReader) Read(p []byte) (int, error) {
	<-time.After(r.pace)
	return r.Reader.Read(p[:min(len(p), 8<<10)])
}

func newCrash(t *testing.T, database string) *crash {
	ctx, dir := context.Background(), t.TempDir()
	a, err := New(ctx, testConfig(database, dir), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	u, err := a.Accounts.Create(ctx, account.Operator(), account.NewUser{
		Email: "admin@example.org", FullName: "Admin", Password: crashPassword, Verified: true, Role: account.Administrator,
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := a.Accounts.IssueToken(ctx, u.ID, "crash")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	c := newWriter(t, u.ID, key)
	c.database, c.dir = database, dir
	return c
}

// newWriter returns a run of an admin over servers that the caller starts.
func newWriter(t *testing.T, userID int64, key string) *crash {
	return &crash{
		t: t, userID: userID, key: key,
		songsSent: map[string]string{}, textsSent: map[string]bool{},
		songsAcked: map[int64]string{}, textsAcked: map[int64]string{},
	}
}

// write sends songs and messages, and if asked to, kills the server when about
// half of them are acknowledged.
func (c *crash) write(songs, texts int, kill bool) {
	p := startProcess(c.t, c.database, c.dir)
	var acked atomic.Int64
	half := int64(songs+texts) / 2
	once := sync.OnceFunc(p.kill)
	ack := func() {
		if acked.Add(1) >= half && kill {
			once()
		}
	}
	var wg sync.WaitGroup
	work := func(n, workers int, do func(base string) bool) {
		var left atomic.Int64
		left.Store(int64(n))
		for range workers {
			wg.Go(func() {
				for left.Add(-1) >= 0 {
					if do(p.base) {
						ack()
					}
				}
			})
		}
	}
	work(songs, 6, c.upload)
	work(texts, 10, c.message)
	wg.Wait()
	if kill {
		once()
		return
	}
	p.stop()
}

func (c *crash) upload(base string) bool {
	title := fmt.Sprintf("song %d", c.n.Add(1))
	audio := uniqueMP3()
	sum := sha256.Sum256(audio)
	c.mu.Lock()
	c.songsSent[title] = hex.EncodeToString(sum[:])
	c.mu.Unlock()
	form, contentType := songForm(djangoUpload, title, audio)
	var body io.Reader = bytes.NewReader(form)
	if c.pace > 0 {
		body = &pacedReader{body, c.pace}
	}
	var made struct{ ID int64 }
	if !c.post(base+"/api/songs/", contentType, body, &made) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.songsAcked[made.ID] = title
	return true
}

func (c *crash) message(base string) bool {
	text := fmt.Sprintf("message %d", c.n.Add(1))
	c.mu.Lock()
	c.textsSent[text] = true
	c.mu.Unlock()
	var made struct{ ID int64 }
	body := strings.NewReader(fmt.Sprintf(`{"receiver":%d,"content":%q}`, c.userID, text))
	if !c.post(base+"/api/messages/", "application/json", body, &made) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.textsAcked[made.ID] = text
	return true
}

// post reports whether the server acknowledged with 201 and a whole body. A
// server that is gone has not.
func (c *crash) post(url, contentType string, body io.Reader, made any) bool {
	req, err := http.NewRequest(http.MethodPost, url, body)
	if err != nil {
		c.t.Error(err)
		return false
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Token "+c.key)
	resp, err := httpClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return false
	}
	if resp.StatusCode != http.StatusCreated {
		if c.excuse != nil && c.excuse(resp) {
			return false
		}
		c.t.Errorf("%s answered %d: %s", url, resp.StatusCode, answer)
		return false
	}
	return json.Unmarshal(answer, made) == nil
}

// check starts the server once more and compares.
func (c *crash) check() {
	p := startProcess(c.t, c.database, c.dir)
	c.checkSongs(p.base)
	c.checkMessages(p.base)
	staging := filepath.Join(c.dir, "media", "staging")
	// The cleaning runs at start and then every second here.
	for deadline := time.Now().Add(20 * time.Second); len(filesBelow(c.t, staging)) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Errorf("left in the staging folder: %v", filesBelow(c.t, staging))
			break
		}
	}
	p.stop()
	if len(c.songsAcked) < 50 || len(c.textsAcked) < 500 {
		c.t.Errorf("only %d songs and %d messages were acknowledged: the test kills too early", len(c.songsAcked), len(c.textsAcked))
	}
}

func (c *crash) checkSongs(base string) {
	type song struct {
		ID       int64
		Title    string
		Audio    string `json:"audio_url"`
		Image    string `json:"image_url"`
		Duration int
	}
	seen := map[int64]bool{}
	for next := base + "/api/songs/"; next != ""; {
		var page struct {
			Next    string
			Results []song
		}
		c.get(next, &page)
		for _, s := range page.Results {
			seen[s.ID] = true
			sum := sha256.Sum256(c.download(s.Audio))
			if got, want := hex.EncodeToString(sum[:]), c.songsSent[s.Title]; got != want {
				c.t.Errorf("song %d, %q: the audio has the hash %s, sent was %s", s.ID, s.Title, got, want)
			}
			if !bytes.Equal(c.download(s.Image), tinyPNG()) {
				c.t.Errorf("song %d, %q: the image is not the one that was sent", s.ID, s.Title)
			}
			if s.Duration == 0 {
				c.t.Errorf("song %d, %q has no duration", s.ID, s.Title)
			}
			if title, ok := c.songsAcked[s.ID]; ok && title != s.Title {
				c.t.Errorf("song %d is %q, acknowledged was %q", s.ID, s.Title, title)
			}
		}
		next = page.Next
	}
	for id, title := range c.songsAcked {
		if !seen[id] {
			c.t.Errorf("song %d, %q was acknowledged and is not there", id, title)
		}
	}
}

func (c *crash) checkMessages(base string) {
	there, contents := map[int64]string{}, map[string]bool{}
	for next := base + "/api/messages/"; next != ""; {
		var page struct {
			Next    string
			Results []struct {
				ID      int64
				Content string
			}
		}
		c.get(next, &page)
		for _, m := range page.Results {
			there[m.ID] = m.Content
			if contents[m.Content] || !c.textsSent[m.Content] {
				c.t.Errorf("message %d, %q is there twice or was never sent", m.ID, m.Content)
			}
			contents[m.Content] = true
		}
		next = page.Next
	}
	for id, text := range c.textsAcked {
		if there[id] != text {
			c.t.Errorf("message %d, %q was acknowledged; there is %q", id, text, there[id])
		}
	}
}

func (c *crash) get(url string, into any) {
	c.t.Helper()
	if err := json.Unmarshal(c.download(url), into); err != nil {
		c.t.Fatalf("%s: %v", url, err)
	}
}

func (c *crash) download(url string) []byte {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Token "+c.key)
	resp, err := httpClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		c.t.Fatalf("%s answered %d, %v: %.200s", url, resp.StatusCode, err, body)
	}
	return body
}

// uniqueMP3 is some seconds of noise that no other call returns: MPEG-1 layer
// III frames of 128 kbit/s at 44.1 kHz.
func uniqueMP3() []byte {
	const frame = 417
	out := make([]byte, frame*300)
	for i := range out {
		out[i] = byte(rand.Uint32()) & 0x7f // no byte of a sync word
	}
	for at := 0; at < len(out); at += frame {
		copy(out[at:], "\xff\xfb\x90\x00")
	}
	return out
}

func tinyPNG() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))) // to memory
	return b.Bytes()
}
