package store

import "github.com/antiphon-music/antiphon/internal/panel"

// panelModel says where the panel reads a model from. Every text in it is SQL.
type panelModel struct {
	from    string // the table and its joins, which neither add rows nor take any away
	id      string
	label   string // what to call a row
	detail  string // what tells it from others of that label
	image   string
	created string // the time of its making
	columns []panelColumn
	order   panel.Order // of a query that names none, by an index
	total   string      // a SELECT of how many rows there are
	daily   string      // from, for the rows made from $1 on and before $2, where that is quicker
	related []panelRelation
}

// panelColumn is a column with its SQL.
type panelColumn struct {
	panel.Column
	value  string // of a Rel the id
	label  string // of a Rel
	search string // the texts that a search looks in
	in     string // the condition that a value is one of %[1]s; "" compares value
}

// panelRelation names the rows of another model that go with a row.
type panelRelation struct {
	model string
	field string // the column that refers to the row
	of    string // the one of %[1]s that a row goes with; "" is the column's value
}

const (
	emptyText = `''`
	// What is longer than a line is no name.
	messageLabel = `substr(m.content, 1, 100)`
)

// userLabel is what to call the user of an alias.
func userLabel(alias string) string {
	return `CASE WHEN ` + alias + `.full_name = '' THEN ` + alias + `.email ELSE ` + alias + `.full_name END`
}

func userSearch(alias string) string { return alias + `.full_name || ' ' || ` + alias + `.email` }

// A few columns that many models have, by their table's alias.

func idColumn(value string) panelColumn {
	return panelColumn{Column: panel.Column{Name: "id", Kind: panel.Int}, value: value}
}

func textColumn(name, value string) panelColumn {
	return panelColumn{Column: panel.Column{Name: name, Kind: panel.Text}, value: value}
}

// wordsColumn is a text that a search looks in.
func wordsColumn(name, value string) panelColumn {
	return panelColumn{Column: panel.Column{Name: name, Kind: panel.Text, Searchable: true}, value: value, search: value}
}

func timeColumn(name, value string) panelColumn {
	return panelColumn{Column: panel.Column{Name: name, Kind: panel.Time}, value: value}
}

func maybeTimeColumn(name, value string) panelColumn {
	return panelColumn{Column: panel.Column{Name: name, Kind: panel.Time, Optional: true}, value: value}
}

func boolColumn(name, value string) panelColumn {
	return panelColumn{Column: panel.Column{Name: name, Kind: panel.Bool}, value: value}
}

// userColumn refers to a user, who is joined by an alias.
func userColumn(name, value, alias string) panelColumn {
	return panelColumn{
		Column: panel.Column{Name: name, Kind: panel.Rel, Model: panel.Users, Searchable: true},
		value:  value, label: userLabel(alias), search: userSearch(alias),
	}
}

// Messages have no index by sender or receiver: both are found by way of the
// conversations.
const (
	inConversations = `(m.low_id, m.high_id) IN (SELECT low_id, high_id FROM conversations WHERE low_id IN (%[1]s) OR high_id IN (%[1]s))`
	eitherParty     = `CASE WHEN m.sender_id IN (%[1]s) THEN m.sender_id ELSE m.receiver_id END`
)

func partyColumn(name, value, alias string) panelColumn {
	c := userColumn(name, value, alias)
	c.in = `(` + value + ` IN (%[1]s) AND ` + inConversations + `)`
	return c
}

// signIns are the rows of a table by which somebody is signed in, with a column
// that only that table has.
func signIns(table string, own panelColumn) panelModel {
	return panelModel{
		from: table + ` k LEFT JOIN users u ON u.id = k.user_id`, id: `k.id`,
		label: `k.label`, detail: userLabel("u"), image: emptyText, created: `k.created_at`,
		order: panel.Order{Field: "id", Desc: true}, total: `SELECT count(*) FROM ` + table,
		columns: []panelColumn{
			idColumn(`k.id`),
			userColumn("user", `k.user_id`, "u"),
			wordsColumn("label", `k.label`),
			timeColumn("created_at", `k.created_at`),
			own,
		},
	}
}

