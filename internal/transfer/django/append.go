package django

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// object is one of a fixture that is being written.
type object struct {
	b      []byte
	fields int
}

// begin begins an object. The application is the reference's own unless the name
// says otherwise.
func begin(b []byte, model string, pk int64) object {
	if !strings.Contains(model, ".") {
		model = "api." + model
	}
	b = dump.AppendText(append(b, `{"model":`...), model)
	b = strconv.AppendInt(append(b, `,"pk":`...), pk, 10)
	return object{b: append(b, `,"fields":{`...)}
}

func (o *object) end() []byte { return append(o.b, "}}"...) }

func (o *object) key(name string) {
	if o.fields > 0 {
		o.b = append(o.b, ',')
	}
	o.fields++
	o.b = append(dump.AppendText(o.b, name), ':')
}

func (o *object) text(name, value string) {
	o.key(name)
	o.b = dump.AppendText(o.b, value)
}

func (o *object) flag(name string, value bool) {
	o.key(name)
	o.b = strconv.AppendBool(o.b, value)
}

func (o *object) whole(name string, value int64) {
	o.key(name)
	o.b = strconv.AppendInt(o.b, value, 10)
}

// reference writes the number of another object; nothing for 0.
func (o *object) reference(name string, value int64) {
	if value == 0 {
		o.raw(name, "null")
		return
	}
	o.whole(name, value)
}

func (o *object) number(name string, value float64) {
	o.key(name)
	o.b = strconv.AppendFloat(o.b, value, 'f', -1, 64)
}

func (o *object) raw(name, value string) {
	o.key(name)
	o.b = append(o.b, value...)
}

// instant writes a time; null for none.
func (o *object) instant(name string, at time.Time) {
	o.key(name)
	if at.IsZero() {
		o.b = append(o.b, "null"...)
		return
	}
	o.b = append(at.UTC().AppendFormat(append(o.b, '"'), "2006-01-02T15:04:05.999999Z"), '"')
}

// groupRights are what the groups may do that stand for roles, of which models.
var groupRights = map[account.Role][]string{account.Viewer: {"view"}, account.Editor: {"view", "add", "change", "delete"}}

// appendGroup writes the group of a role. Its rights have natural keys, since
// their numbers differ from one database to the next.
func appendGroup(b []byte, pk int64, role account.Role) []byte {
	o := begin(b, "auth.group", pk)
	o.text("name", role.String())
	o.key("permissions")
	o.b = append(o.b, '[')
	for _, model := range []string{"album", "song", "message"} {
		for _, right := range groupRights[role] {
			if o.b[len(o.b)-1] == ']' {
				o.b = append(o.b, ',')
			}
			o.b = fmt.Appendf(o.b, `["%s_%s","api","%s"]`, right, model, model)
		}
	}
	o.b = append(o.b, ']')
	return o.end()
}

func appendUser(b []byte, u *transfer.User) []byte {
	id := strconv.FormatInt(u.ID, 10)
	o := begin(b, "user", u.ID)
	switch {
	case u.Password == "":
		o.text("password", "!") // Django's sign of none
	case strings.HasPrefix(u.Password, "$"):
		o.text("password", argon2Hasher+u.Password)
	default:
		o.text("password", u.Password)
	}
	o.instant("last_login", u.LastLogin)
	o.flag("is_superuser", u.Role == account.Administrator)
	o.flag("is_staff", u.Role != account.Member)
	o.flag("is_active", u.Active)
	o.text("username", "user-"+id) // nobody sees it, and no two may have the same
	if u.Email == "" {
		o.text("email", id+noAddress)
	} else {
		o.text("email", u.Email)
	}
	o.text("full_name", u.FullName)
	o.text("image_url", u.Image)
	o.instant("date_joined", u.Joined)
	switch u.Role {
	case account.Viewer, account.Editor:
		o.raw("groups", `[["`+u.Role.String()+`"]]`)
	default:
		o.raw("groups", "[]")
	}
	o.raw("user_permissions", "[]")
	return o.end()
}

// appendAddress writes that the address of a user is verified.
func appendAddress(b []byte, pk int64, u *transfer.User) []byte {
	o := begin(b, "account.emailaddress", pk)
	o.whole("user", u.ID)
	o.text("email", u.Email)
	o.flag("verified", true)
	o.flag("primary", true)
	return o.end()
}

func appendAlbum(b []byte, a *transfer.Album) []byte {
	o := begin(b, "album", a.ID)
	o.text("title", a.Title)
	o.text("artist", a.Artist)
	o.text("image_url", a.Image)
	o.number("release_year", a.ReleaseYear)
	o.instant("created_at", a.Created)
	o.instant("updated_at", a.Updated)
	return o.end()
}

