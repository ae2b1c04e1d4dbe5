package backup

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// An archive is a tar file packed with zstd (RFC 8878). Its entries come in this
// order:
//
//	antiphon.json                 the Header
//	tables/songs/000001.ndjson    rows, a line each, in parts; see row.go
//	media/list/000001.ndjson      all contents, a Listed each, in parts, by key
//	media/blobs/<key>             the contents that are in this archive, by key
//	end.json                      the end
//
// Format is the number of this form.
const Format = 1

const (
	headerEntry = "antiphon.json"
	endEntry    = "end.json"
	tablePrefix = "tables/"
	listPrefix  = "media/list/"
	blobPrefix  = "media/blobs/"
	partSuffix  = ".ndjson"
)

// Limits of what is read into memory at once, in bytes. A row has fields of at
// most some mebibytes.
const (
	partSize   = 1 << 20 // after which a part ends
	maxPart    = 80 << 20
	maxHeader  = 8 << 20
	maxTables  = 1000
	maxListed  = 100_000_000
	maxContent = 1 << 40
)

// Header is what an archive begins with.
type Header struct {
	Format     int       `json:"format"`
	ID         string    `json:"id"` // of the archive; random
	Created    time.Time `json:"created"`
	Program    string    `json:"program"` // its version
	Engine     string    `json:"engine"`  // of the database
	Migrations []string  `json:"migrations"`
	Tables     []Table   `json:"tables"`
	// Key is the master key with which secrets in the database are sealed, in
	// hexadecimal, if the data folder has it; KeyPrint tells one key from another.
	Key      string `json:"secret_key,omitempty"`
	KeyPrint string `json:"secret_key_print"`
	// Bases are the archives that have the contents which this one has not.
	Bases []Base `json:"bases,omitempty"`
	// Media says that contents are in the archive, or in its bases.
	Media bool `json:"media"`
}

// Base is another archive.
type Base struct {
	ID   string `json:"id"`
	Name string `json:"name"` // of its file
}

// Listed is a content of the list of an archive.
type Listed struct {
	Key  media.Key `json:"key"`
	Size int64     `json:"size"`         // bytes
	In   string    `json:"in,omitempty"` // the id of the base that has it; "" for this archive
}

// end is what an archive ends with.
type end struct {
	Tables []tableSum  `json:"tables"`
	Lost   []media.Key `json:"lost,omitempty"` // contents that were missing or damaged where they were stored
}

// tableSum is what the rows of a table come to.
type tableSum struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

// Summary says what an archive has.
type Summary struct {
	Header   Header
	Rows     int64
	Contents int64 // in this archive
	Bytes    int64 // of them
	Earlier  int64 // contents that its bases have
	Lost     []media.Key
	Size     int64 // of the file, in bytes
}

func partName(prefix string, n int) string { return fmt.Sprintf("%s%06d%s", prefix, n, partSuffix) }

// check refuses a header that cannot be one of this version's.
func (h *Header) check() error {
	if h.Format != Format {
		return errs.New(errs.Invalid, "the archive is of form %d, and this version knows %d", h.Format, Format)
	}
	names := map[string]bool{}
	for _, t := range h.Tables {
		if !isWord(t.Name) || names[t.Name] {
			return errs.New(errs.Invalid, "%q is no name of a table, or comes again", t.Name)
		}
		names[t.Name] = true
	}
	for _, b := range h.Bases {
		if b.Name != path.Base(b.Name) || strings.ContainsAny(b.Name, `/\`) || b.Name == "" || b.Name[0] == '.' {
			return errs.New(errs.Invalid, "%q is no name of an archive", b.Name)
		}
	}
	if h.ID == "" || len(h.Tables) == 0 || len(h.Tables) > maxTables {
		return errs.New(errs.Invalid, "the archive has no id, or no tables")
	}
	return nil
}

// isWord reports whether a name has no characters but letters, digits and "_".
func isWord(name string) bool {
	return name != "" && !slices.ContainsFunc([]byte(name), func(c byte) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z')
	})
}