// panelModels are all models by name.
var panelModels = map[string]panelModel{
	panel.Songs: {
		from: `songs s LEFT JOIN albums a ON a.id = s.album_id`, id: `s.id`,
		label: `s.title`, detail: `s.artist`, image: `s.image`, created: `s.created_at`,
		order: panel.Order{Field: "created_at", Desc: true}, total: `SELECT n FROM counters WHERE name = 'songs'`,
		columns: []panelColumn{
			idColumn(`s.id`),
			wordsColumn("title", `s.title`),
			wordsColumn("artist", `s.artist`),
			{
				Column: panel.Column{Name: "album", Kind: panel.Rel, Model: panel.Albums, Optional: true, Searchable: true},
				value:  `s.album_id`, label: `a.title`, search: `a.title`,
			},
			{Column: panel.Column{Name: "duration", Kind: panel.Float}, value: `s.duration`},
			textColumn("image", `s.image`),
			textColumn("audio", `s.audio`),
			timeColumn("created_at", `s.created_at`),
			timeColumn("updated_at", `s.updated_at`),
		},
		related: []panelRelation{{model: panel.Plays, field: "song"}},
	},
	panel.Albums: {
		from: `albums a`, id: `a.id`,
		label: `a.title`, detail: `a.artist`, image: `a.image`, created: `a.created_at`,
		order: panel.Order{Field: "created_at", Desc: true}, total: `SELECT n FROM counters WHERE name = 'albums'`,
		columns: []panelColumn{
			idColumn(`a.id`),
			wordsColumn("title", `a.title`),
			wordsColumn("artist", `a.artist`),
			{Column: panel.Column{Name: "release_year", Kind: panel.Float}, value: `a.release_year`},
			{Column: panel.Column{Name: "songs", Kind: panel.Int}, value: `(SELECT count(*) FROM songs WHERE songs.album_id = a.id)`},
			textColumn("image", `a.image`),
			timeColumn("created_at", `a.created_at`),
			timeColumn("updated_at", `a.updated_at`),
		},
		related: []panelRelation{{model: panel.Songs, field: "album"}, {model: panel.Plays, field: "album"}},
	},
	panel.Users: {
		from: `users u`, id: `u.id`,
		label: userLabel("u"), detail: `u.email`, image: `u.image`, created: `u.created_at`,
		order: panel.Order{Field: "created_at", Desc: true}, total: `SELECT n FROM counters WHERE name = 'users'`,
		columns: []panelColumn{
			idColumn(`u.id`),
			textColumn("external_id", `u.external_id`),
			wordsColumn("email", `u.email`),
			wordsColumn("full_name", `u.full_name`),
			textColumn("image", `u.image`),
			textColumn("role", `CASE WHEN u.admin THEN 'admin' WHEN u.staff = 2 THEN 'editor' WHEN u.staff = 1 THEN 'viewer' ELSE 'member' END`),
			boolColumn("active", `u.active`),
			boolColumn("verified", `u.verified`),
			textColumn("identities", `COALESCE((SELECT string_agg(i.provider, ', ' ORDER BY i.id) FROM identities i WHERE i.user_id = u.id), '')`),
			timeColumn("created_at", `u.created_at`),
			maybeTimeColumn("last_login_at", `u.last_login_at`),
		},
		related: []panelRelation{
			{model: panel.Messages, field: "party", of: eitherParty},
			{model: panel.Tokens, field: "user"},
			{model: panel.Sessions, field: "user"},
			{model: panel.Plays, field: "user"},
		},
	},
	panel.Messages: {
		from: `messages m LEFT JOIN users f ON f.id = m.sender_id LEFT JOIN users t ON t.id = m.receiver_id`, id: `m.id`,
		label: messageLabel, detail: userLabel("f"), image: emptyText, created: `m.created_at`,
		order: panel.Order{Field: "id", Desc: true},
		total: `SELECT CAST(COALESCE(sum(messages), 0) AS BIGINT) FROM conversations`,
		daily: `conversations c JOIN messages m ON m.low_id = c.low_id AND m.high_id = c.high_id AND c.last_at >= $1 AND c.first_at < $2`,
		columns: []panelColumn{
			idColumn(`m.id`),
			partyColumn("sender", `m.sender_id`, "f"),
			partyColumn("receiver", `m.receiver_id`, "t"),
			{
				Column: panel.Column{Name: "party", Kind: panel.Rel, Model: panel.Users, Hidden: true},
				value:  `m.low_id`, label: emptyText, in: inConversations,
			},
			wordsColumn("content", `m.content`),
			timeColumn("created_at", `m.created_at`),
			timeColumn("updated_at", `m.updated_at`),
		},
	},
	panel.Invitations: {
		from: `invitations i`, id: `i.id`,
		label: `i.email`, detail: `i.inviter`, image: emptyText, created: `i.created_at`,
		order: panel.Order{Field: "created_at", Desc: true}, total: `SELECT count(*) FROM invitations`,
		columns: []panelColumn{
			idColumn(`i.id`),
			wordsColumn("email", `i.email`),
			textColumn("role", `CASE i.role WHEN 3 THEN 'admin' WHEN 2 THEN 'editor' WHEN 1 THEN 'viewer' ELSE 'member' END`),
			wordsColumn("inviter", `i.inviter`),
			timeColumn("created_at", `i.created_at`),
			timeColumn("expires_at", `i.expires_at`),
		},
	},
	panel.Tokens:   signIns("tokens", maybeTimeColumn("last_used_at", `k.last_used_at`)),
	panel.Sessions: signIns("sessions", timeColumn("expires_at", `k.expires_at`)),
	panel.Plays: {
		from: `plays p LEFT JOIN songs s ON s.id = p.song_id LEFT JOIN users u ON u.id = p.user_id`, id: `p.id`,
		label: `COALESCE(s.title, '')`, detail: userLabel("u"), image: emptyText, created: `p.played_at`,
		order: panel.Order{Field: "id", Desc: true}, total: `SELECT count(*) FROM plays`,
		columns: []panelColumn{
			idColumn(`p.id`),
			userColumn("user", `p.user_id`, "u"),
			{
				Column: panel.Column{Name: "song", Kind: panel.Rel, Model: panel.Songs, Searchable: true},
				value:  `p.song_id`, label: `s.title`, search: `s.title`,
			},
			{
				Column: panel.Column{Name: "album", Kind: panel.Rel, Model: panel.Albums, Hidden: true},
				value:  `s.album_id`, label: emptyText, in: `p.song_id IN (SELECT id FROM songs WHERE album_id IN (%[1]s))`,
			},
			timeColumn("created_at", `p.played_at`),
		},
	},
	panel.Log: {
		from: `audit l`, id: `l.id`,
		label: `l.object`, detail: `l.actor`, image: emptyText, created: `l.created_at`,
		order: panel.Order{Field: "created_at", Desc: true}, total: `SELECT count(*) FROM audit`,
		columns: []panelColumn{
			idColumn(`l.id`),
			timeColumn("created_at", `l.created_at`),
			{Column: panel.Column{Name: "actor_id", Kind: panel.Int}, value: `l.actor_id`},
			wordsColumn("actor", `l.actor`),
			textColumn("model", `l.model`),
			textColumn("object_id", `l.object_id`),
			wordsColumn("object", `l.object`),
			textColumn("action", `l.action`),
			{Column: panel.Column{Name: "changes", Kind: panel.Changes}, value: `l.changes`},
		},
	},
}
