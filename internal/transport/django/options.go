package django

import (
	"math"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/presence"
)

// meta is what OPTIONS tells of a view, in the words of the reference.
type meta struct {
	name, about string
	action      string            // the method that the fields are for; "" for none
	fields      []metaField       // in the serializer's order
	shown       func(*call) error // whether this caller is shown the fields; nil shows them to all
}

// metaField describes a field of a serializer.
type metaField struct {
	name, kind         string
	required, readOnly bool
	label, help        string
	max                int  // characters; 0 for none told
	bounded            bool // an integer whose bounds are told
}

var (
	metaRoot = meta{name: "Api Root", about: "The default basic root view for DefaultRouter"}

	metaRegister = meta{name: "Register", action: "POST", fields: []metaField{
		{name: "email", kind: "email", required: true, label: "Email"},
		{name: "password1", kind: "string", required: true, label: "Password1"},
		{name: "password2", kind: "string", required: true, label: "Password2"},
		{name: "full_name", kind: "string", required: true, label: "Full name", max: 255},
	}}
	metaLogin = meta{
		name: "Login",
		about: "Check the credentials and return the REST Token\nif the credentials are valid and authenticated.\n" +
			"Calls Django Auth login method to register User ID\nin Django session framework\n\n" +
			"Accept the following POST parameters: username, password\nReturn the REST Framework Token Object's key.",
		action: "POST",
		fields: []metaField{
			{name: "username", kind: "string", label: "Username"},
			{name: "email", kind: "email", label: "Email"},
			{name: "password", kind: "string", required: true, label: "Password"},
		},
	}
	metaLogout = meta{name: "Logout", about: "Calls Django logout method and delete the Token object\n" +
		"assigned to the current User object.\n\nAccepts/Returns nothing."}
	metaOwnUser = meta{
		name: "User Details",
		about: "Reads and updates UserModel fields\nAccepts GET, PUT, PATCH methods.\n\n" +
			"Default accepted fields: username, first_name, last_name\n" +
			"Default display fields: pk, username, email, first_name, last_name\n" +
			"Read-only fields: pk, email\n\nReturns UserModel fields.",
		action: "PUT",
		fields: []metaField{
			idField,
			{name: "email", kind: "email", required: true, label: "Email", max: 254},
			{name: "full_name", kind: "string", required: true, label: "Full name", max: 255},
			{name: "image_url", kind: "image upload", label: "Image url", max: 100},
			{name: "date_joined", kind: "datetime", readOnly: true, label: "Date joined"},
		},
	}
	metaPassword = meta{
		name: "Password Change",
		about: "Calls Django Auth SetPasswordForm save method.\n\n" +
			"Accepts the following POST parameters: new_password1, new_password2\nReturns the success/fail message.",
		action: "POST",
		fields: []metaField{
			{name: "new_password1", kind: "string", required: true, label: "New password1", max: 128},
			{name: "new_password2", kind: "string", required: true, label: "New password2", max: 128},
		},
	}
	metaVerify = meta{name: "Verify Email", action: "POST", fields: []metaField{
		{name: "key", kind: "string", required: true, label: "Key"},
	}}
	metaResend = meta{name: "Resend Email Verification", action: "POST", fields: []metaField{
		{name: "email", kind: "email", required: true, label: "Email"},
	}}
	metaConfirmEmail = meta{name: "Account Confirm Email", about: "Sends a browser to the page that takes the key."}
	metaEmailSent    = meta{name: "Account Email Verification Sent", about: "Sends a browser to the web app."}
	metaReset        = meta{
		name: "Password Reset",
		about: "Calls Django Auth PasswordResetForm save method.\n\n" +
			"Accepts the following POST parameters: email\nReturns the success/fail message.",
		action: "POST",
		fields: []metaField{
			{name: "email", kind: "email", required: true, label: "Email"},
		},
	}
	metaConfirmReset = meta{
		name: "Password Reset Confirm",
		about: "Password reset e-mail link is confirmed, therefore\nthis resets the user's password.\n\n" +
			"Accepts the following POST parameters: token, uid,\n    new_password1, new_password2\n" +
			"Returns the success/fail message.",
		action: "POST",
		fields: []metaField{
			{name: "new_password1", kind: "string", required: true, label: "New password1", max: 128},
			{name: "new_password2", kind: "string", required: true, label: "New password2", max: 128},
			{name: "uid", kind: "string", required: true, label: "Uid"},
			{name: "token", kind: "string", required: true, label: "Token"},
		},
	}
	metaAdminCheck = meta{name: "Check Admin", about: "Check if the authenticated user is an admin.\n" +
		"Returns 200 with {admin: True} if user is admin, 403 otherwise."}

	metaUsers        = meta{name: "User List", about: aboutUsers}
	metaTokens       = meta{name: "Token List", about: "The keys of one's own account."}
	metaToken        = meta{name: "Token Instance", about: "A key of one's own account."}
	metaUser         = meta{name: "User Instance", about: aboutUsers}
	metaConversation = meta{name: "Get Messages", about: "GET /api/users/{id}/messages/ - Get messages with a specific user"}

	metaConversations = meta{name: "Conversation List", about: "One's own conversations, that with the newest message first."}
	metaRead          = meta{name: "Conversation Read", about: "How far one has read what a user wrote.", action: "POST", fields: []metaField{
		{name: "message", kind: "field", label: "Message"},
	}}

	metaFeatured   = meta{name: "Featured", about: "GET /api/songs/featured/ - Get 6 random featured songs"}
	metaMadeForYou = meta{name: "Made For You", about: "GET /api/songs/made-for-you/ - Get 4 random made for you songs"}
	metaTrending   = meta{name: "Trending", about: "GET /api/songs/trending/ - Get 4 random trending songs"}

	metaPresence = meta{name: "Presence List", about: "Who is online, in order of arrival."}
	metaActivity = meta{name: "Presence Activity", about: "What one is doing.", action: "PUT", fields: []metaField{
		{name: "activity", kind: "string", required: true, label: "Activity", max: presence.MaxActivity},
	}}
	metaPresenceSettings = meta{name: "Presence Settings", about: "Who sees what one is doing.", action: "PUT", fields: []metaField{
		{name: "activity_visible_to", kind: "choice", required: true, label: "Activity visible to", help: strings.Join(audiences, ", ")},
	}}

	metaStats = meta{name: "Get Stats", about: "GET /api/stats/ - Get platform statistics (Admin only)\n" +
		"Returns: total_songs, total_albums, total_users, total_artists"}
)

