package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// reader reads an archive from its beginning to its end, and believes nothing.
type reader struct {
	file     *os.File
	zstd     *zstd.Decoder
	tar      *tar.Reader
	name     string // of the file
	entry    string // that is being read
	Header   Header
	contents contentList
}

// openArchive opens an archive, and reads its header. The caller closes it.
func openArchive(path string) (*reader, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "%s does not exist", path)
	}
	if err != nil {
		return nil, err
	}
	unpacked, err := zstd.NewReader(bufio.NewReaderSize(f, 1<<20), zstd.WithDecoderMaxWindow(64<<20), zstd.WithDecoderMaxMemory(128<<20))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r := &reader{file: f, zstd: unpacked, tar: tar.NewReader(unpacked), name: filepath.Base(path), entry: headerEntry}
	if err := r.header(); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// close closes the file, which was only read.
func (r *reader) close() {
	r.zstd.Close()
	_ = r.file.Close()
}

// damaged is the error of an archive that is not what it should be.
func (r *reader) damaged(format string, args ...any) error {
	return errs.New(errs.Invalid, "%s, %s: %s", r.name, r.entry, fmt.Sprintf(format, args...))
}

func (r *reader) next() (*tar.Header, error) {
	h, err := r.tar.Next()
	if err == io.EOF {
		return nil, r.damaged("the archive ends after this")
	}
	if err != nil {
		return nil, r.damaged("what follows is damaged: %v", err)
	}
	r.entry = h.Name
	if h.Typeflag != tar.TypeReg || h.Size < 0 {
		return nil, r.damaged("this is no file")
	}
	return h, nil
}

// read reads an entry of limited size.
func (r *reader) read(h *tar.Header, most int64) ([]byte, error) {
	if h.Size > most {
		return nil, r.damaged("%d bytes are over the limit of %d", h.Size, most)
	}
	return io.ReadAll(io.LimitReader(entryReader{r}, most))
}

// entryReader reads an entry, and says which it was if it is damaged.
type entryReader struct{ r *reader }

func (e entryReader) Read(b []byte) (int, error) {
	n, err := e.r.tar.Read(b)
	if err != nil && err != io.EOF {
		err = e.r.damaged("%v", err)
	}
	return n, err
}

func (r *reader) header() error {
	h, err := r.tar.Next()
	if err != nil || h.Name != headerEntry || h.Typeflag != tar.TypeReg {
		return errs.New(errs.Invalid, "%s is no archive of antiphon's", r.name)
	}
	text, err := r.read(h, maxHeader)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &r.Header); err != nil {
		return r.damaged("%v", err)
	}
	if err := r.Header.check(); err != nil {
		return r.damaged("%v", err)
	}
	r.contents.bases = r.Header.Bases
	return nil
}

// visitor is told what is in an archive, in its order.
type visitor struct {
	table   func(t Table) error                       // whose rows follow
	row     func(t Table, row []any) error            // which is the visitor's
	rows    func(t Table) error                       // there were no more
	list    func() error                              // contents is whole
	content func(key media.Key, from io.Reader) error // may read from, or not
}

// walk reads all that comes after the header, compares it with the end, and
// returns what there was.
func (r *reader) walk(v visitor) (s Summary, err error) {
	s.Header = r.Header
	var sums []tableSum
	h, err := r.next()
	for _, t := range r.Header.Tables {
		if err != nil {
			return s, err
		}
		var sum tableSum
		if h, sum, err = r.table(h, t, v); err != nil {
			return s, err
		}
		s.Rows += sum.Rows
		sums = append(sums, sum)
	}
	if err == nil {
		h, err = r.list(h)
	}
	if err == nil && v.list != nil {
		err = v.list()
	}
	if err != nil {
		return s, err
	}
	found, damaged := make([]bool, len(r.contents.list)), map[media.Key]bool{}
	for strings.HasPrefix(h.Name, blobPrefix) {
		if err := r.content(h, v, &s, found, damaged); err != nil {
			return s, err
		}
		if h, err = r.next(); err != nil {
			return s, err
		}
	}
	if err := r.end(h, sums, found, damaged, &s); err != nil {
		return s, err
	}
	if info, err := r.file.Stat(); err == nil {
		s.Size = info.Size()
	}
	return s, nil
}

