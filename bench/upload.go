package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
)

// uploadSize is the greatest audio file that the server takes, in bytes.
const uploadSize = 200 << 20

// uploadSong sends a song of just under 200 MiB to the Node dialect, as the
// admin, without ever holding it in memory.
func uploadSong(ctx context.Context, addr string) error {
	var cover bytes.Buffer
	if err := png.Encode(&cover, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		return err
	}
	// The form is made with a mark where the audio goes, and sent around it.
	const mark = "<audio>"
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	fields := []struct{ name, value string }{{"title", "Long"}, {"artist", "Bench"}, {"duration", "13000"}}
	for _, f := range fields {
		if err := w.WriteField(f.name, f.value); err != nil {
			return err
		}
	}
	files := []struct {
		name, file string
		content    []byte
	}{{"imageFile", "cover.png", cover.Bytes()}, {"audioFile", "long.mp3", []byte(mark)}}
	for _, f := range files {
		part, err := w.CreateFormFile(f.name, f.file)
		if err != nil {
			return err
		}
		if _, err := part.Write(f.content); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	before, after, _ := bytes.Cut(form.Bytes(), []byte(mark))

	frames := int64(uploadSize / len(silentFrame()))
	audio := &repeated{content: silentFrame(), left: frames * int64(len(silentFrame()))}
	length := int64(len(before)) + audio.left + int64(len(after))
	body := io.MultiReader(bytes.NewReader(before), audio, bytes.NewReader(after))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/api/admin/songs", body)
	if err != nil {
		return err
	}
	r.ContentLength = length
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+adminKey)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusCreated {
		err = fmt.Errorf("the upload was answered %s: %.300s", answer.Status, text)
	}
	return err
}

// silentFrame returns a frame of MPEG-1 Layer III (ISO/IEC 11172-3, 2.4.1): at
// 128 kbit/s and 44,100 Hz it is 417 bytes long, and silent if all is zero
// after its header.
func silentFrame() []byte {
	const length = 144 * 128_000 / 44_100
	return append([]byte{0xff, 0xfb, 0x90, 0xc4}, make([]byte, length-4)...)
}

// repeated reads as the content again and again.
type repeated struct {
	content []byte
	at      int
	left    int64
}

// Read implements io.Reader.
func (r *repeated) Read(p []byte) (n int, err error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), r.left)]
	for n < len(p) {
		copied := copy(p[n:], r.content[r.at:])
		n += copied
		r.at = (r.at + copied) % len(r.content)
	}
	r.left -= int64(n)
	return n, nil
}