const aboutUsers = "ViewSet for retrieving users.\nGET /api/users/ - Get all users except the authenticated user"

// Fields that several serializers have.
var (
	idField      = metaField{name: "id", kind: "integer", readOnly: true, label: "ID"}
	titleField   = metaField{name: "title", kind: "string", required: true, label: "Title", max: 255}
	artistField  = metaField{name: "artist", kind: "string", required: true, label: "Artist", max: 255}
	imageField   = metaField{name: "image_url", kind: "image upload", required: true, label: "Image url", max: 100}
	createdField = metaField{name: "created_at", kind: "datetime", readOnly: true, label: "Created at"}
	updatedField = metaField{name: "updated_at", kind: "datetime", readOnly: true, label: "Updated at"}
)

// actionOf is the method whose fields a list or an instance tells.
func actionOf(kind string) string {
	if kind == "List" {
		return "POST"
	}
	return "PUT"
}

func metaSongs(kind string, exists func(*call) error) meta {
	return meta{
		name: "Song " + kind, about: "ViewSet for managing songs.", action: actionOf(kind), shown: exists,
		fields: []metaField{
			idField, titleField, artistField, imageField,
			{name: "audio_url", kind: "file upload", required: true, label: "Audio url", max: 100},
			{name: "duration", kind: "integer", required: true, label: "Duration", help: "Duration in seconds", bounded: true},
			{name: "album", kind: "field", label: "Album"},
			{name: "album_title", kind: "string", readOnly: true, label: "Album title"},
			createdField, updatedField,
		},
	}
}

func metaAlbums(kind string, exists func(*call) error) meta {
	return meta{
		name: "Album " + kind, about: "ViewSet for managing albums.", action: actionOf(kind), shown: exists,
		fields: []metaField{
			idField, titleField, artistField, imageField,
			{name: "release_year", kind: "integer", required: true, label: "Release year", bounded: true},
			{name: "songs_count", kind: "field", readOnly: true, label: "Songs count"},
			createdField, updatedField,
		},
	}
}

func metaMessages(kind string, editable func(*call) error) meta {
	return meta{
		name: "Message " + kind, about: "ViewSet for managing messages.", action: actionOf(kind), shown: editable,
		fields: []metaField{
			idField,
			{name: "sender", kind: "field", required: true, label: "Sender"},
			{name: "sender_email", kind: "email", readOnly: true, label: "Sender email"},
			{name: "sender_name", kind: "string", readOnly: true, label: "Sender name"},
			{name: "receiver", kind: "field", required: true, label: "Receiver"},
			{name: "receiver_email", kind: "email", readOnly: true, label: "Receiver email"},
			{name: "receiver_name", kind: "string", readOnly: true, label: "Receiver name"},
			{name: "content", kind: "string", required: true, label: "Content"},
			createdField, updatedField,
		},
	}
}

// options answers what a view is for and which fields it reads.
func (d *Dialect) options(c *call) (reply, error) {
	m := c.view.meta
	b := appendString([]byte(`{"name":`), m.name)
	b = appendString(append(b, `,"description":`...), m.about)
	b = append(b, `,"renders":["application/json","text/html"]`+
		`,"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]`...)
	if m.action != "" && (m.shown == nil || m.shown(c) == nil) {
		b = appendString(append(b, `,"actions":{`...), m.action)
		b = append(b, ':', '{')
		for i, f := range m.fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = f.append(b)
		}
		b = append(b, '}', '}')
	}
	return ok(append(b, '}')), nil
}

func (f metaField) append(b []byte) []byte {
	b = appendString(b, f.name)
	b = appendString(append(b, `:{"type":`...), f.kind)
	b = strconv.AppendBool(append(b, `,"required":`...), f.required)
	b = strconv.AppendBool(append(b, `,"read_only":`...), f.readOnly)
	b = appendString(append(b, `,"label":`...), f.label)
	if f.help != "" {
		b = appendString(append(b, `,"help_text":`...), f.help)
	}
	if f.max > 0 {
		b = strconv.AppendInt(append(b, `,"max_length":`...), int64(f.max), 10)
	}
	if f.bounded {
		b = strconv.AppendInt(append(b, `,"min_value":`...), math.MinInt32, 10)
		b = strconv.AppendInt(append(b, `,"max_value":`...), math.MaxInt32, 10)
	}
	return append(b, '}')
}
