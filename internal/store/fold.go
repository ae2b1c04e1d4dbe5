package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"golang.org/x/text/cases"
	sqlitedriver "modernc.org/sqlite"
)

// The function fold, which both engines have, writes a text in the form in
// which it is compared whatever its case, in any script. PostgreSQL has it from
// a migration; SQLite, whose own lower knows ASCII alone, has it from here.
func foldText(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return cases.Fold().String(s)
		}
	}
	return strings.ToLower(s)
}

// holding returns the pattern for LIKE … ESCAPE '\' of the texts that hold
// part somewhere. No character of part means anything but itself.
func holding(part string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(part) + "%"
}

// openSQLiteFile returns a pool of connections that know the function fold.
func openSQLiteFile(name string) (*sql.DB, error) {
	d := &sqlitedriver.Driver{} // of our own, so that nobody else's connections change
	err := d.RegisterDeterministicScalarFunction("fold", 1, func(_ *sqlitedriver.FunctionContext, args []driver.Value) (driver.Value, error) {
		switch v := args[0].(type) {
		case nil:
			return nil, nil
		case string:
			return foldText(v), nil
		default:
			return nil, fmt.Errorf("fold: wants a text, not %T", v)
		}
	})
	return sql.OpenDB(connector{d, name}), err
}

// connector opens connections of one driver to one file.
type connector struct {
	driver *sqlitedriver.Driver
	name   string
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.name) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }
