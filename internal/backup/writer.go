package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// writer writes an archive.
type writer struct {
	zstd *zstd.Encoder
	tar  *tar.Writer
	head Header
	part []byte // that is being filled
	end  end
}

func newWriter(to io.Writer, head Header) (*writer, error) {
	packed, err := zstd.NewWriter(to, zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, err
	}
	w := &writer{zstd: packed, tar: tar.NewWriter(packed), head: head}
	return w, w.document(headerEntry, head)
}

// document writes an entry of one document of JSON.
func (w *writer) document(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.entry(name, append(text, '\n'))
}

func (w *writer) entry(name string, content []byte) error {
	if err := w.header(name, int64(len(content))); err != nil {
		return err
	}
	_, err := w.tar.Write(content)
	return err
}

func (w *writer) header(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.head.Created, Format: tar.FormatPAX})
}

// parts collects the lines of a table or the list into entries.
type parts struct {
	w      *writer
	prefix string
	n      int
}

func (p *parts) add(line []byte) error {
	p.w.part = append(p.w.part, line...)
	if len(p.w.part) < partSize {
		return nil
	}
	return p.flush()
}

func (p *parts) flush() error {
	if len(p.w.part) == 0 {
		return nil
	}
	p.n++
	err := p.w.entry(partName(p.prefix, p.n), p.w.part)
	p.w.part = p.w.part[:0]
	return err
}

// table writes the rows of a table.
func (w *writer) table(ctx context.Context, from Snapshot, t Table, tell func(Progress)) error {
	total, err := from.Count(ctx, t)
	if err != nil {
		return err
	}
	told := &telling{tell: tell, Progress: Progress{What: t.Name, Total: total}}
	lines, to := newLines(), &parts{w: w, prefix: tablePrefix + t.Name + "/"}
	var s sum
	err = from.Each(ctx, t, func(row []any) error {
		line, err := lines.line(row)
		if err != nil {
			return err
		}
		s.add(line)
		told.more()
		return to.add(line)
	})
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	told.end()
	w.end.Tables = append(w.end.Tables, tableSum{t.Name, s.rows, s.String()})
	return to.flush()
}

// list writes which contents there are.
func (w *writer) list(contents *contentList) error {
	to := &parts{w: w, prefix: listPrefix}
	for i := range contents.list {
		line, err := json.Marshal(contents.listed(i))
		if err != nil {
			return err
		}
		if err := to.add(append(line, '\n')); err != nil {
			return err
		}
	}
	return to.flush()
}

// content writes a content. One that is missing or damaged where it is stored is
// noted, and is no error.
func (w *writer) content(ctx context.Context, from media.Blobs, key media.Key) error {
	blob, info, err := from.Open(ctx, key)
	if errs.Is(err, errs.NotFound) {
		w.end.Lost = append(w.end.Lost, key)
		return nil
	}
	if err != nil {
		return err
	}
	hash := sha256.New()
	if err = w.header(blobPrefix+string(key), info.Size); err == nil {
		_, err = io.CopyN(io.MultiWriter(w.tar, hash), blob, info.Size)
	}
	if err = errors.Join(err, blob.Close()); err != nil {
		return fmt.Errorf("content %s: %w", key, err)
	}
	if hex.EncodeToString(hash.Sum(nil)) != string(key) {
		w.end.Lost = append(w.end.Lost, key)
	}
	return ctx.Err()
}

// close writes the end of the archive.
func (w *writer) close() error {
	if err := w.document(endEntry, w.end); err != nil {
		return err
	}
	return errors.Join(w.tar.Close(), w.zstd.Close())
}
