package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// postgresBulk copies rows by COPY.
type postgresBulk struct {
	t   *target
	put bool // the checks and triggers of messages are put off
}

func newPostgresBulk(t *target) *postgresBulk { return &postgresBulk{t: t} }

const (
	conversationKey = `messages_conversation_fkey`
	// As in the migration 0005.
	addConversationKey = `ALTER TABLE messages ADD CONSTRAINT ` + conversationKey + `
		FOREIGN KEY (low_id, high_id) REFERENCES conversations (low_id, high_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED`
)

// begin puts off what refers to conversations: to look up each message's takes
// longer than to store it. Until the commit nobody else sees messages; all other
// tables stay open to readers.
func (b *postgresBulk) begin(ctx context.Context, kind transfer.Kind, empty bool) error {
	if kind != transfer.Messages || !empty {
		return nil
	}
	b.put = true
	return b.run(ctx,
		`ALTER TABLE messages DROP CONSTRAINT `+conversationKey,
		`ALTER TABLE messages DISABLE TRIGGER USER`)
}

// end counts the messages, and looks at all references at once.
func (b *postgresBulk) end(ctx context.Context, kind transfer.Kind) error {
	if kind != transfer.Messages || !b.put {
		return nil
	}
	b.put = false
	return b.run(ctx, append(countAll(transfer.Messages), `ALTER TABLE messages ENABLE TRIGGER USER`, addConversationKey)...)
}

func (b *postgresBulk) run(ctx context.Context, texts ...string) error {
	for _, text := range texts {
		if _, err := b.t.s.db.exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (b *postgresBulk) insert(ctx context.Context, t *table, records []any) error {
	if err := b.run(ctx, `SAVEPOINT transferred`); err != nil {
		return err
	}
	err := b.t.conn.Raw(func(c any) error {
		return copyRows(ctx, c.(*stdlib.Conn).Conn(), t, records)
	})
	if err != nil {
		return errors.Join(err, b.run(ctx, `ROLLBACK TO transferred`, `RELEASE transferred`))
	}
	if t == tables[transfer.Messages] && !b.put {
		// The checks that wait for the commit would fill the server's memory.
		err = b.run(ctx, `SET CONSTRAINTS `+conversationKey+` IMMEDIATE`, `SET CONSTRAINTS `+conversationKey+` DEFERRED`)
	}
	return errors.Join(err, b.run(ctx, `RELEASE transferred`))
}

func (b *postgresBulk) last(ctx context.Context, table string) (last int64, err error) {
	err = b.t.s.db.queryRow(ctx, `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM `+table+`_id_seq`, nil, &last)
	return last, err
}

// finish has the sequences go on behind the greatest id that they did not give.
// They do so even if the transaction is undone, which leaves a gap and does no
// harm.
func (b *postgresBulk) finish(ctx context.Context) error {
	for _, kind := range [...]transfer.Kind{transfer.Users, transfer.Albums, transfer.Songs, transfer.Messages} {
		name := tables[kind].name
		err := b.run(ctx, `SELECT setval('`+name+`_id_seq', m.greatest) FROM (SELECT max(id) AS greatest FROM `+name+`) AS m, `+name+`_id_seq
			WHERE m.greatest > last_value OR m.greatest = last_value AND NOT is_called`)
		if err != nil {
			return err
		}
	}
	return nil
}

func isUniquePostgres(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505" // unique_violation
}