// table reads the parts of a table, and returns the entry behind them.
func (r *reader) table(h *tar.Header, t Table, v visitor) (*tar.Header, tableSum, error) {
	var total sum
	if v.table != nil {
		if err := v.table(t); err != nil {
			return nil, tableSum{}, err
		}
	}
	prefix := tablePrefix + t.Name + "/"
	h, err := r.parts(h, prefix, func(line []byte) error {
		total.add(line)
		row, err := parseLine(t, line)
		if err != nil {
			return r.damaged("%v", err)
		}
		if v.row == nil {
			return nil
		}
		return v.row(t, row)
	})
	if err == nil && v.rows != nil {
		err = v.rows(t)
	}
	return h, tableSum{t.Name, total.rows, total.String()}, err
}

// parts calls do with each line of the entries of a prefix, with its end, and
// returns the entry behind them.
func (r *reader) parts(h *tar.Header, prefix string, do func(line []byte) error) (*tar.Header, error) {
	for n := 1; strings.HasPrefix(h.Name, prefix); n++ {
		if h.Name != partName(prefix, n) {
			return nil, r.damaged("here should be %s", partName(prefix, n))
		}
		content, err := r.read(h, maxPart)
		if err != nil {
			return nil, err
		}
		for len(content) > 0 {
			at := bytes.IndexByte(content, '\n') + 1
			if at == 0 {
				return nil, r.damaged("the last line does not end")
			}
			if err := do(content[:at]); err != nil {
				return nil, err
			}
			content = content[at:]
		}
		if h, err = r.next(); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// list reads which contents there are.
func (r *reader) list(h *tar.Header) (*tar.Header, error) {
	return r.parts(h, listPrefix, func(line []byte) error {
		var c Listed
		if err := json.Unmarshal(line, &c); err != nil {
			return r.damaged("%v", err)
		}
		if !c.Key.Valid() || c.Size < 0 || c.Size > maxContent || len(r.contents.list) == maxListed || !r.contents.add(c) {
			return r.damaged("%.80q is no content, in no known archive, or out of order", c.Key)
		}
		return nil
	})
}

// content reads a content, and notes whether it is what its key says.
func (r *reader) content(h *tar.Header, v visitor, s *Summary, found []bool, damaged map[media.Key]bool) error {
	key := media.Key(strings.TrimPrefix(h.Name, blobPrefix))
	at, ok := r.contents.find(key)
	if !key.Valid() || !ok || found[at] || r.contents.list[at].in != 0 {
		return r.damaged("this is no content of the list, or comes again")
	}
	found[at] = true
	hash := sha256.New()
	from := io.TeeReader(entryReader{r}, hash)
	if v.content != nil {
		if err := v.content(key, from); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, from); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != string(key) {
		damaged[key] = true
		return nil
	}
	s.Contents++
	s.Bytes += h.Size
	return nil
}

// end reads the end, and compares all that was read with it.
func (r *reader) end(h *tar.Header, sums []tableSum, found []bool, damaged map[media.Key]bool, s *Summary) error {
	if h.Name != endEntry {
		return r.damaged("this entry does not belong here")
	}
	text, err := r.read(h, maxPart)
	if err != nil {
		return err
	}
	var e end
	if err := json.Unmarshal(text, &e); err != nil {
		return r.damaged("%v", err)
	}
	if !slices.Equal(e.Tables, sums) {
		return r.damaged("the tables are %v, and should be %v", sums, e.Tables)
	}
	lost := map[media.Key]bool{}
	for _, key := range e.Lost {
		lost[key] = true
	}
	for i, c := range r.contents.list {
		key := c.key()
		switch {
		case c.in != 0:
			s.Earlier++
		case r.Header.Media && !lost[key] && (!found[i] || damaged[key]):
			return r.damaged("the content %s is missing or damaged", key)
		}
	}
	s.Lost = e.Lost
	if _, err := r.tar.Next(); err != io.EOF {
		return r.damaged("something follows the end")
	}
	// What is behind the end of tar, and the checksum of zstd.
	if n, err := io.Copy(io.Discard, io.LimitReader(r.zstd, 1<<20)); err != nil {
		return r.damaged("%v", err)
	} else if n == 1<<20 {
		return r.damaged("something follows the end")
	}
	return nil
}

// Verify reads an archive whole, and compares everything in it with its checksums.
// It does not look into its bases. Errors: NotFound if there is no such file,
// Invalid with the entry that is damaged. The progress is told in rows; nil tells
// nobody.
func Verify(path string, tell func(Progress)) (Summary, error) {
	r, err := openArchive(path)
	if err != nil {
		return Summary{}, err
	}
	defer r.close()
	return r.check("reading back", tell)
}

// check reads all of an archive.
func (r *reader) check(what string, tell func(Progress)) (Summary, error) {
	told := &telling{tell: tell, Progress: Progress{What: what, Total: -1}}
	defer told.end()
	return r.walk(visitor{row: func(Table, []any) error {
		told.more()
		return nil
	}})
}
