package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"github.com/antiphon-music/antiphon/internal/store"
)

// dataset is how much there is of everything. Every album has ten songs, every
// conversation fifty messages.
type dataset struct{ albums, users, messages int }

var (
	small = dataset{albums: 100, users: 500, messages: 20_000}
	large = dataset{albums: 100_000, users: 5_000, messages: 5_000_000}
)

const (
	albumSongs           = 10
	conversationMessages = 50
	// readerPartners is how many people the reader talks with, however large
	// the dataset is: what he asks for is the same then, and only what it is
	// found among differs.
	readerPartners = 40
)

func (d dataset) songs() int { return d.albums * albumSongs }

// The two users that sign in: the reader is the first, the admin the second.
const (
	readerKey = "1111111111111111111111111111111111111111"
	adminKey  = "2222222222222222222222222222222222222222"
)

// albumOID returns the id of an album in the Node dialect. Such ids are made of
// decimal digits, which are hexadecimal as well, so that one expression makes
// them on both engines: see oidOf.
func albumOID(id int) string { return fmt.Sprintf("6500000000a1%012d", id) }

// partner returns the external id of the reader's n-th partner, from 0.
func partner(n int) string { return fmt.Sprintf("user_%d", 3+n) }

// seed fills an empty database of an engine.
func seed(ctx context.Context, url string, d dataset) error {
	if err := migrate(ctx, url); err != nil {
		return err
	}
	db, err := openSQL(url)
	if err != nil {
		return err
	}
	err = insert(ctx, db, d, isPostgres(url))
	if err == nil && isPostgres(url) {
		// What autovacuum does within minutes.
		_, err = db.ExecContext(ctx, `VACUUM ANALYZE`)
	}
	return errors.Join(err, db.Close())
}

// insert writes the dataset in one transaction.
func insert(ctx context.Context, db *sql.DB, d dataset, postgres bool) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	statements := d.statements()
	if postgres {
		drop, add, err := foreignKeys(ctx, tx)
		if err != nil {
			return err
		}
		statements = slices.Concat(drop, statements, add)
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("seed: %w: %.60s", err, s)
		}
	}
	return tx.Commit()
}

// foreignKeys returns the statements that drop PostgreSQL's foreign keys and
// those that put them back: they are checked in one go then, and not row by
// row, which takes half of the time.
func foreignKeys(ctx context.Context, tx *sql.Tx) (drop, add []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
		FROM pg_constraint WHERE contype = 'f'`)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var table, name, definition string
		if err := rows.Scan(&table, &name, &definition); err != nil {
			return nil, nil, err
		}
		drop = append(drop, `ALTER TABLE `+table+` DROP CONSTRAINT `+name)
		add = append(add, `ALTER TABLE `+table+` ADD CONSTRAINT `+name+` `+definition)
	}
	return drop, add, rows.Err()
}

func migrate(ctx context.Context, url string) error {
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
}

func openSQL(url string) (*sql.DB, error) {
	if isPostgres(url) {
		return sql.Open("pgx", url)
	}
	return sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
}

func isPostgres(url string) bool { return strings.HasPrefix(url, "postgres:") }

// statements returns what makes the rows, in SQL that both engines take: the
// rows are made where they are stored, which is far quicker than to send them.
func (d dataset) statements() []string {
	return []string{
		numbers(1, d.users) + `INSERT INTO users
			(oid, external_id, email, email_folded, verified, full_name, image, password, active, admin, created_at, updated_at)
			SELECT ` + oidOf("6500000000c3") + `, 'user_' || i, 'user' || i || '@example.com', 'user' || i || '@example.com', TRUE,
				'Person Number ' || i, 'user_images/portrait_' || i || '.jpg', '!', TRUE, i = 2, ` + timeOf(0) + `, ` + timeOf(0) + ` FROM n`,

		fmt.Sprintf(`INSERT INTO tokens (user_id, hash, label, created_at) VALUES (1, '%s', 'bench', 0), (2, '%s', 'bench', 0)`,
			hashOf(readerKey), hashOf(adminKey)),

		numbers(1, d.albums) + `INSERT INTO albums (oid, title, artist, image, release_year, created_at, updated_at)
			SELECT ` + oidOf("6500000000a1") + `, 'Album Number ' || i, 'Artist ' || (i % 1000), 'album_images/cover_' || i || '.jpg',
				1960 + i % 60, ` + timeOf(1) + `, ` + timeOf(1) + ` FROM n`,

		numbers(1, d.songs()) + fmt.Sprintf(`INSERT INTO songs
			(oid, title, artist, image, audio, duration, album_id, album_position, created_at, updated_at)
			SELECT `+oidOf("6500000000b2")+`, 'Song Number ' || i, 'Artist ' || ((i + %[1]d - 1) / %[1]d %% 1000),
				'song_images/cover_' || i || '.jpg', 'songs/track_' || i || '.mp3',
				120 + i %% 240, (i + %[1]d - 1) / %[1]d, (i - 1) %% %[1]d + 1, %[2]s, %[2]s FROM n`, albumSongs, timeOf(2)),

		d.insertMessages(),
	}
}

// insertMessages writes in bursts of ten messages that go through all pairs of
// users in turn, so that a conversation lies in five places of the table. The
// first pairs are the reader's, the others are each user with the next ones.
func (d dataset) insertMessages() string {
	const burst = 10
	pairs := d.messages / conversationMessages
	others := d.users - 1 // all but the reader
	return numbers(0, d.messages-1) + fmt.Sprintf(`,
		placed(i, p) AS (SELECT i, i / %[1]d %% %[2]d FROM n),
		pairs(i, a, b) AS (SELECT i,
			CASE WHEN p < %[3]d THEN 1 ELSE 2 + (p - %[3]d) %% %[4]d END,
			CASE WHEN p < %[3]d THEN 3 + p ELSE 2 + ((p - %[3]d) %% %[4]d + 1 + (p - %[3]d) / %[4]d) %% %[4]d END
			FROM placed)
		INSERT INTO messages (oid, sender_id, receiver_id, content, created_at, updated_at)
			SELECT `+oidOf("6500000000d4")+`, CASE WHEN i %% 2 = 0 THEN a ELSE b END, CASE WHEN i %% 2 = 0 THEN b ELSE a END,
				'Message number ' || i || ' about the song that we heard together', %[5]s, %[5]s FROM pairs`,
		burst, pairs, readerPartners, others, timeOf(3))
}

// numbers begins a statement that reads n(i), the numbers from first to last.
func numbers(first, last int) string {
	return fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, first, last)
}

// oidOf returns the expression of an id of 24 digits: the prefix and i in
// twelve digits.
func oidOf(prefix string) string {
	return `'` + prefix + `' || substr(CAST(1000000000000 + i AS TEXT), 2)`
}

// timeOf returns the expression of a time that rises with i, in microseconds:
// one every second, from a day of 2024 on.
func timeOf(day int) string {
	const start, second = 1_704_067_200_000_000, 1_000_000
	return fmt.Sprintf(`%d + CAST(i AS BIGINT) * %d + i %% 1000 * 1000`, start+day*86_400*second, second)
}

// hashOf returns the form in which a token's key is stored.
func hashOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
