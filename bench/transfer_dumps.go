package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// A dump is what a user has: a file, which the command reads.
type dump struct {
	name  string // what is measured
	args  []string
	write func(l library, dir string) error
}

// dumps are written into a folder called dump, where the commands run.
var dumps = []dump{
	{"transfer/from mongodump", []string{"import", "node", "--mongo", "dump", "--media", "keep"}, library.writeMongo},
	{"transfer/from pg_dump", []string{"import", "django", "--dump", "dump/library.sql"}, library.writeDjango},
}

// measureDumps runs the commands that import dumps of the library, each into an
// empty database of each engine.
func (b *bench) measureDumps(ctx context.Context, src library) error {
	for _, d := range dumps {
		if !b.wanted(d.name) {
			continue
		}
		b.say("%s: writing %d records", d.name, src.records())
		dir := filepath.Join(b.scratch, "dump")
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return err
		}
		if err := d.write(src, dir); err != nil {
			return err
		}
		for _, engine := range b.engines {
			b.say("%s, %s", d.name, engine)
			if err := b.measureDump(ctx, d, engine, src); err != nil {
				return err
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureDump(ctx context.Context, d dump, engine string, src library) error {
	url, err := b.database(engine)
	if err != nil {
		return err
	}
	ran, err := b.runCommand(ctx, url, d.args...)
	if err != nil {
		return err
	}
	if !strings.Contains(ran.said, "Everything was read back") {
		return fmt.Errorf("the import said %s", ran.said)
	}
	b.reportCommand(d.name, engine, ran, src, leastTransferred[engine], mostForTransfer)
	return nil
}

// writeTo calls do with a buffer of a file.
func writeTo(path string, do func(w *bufio.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(do(w), w.Flush(), f.Close())
}

// writeMongo writes the library as mongodump does.
func (l library) writeMongo(dir string) error {
	for kind := range transfer.Messages + 1 {
		err := writeTo(filepath.Join(dir, kind.String()+".bson"), func(w *bufio.Writer) error {
			return l.Each(context.Background(), kind, func(record any) error {
				document, err := bson.Marshal(documentOf(record))
				if err == nil {
					_, err = w.Write(document)
				}
				return err
			}, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// documentOf is a record as Mongoose stores it.
func documentOf(record any) bson.D {
	id := func(of oid.ID) bson.ObjectID {
		parsed, _ := bson.ObjectIDFromHex(string(of)) // the library's are right
		return parsed
	}
	dates := func(d bson.D, created, updated time.Time) bson.D {
		return append(d, bson.E{Key: "createdAt", Value: created}, bson.E{Key: "updatedAt", Value: updated}, bson.E{Key: "__v", Value: int32(0)})
	}
	switch r := record.(type) {
	case *transfer.User:
		return dates(bson.D{{Key: "_id", Value: id(r.OID)}, {Key: "fullName", Value: r.FullName}, {Key: "imageUrl", Value: r.Image}, {Key: "clerkId", Value: r.ExternalID}}, r.Joined, r.Updated)
	case *transfer.Album:
		songs := make(bson.A, len(r.Songs))
		for i, s := range r.Songs {
			songs[i] = id(s)
		}
		return dates(bson.D{
			{Key: "_id", Value: id(r.OID)}, {Key: "title", Value: r.Title}, {Key: "artist", Value: r.Artist}, {Key: "imageUrl", Value: r.Image},
			{Key: "releaseYear", Value: int32(r.ReleaseYear)}, {Key: "songs", Value: songs},
		}, r.Created, r.Updated)
	case *transfer.Song:
		return dates(bson.D{
			{Key: "_id", Value: id(r.OID)}, {Key: "title", Value: r.Title}, {Key: "artist", Value: r.Artist}, {Key: "imageUrl", Value: r.Image},
			{Key: "audioUrl", Value: r.Audio}, {Key: "duration", Value: int32(r.Duration)}, {Key: "albumId", Value: id(r.Album.OID)},
		}, r.Created, r.Updated)
	case *transfer.Message:
		return dates(bson.D{
			{Key: "_id", Value: id(r.OID)}, {Key: "senderId", Value: r.Sender.External}, {Key: "receiverId", Value: r.Receiver.External}, {Key: "content", Value: r.Content},
		}, r.Created, r.Updated)
	}
	return nil
}

// writeDjango writes the library as pg_dump does the Django reference's: people,
// albums and songs have numbers, and no text has a character to be escaped.
func (l library) writeDjango(dir string) error {
	return writeTo(filepath.Join(dir, "library.sql"), func(w *bufio.Writer) error {
		for kind, columns := range map[transfer.Kind]string{
			transfer.Users:    "id, password, last_login, is_superuser, username, is_staff, is_active, date_joined, email, full_name, image_url",
			transfer.Albums:   "id, title, artist, image_url, release_year, created_at, updated_at",
			transfer.Songs:    "id, title, artist, image_url, audio_url, duration, created_at, updated_at, album_id",
			transfer.Messages: "id, content, created_at, updated_at, receiver_id, sender_id",
		} {
			if _, err := fmt.Fprintf(w, "COPY public.%s (%s) FROM stdin;\n", kind, columns); err != nil {
				return err
			}
			n := int64(0)
			err := l.Each(context.Background(), kind, func(record any) error {
				n++
				return writeCopied(w, record, n)
			}, nil)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(w, "\\.\n\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeCopied writes a record as a row of COPY.
func writeCopied(w io.Writer, record any, n int64) (err error) {
	const layout = "2006-01-02 15:04:05.999999+00"
	switch r := record.(type) {
	case *transfer.User:
		at := r.Joined.Format(layout)
		_, err = fmt.Fprintf(w, "%d\tpbkdf2_sha256$260000$abcdefghijklmnopqrstuv$a9t5YaF1M91U63licr0rPGtczGzBVQcZa8dhAFhSJx4=\t\\N\tf\tuser%d\tf\tt\t%s\tperson%d@example.com\t%s\tusers/portrait_%d.jpg\n", n, n, at, n, r.FullName, n)
	case *transfer.Album:
		at := r.Created.Format(layout)
		_, err = fmt.Fprintf(w, "%d\t%s\t%s\talbums/cover_%d.jpg\t%g\t%s\t%s\n", n, r.Title, r.Artist, n, r.ReleaseYear, at, at)
	case *transfer.Song:
		at := r.Created.Format(layout)
		_, err = fmt.Fprintf(w, "%d\t%s\t%s\tsongs/images/cover_%d.jpg\tsongs/track_%d.mp3\t%g\t%s\t%s\t%d\n", n, r.Title, r.Artist, n, n, r.Duration, at, at, (n-1)/albumSongs+1)
	case *transfer.Message:
		at := r.Created.Format(layout)
		_, err = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\n", n, r.Content, at, at, clerkNumber(r.Receiver), clerkNumber(r.Sender))
	}
	return err
}

// clerkNumber returns the number of a user, from 1, of his external id.
func clerkNumber(r transfer.Ref) int {
	n, _ := strconv.Atoi(r.External[len(r.External)-8:]) // clerkID writes it there
	return n + 1
}