func appendSong(b []byte, s *transfer.Song) []byte {
	o := begin(b, "song", s.ID)
	o.text("title", s.Title)
	o.text("artist", s.Artist)
	o.text("image_url", s.Image)
	o.text("audio_url", s.Audio)
	o.number("duration", s.Duration)
	o.reference("album", s.Album.ID)
	o.instant("created_at", s.Created)
	o.instant("updated_at", s.Updated)
	return o.end()
}

func appendMessage(b []byte, m *transfer.Message) []byte {
	o := begin(b, "message", m.ID)
	o.whole("sender", m.Sender.ID)
	o.whole("receiver", m.Receiver.ID)
	o.text("content", m.Content)
	o.instant("created_at", m.Created)
	o.instant("updated_at", m.Updated)
	return o.end()
}

// appendChange writes an entry of the admin log; nothing for one of nobody's, or
// about what the reference has not.
func appendChange(b []byte, pk int64, e *audit.Entry) []byte {
	model, known := contentTypeOf(e.Model)
	action, does := actionFlag(e.Action)
	if e.ActorID == 0 || !known || !does {
		return nil
	}
	o := begin(b, "admin.logentry", pk)
	o.instant("action_time", e.At)
	o.whole("user", e.ActorID)
	o.raw("content_type", model)
	o.text("object_id", e.ObjectID)
	o.text("object_repr", cut(e.Object, maxObjectRepr))
	o.whole("action_flag", action)
	o.text("change_message", changeMessage(e))
	return o.end()
}

// maxObjectRepr is Django's, in characters.
const maxObjectRepr = 200

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// foreignModels are those of other applications that the admin log may name, with
// the application.
var foreignModels = map[string]string{"group": "auth", "emailaddress": "account", "site": "sites", "token": "authtoken"}

// contentTypeOf returns the natural key of a model of the log, in JSON.
func contentTypeOf(name string) (key string, ok bool) {
	switch name {
	case audit.Songs, audit.Albums, audit.Users, audit.Messages, audit.Tokens:
		name = strings.TrimSuffix(name, "s")
	}
	app, foreign := foreignModels[name]
	if !foreign {
		if auditModels[name] == "" {
			return "", false
		}
		app = "api"
	}
	return fmt.Sprintf(`[%q,%q]`, app, name), true
}

func actionFlag(of audit.Action) (int64, bool) {
	for flag, action := range actions {
		if action == of {
			return flag, true
		}
	}
	return 0, false
}

// changeMessage says what was changed as Django's admin does, see changedFields.
func changeMessage(e *audit.Entry) string {
	switch e.Action {
	case audit.Added:
		return `[{"added": {}}]`
	case audit.Deleted:
		return ""
	}
	names := make([]string, 0, len(e.Changes))
	for _, c := range e.Changes {
		name := strings.ReplaceAll(c.Field, "_", " ")
		first, n := utf8.DecodeRuneInString(name)
		names = append(names, strings.ToUpper(string(first))+name[min(n, len(name)):])
	}
	list, err := json.Marshal(names)
	if err != nil { // strings always can be
		return ""
	}
	return `[{"changed": {"fields": ` + string(list) + `}}]`
}

// What Django's columns take, in characters: the length of a file's name is its
// default, that of an address of the model, the others the reference's.
const (
	maxFileName = 100
	maxEmail    = 254
	maxName     = 255
)

// tellTooLong tells of what PostgreSQL would not take into the reference's columns.
func tellTooLong(record any, problem func(transfer.Problem)) {
	check := func(place transfer.Place, id int64, field, value string, most int) {
		if n := utf8.RuneCountInString(value); len(value) > most && n > most {
			problem(transfer.Problem{
				Place: place, Rule: transfer.RuleTooLong,
				What: fmt.Sprintf("%d: %s has %d characters, where the reference takes %d: loaddata will stop there", id, field, n, most),
			})
		}
	}
	switch r := record.(type) {
	case *transfer.User:
		check(r.Place, r.ID, "email", r.Email, maxEmail)
		check(r.Place, r.ID, "full_name", r.FullName, maxName)
		check(r.Place, r.ID, "image_url", r.Image, maxFileName)
	case *transfer.Album:
		check(r.Place, r.ID, "title", r.Title, maxName)
		check(r.Place, r.ID, "artist", r.Artist, maxName)
		check(r.Place, r.ID, "image_url", r.Image, maxFileName)
	case *transfer.Song:
		check(r.Place, r.ID, "title", r.Title, maxName)
		check(r.Place, r.ID, "artist", r.Artist, maxName)
		check(r.Place, r.ID, "image_url", r.Image, maxFileName)
		check(r.Place, r.ID, "audio_url", r.Audio, maxFileName)
	}
}
