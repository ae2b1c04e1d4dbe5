package django

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// database is the origin of a live database, all of which is read in one
// transaction that sees one moment and can write nothing.
type database struct {
	conn    *pgx.Conn
	label   string // without a password
	columns [models][]string
	others  []string // tables
}

// OpenDatabase connects to the reference's PostgreSQL database, of a URL such as
// postgres://reader@db.example.org/spotify. Errors: Invalid for a URL that is
// none, or a database of another application; Unavailable if there is no
// connection.
func OpenDatabase(ctx context.Context, url string, o Options) (*Source, error) {
	if !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		return nil, errs.New(errs.Invalid, "database: the Django reference's must be a URL that begins with postgres://")
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errs.New(errs.Invalid, "database: %v", err) // it leaves out the password
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, &errs.Error{Kind: errs.Unavailable, Message: "database: no connection to " + config.Host, Err: err}
	}
	d := &database{conn: conn, label: "database " + config.Database}
	if err := d.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", d.label, err), d.Close())
	}
	return newSource(ctx, d, o)
}

// begin begins the transaction, in which values are written in one way whatever
// the server's settings, and looks which tables there are.
func (d *database) begin(ctx context.Context) error {
	for _, statement := range []string{
		`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`,
		`SET LOCAL client_encoding = 'UTF8'`,
		`SET LOCAL DateStyle = 'ISO, YMD'`,
		`SET LOCAL TimeZone = 'UTC'`,
		`SET LOCAL statement_timeout = 0`,
		// Files may be copied for hours between two tables.
		`SET LOCAL idle_in_transaction_session_timeout = 0`,
	} {
		if _, err := d.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	rows, err := d.conn.Query(ctx, `SELECT c.relname, a.attname FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) ORDER BY c.relname, a.attnum`)
	if err != nil {
		return err
	}
	var table, column, last string
	_, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		if m, ours := modelOfTable(table); ours {
			d.columns[m] = append(d.columns[m], column)
		} else if table != last {
			d.others = append(d.others, table)
		}
		last = table
		return nil
	})
	return err
}

// Close ends the transaction and the connection.
func (d *database) Close() error { return d.conn.Close(context.Background()) }

func (d *database) name() string { return d.label }

func (d *database) has(m model) bool { return d.columns[m] != nil }

func (d *database) count(ctx context.Context, m model) (n int64, err error) {
	if !d.has(m) {
		return 0, nil
	}
	return d.countTable(ctx, tableNames[m])
}

func (d *database) countTable(ctx context.Context, table string) (n int64, err error) {
	return n, d.conn.QueryRow(ctx, `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize()).Scan(&n)
}

func (d *database) strangers(ctx context.Context) ([]stranger, []transfer.Problem, error) {
	list := make([]stranger, 0, len(d.others))
	for _, table := range d.others {
		n := int64(-1)
		if !isMachinery(table) {
			var err error
			if n, err = d.countTable(ctx, table); err != nil {
				return nil, nil, err
			}
		}
		list = append(list, stranger{table, n})
	}
	return list, nil, nil
}

// copyBuffer is how many bytes of rows are on their way at once.
const copyBuffer = 128 << 10

// each reads a table with COPY, several times as fast as with a query. An error
// of do ends the connection with the COPY: nothing more is read after one.
func (d *database) each(ctx context.Context, m model, do func(*row) error, problem func(transfer.Problem)) error {
	if !d.has(m) {
		return nil
	}
	columns := make([]string, len(d.columns[m]))
	for i, name := range d.columns[m] {
		columns[i] = pgx.Identifier{name}.Sanitize()
	}
	key := "id"
	if m == tokens {
		key = "created"
	}
	statement := fmt.Sprintf(`COPY (SELECT %s FROM %s ORDER BY %s) TO STDOUT`,
		strings.Join(columns, ", "), pgx.Identifier{tableNames[m]}.Sanitize(), key)
	from, to := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		buffered := bufio.NewWriterSize(to, copyBuffer)
		_, err := d.conn.PgConn().CopyTo(ctx, buffered, statement)
		if err == nil {
			err = buffered.Flush()
		}
		_ = to.CloseWithError(err) // it never fails
		sent <- err
	}()
	rows := copied{Input: dump.Read(from, tableNames[m]), place: func(row, _ int64) transfer.Place {
		return transfer.Place{File: tableNames[m], Offset: -1, Row: row}
	}}
	err := rows.each(ctx, d.columns[m], do, problem)
	_ = from.CloseWithError(errStopped) // it never fails
	if wrong := <-sent; wrong != nil && !errors.Is(wrong, errStopped) && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", d.label, wrong)
	}
	return err
}

// errStopped ends a COPY of which no more is wanted.
var errStopped = errors.New("no more is wanted")
