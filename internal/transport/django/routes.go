package django

import (
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// access is who may use a method.
type access uint8

const (
	anybody access = iota
	known
	admins
)

// A view is what a path stands for.
type view struct {
	pattern     string // what follows /api/; {id} stands for an id, {key} at the end for any text
	suffixes    bool   // .json and .api may follow instead of the slash
	function    bool   // a function in the reference: no HEAD, and Allow begins with OPTIONS
	checksToken bool   // refuses a stale key although anybody may come
	others      access // who is told about OPTIONS, and that there is no such method
	openOptions bool   // OPTIONS is for anybody
	entrance    bool   // what is for anybody is so on a private instance too
	tag         string // the group in the documentation
	meta        meta   // what OPTIONS says
	files       map[string]int64
	methods     []method

	allow       string // the header Allow, if it is not as the methods have it
	allowHeader []string
}

// A method is one method of a view.
type method struct {
	name   string
	access access
	handle func(*call) (reply, error)
	doc    doc
}

// views is the table of all routes. Files may have so many bytes.
func (d *Dialect) views(image, audio int64) []*view {
	song := map[string]int64{"image_url": image, "audio_url": audio}
	picture := map[string]int64{"image_url": image}
	views := []*view{
		{pattern: "", suffixes: true, others: known, openOptions: true, tag: "API", meta: metaRoot, methods: []method{
			{"GET", anybody, d.root, doc{summary: "List the addresses of the lists", out: rootJSON{}}}}},

		{pattern: "auth/registration/", entrance: true, tag: "Accounts", meta: metaRegister, methods: []method{
			{"POST", anybody, d.register, doc{summary: "Make an account", in: registerForm{}, out: keyJSON{}, status: 201}}}},
		{pattern: "auth/registration/verify-email/", entrance: true, allow: "POST, OPTIONS, HEAD", tag: "Accounts", meta: metaVerify, methods: []method{
			{"POST", anybody, d.verifyEmail, doc{summary: "Prove by the key of a mail that an address is one's own", in: keyJSON{}, out: detailJSON{}, refusals: []refusalDoc{{404, "There is no such key, or not any more"}}}}}},
		{pattern: "auth/registration/resend-email/", entrance: true, tag: "Accounts", meta: metaResend, methods: []method{
			{"POST", anybody, d.resendEmail, doc{summary: "Send such a mail, whoever has the address, or nobody", in: emailForm{}, out: detailJSON{}, refusals: tooManyMails}}}},
		{pattern: "auth/registration/account-confirm-email/{key}/", entrance: true, tag: "Accounts", meta: metaConfirmEmail, methods: []method{
			{"GET", anybody, d.confirmEmail, doc{summary: "Go to the web app's page that takes the key", status: 302}}}},
		{pattern: "auth/registration/account-email-verification-sent/", entrance: true, tag: "Accounts", meta: metaEmailSent, methods: []method{
			{"GET", anybody, d.emailSent, doc{summary: "Go to the web app", status: 302}}}},
		{pattern: "auth/login/", entrance: true, tag: "Accounts", meta: metaLogin, methods: []method{
			{"POST", anybody, d.login, doc{summary: "Get a key for an e-mail address and a password", in: loginForm{}, out: keyJSON{}}}}},
		{pattern: "auth/logout/", entrance: true, checksToken: true, tag: "Accounts", meta: metaLogout, methods: []method{
			{name: "GET", handle: notAllowed}, // has its place in Allow all the same, as in the reference
			{"POST", anybody, d.logout, doc{summary: "End the key or session that the request came with", out: detailJSON{}}}}},
		{pattern: "auth/user/", others: known, tag: "Accounts", meta: metaOwnUser, files: picture, methods: []method{
			{"GET", known, d.ownUser, doc{summary: "Show one's own account", out: userJSON{}}},
			{"PUT", known, d.updateOwnUser, doc{summary: "Replace one's own account", in: userForm{}, out: userJSON{}}},
			{"PATCH", known, d.updateOwnUser, doc{summary: "Change one's own account", in: userChanges{}, out: userJSON{}}}}},
		{pattern: "auth/password/change/", others: known, tag: "Accounts", meta: metaPassword, methods: []method{
			{"POST", known, d.changePassword, doc{summary: "Change one's own password", in: passwordForm{}, out: detailJSON{}}}}},
		{pattern: "auth/password/reset/", entrance: true, tag: "Accounts", meta: metaReset, methods: []method{
			{"POST", anybody, d.resetPassword, doc{summary: "Send a mail with a link to a new password, if anybody has the address", in: emailForm{}, out: detailJSON{}, refusals: tooManyMails}}}},
		{pattern: "auth/password/reset/confirm/", entrance: true, tag: "Accounts", meta: metaConfirmReset, methods: []method{
			{"POST", anybody, d.confirmReset, doc{summary: "Set a new password by the uid and the key of such a link", in: resetForm{}, out: detailJSON{}}}}},
		{pattern: "tokens/", others: known, tag: "Accounts", meta: metaTokens, methods: []method{
			{"GET", known, d.tokens, doc{summary: "List one's own keys, the newest first", out: []tokenJSON{}}}}},
		{pattern: "tokens/{id}/", others: known, tag: "Accounts", meta: metaToken, methods: []method{
			{"DELETE", known, d.revokeToken, doc{summary: "End one of one's own keys", status: 204}}}},
		{pattern: "admin/check/", function: true, others: known, tag: "Accounts", meta: metaAdminCheck, methods: []method{
			{"GET", known, d.adminCheck, doc{summary: "Tell whether one is an admin", out: adminJSON{}}}}},

		{pattern: "users/", suffixes: true, others: known, tag: "Users", meta: metaUsers, methods: []method{
			{"GET", known, d.users, doc{summary: "List the others, the newest first", paged: true, out: pageJSON[userJSON]{}}}}},
		{pattern: "users/{id}/", suffixes: true, others: known, tag: "Users", meta: metaUser, methods: []method{
			{"GET", known, d.user, doc{summary: "Show a user", out: userJSON{}}}}},
		{pattern: "users/{id}/messages/", suffixes: true, others: known, tag: "Messages", meta: metaConversation, methods: []method{
			{"GET", known, d.conversation, doc{
				summary: "List what a user and oneself wrote to each other, the oldest first", query: historyParams, out: []messageJSON{}}}}},
		{pattern: "conversations/", suffixes: true, others: known, tag: "Messages", meta: metaConversations, methods: []method{
			{"GET", known, d.conversations, doc{summary: "List one's own conversations, that with the newest message first", paged: true, out: pageJSON[conversationJSON]{}}}}},
		{pattern: "conversations/{id}/read/", others: known, tag: "Messages", meta: metaRead, methods: []method{
			{"POST", known, d.markRead, doc{summary: "Note how far one has read what a user wrote", in: readForm{}, out: readMarkJSON{}}}}},

		{pattern: "songs/", suffixes: true, tag: "Songs", meta: metaSongs("List", nil), files: song, methods: []method{
			{"GET", anybody, d.songs, doc{summary: "List songs, the newest first", paged: true, out: pageJSON[songJSON]{}}},
			{"POST", admins, d.createSong, doc{summary: "Add a song", in: songForm{}, out: songJSON{}, status: 201}}}},
		{pattern: "songs/featured/", suffixes: true, tag: "Songs", meta: metaFeatured, methods: []method{
			{"GET", anybody, d.featured, doc{summary: "List six songs for everybody", out: []shelfJSON{}}}}},
		{pattern: "songs/made-for-you/", suffixes: true, tag: "Songs", meta: metaMadeForYou, methods: []method{
			{"GET", anybody, d.madeForYou, doc{summary: "List four songs for oneself", out: []shelfJSON{}}}}},
		{pattern: "songs/trending/", suffixes: true, tag: "Songs", meta: metaTrending, methods: []method{
			{"GET", anybody, d.trending, doc{summary: "List four songs that are heard much", out: []shelfJSON{}}}}},
		{pattern: "songs/{id}/", suffixes: true, tag: "Songs", meta: metaSongs("Instance", d.songExists), files: song, methods: []method{
			{"GET", anybody, d.song, doc{summary: "Show a song", out: songJSON{}}},
			{"PUT", admins, d.updateSong, doc{summary: "Replace a song", in: songForm{}, out: songJSON{}}},
			{"PATCH", admins, d.updateSong, doc{summary: "Change a song", in: songChanges{}, out: songJSON{}}},
			{"DELETE", admins, d.deleteSong, doc{summary: "Remove a song and its files", status: 204}}}},

		{pattern: "albums/", suffixes: true, tag: "Albums", meta: metaAlbums("List", nil), files: picture, methods: []method{
			{"GET", anybody, d.albums, doc{summary: "List albums, the newest first", paged: true, out: pageJSON[albumJSON]{}}},
			{"POST", admins, d.createAlbum, doc{summary: "Add an album", in: albumForm{}, out: albumJSON{}, status: 201}}}},
		{pattern: "albums/{id}/", suffixes: true, tag: "Albums", meta: metaAlbums("Instance", d.albumExists), files: picture, methods: []method{
			{"GET", anybody, d.album, doc{summary: "Show an album with its songs, the newest first", out: albumSongsJSON{}}},
			{"PUT", admins, d.updateAlbum, doc{summary: "Replace an album", in: albumForm{}, out: albumJSON{}}},
			{"PATCH", admins, d.updateAlbum, doc{summary: "Change an album", in: albumChanges{}, out: albumJSON{}}},
			{"DELETE", admins, d.deleteAlbum, doc{summary: "Remove an album, its songs and their files", status: 204}}}},

		{pattern: "messages/", suffixes: true, others: known, tag: "Messages", meta: metaMessages("List", nil), methods: []method{
			{"GET", known, d.messages, doc{summary: "List one's own messages, the oldest first", paged: true, out: pageJSON[messageJSON]{}}},
			{"POST", known, d.sendMessage, doc{summary: "Send a message", in: messageForm{}, out: messageJSON{}, status: 201}}}},
		{pattern: "messages/{id}/", suffixes: true, others: known, tag: "Messages", meta: metaMessages("Instance", d.messageEditable), methods: []method{
			{"GET", known, d.message, doc{summary: "Show a message that one sent or received", out: messageJSON{}}},
			{"PUT", known, d.editMessage, doc{summary: "Replace a message that one sent", in: messageForm{}, out: messageJSON{}}},
			{"PATCH", known, d.editMessage, doc{summary: "Change a message that one sent", in: messageChanges{}, out: messageJSON{}}},
			{"DELETE", known, d.deleteMessage, doc{summary: "Remove a message that one sent", status: 204}}}},

		{pattern: "presence/", others: known, tag: "Presence", meta: metaPresence, methods: []method{
			{"GET", known, d.online, doc{summary: "List who is online, in order of arrival", out: []entryJSON{}}}}},
		{pattern: "presence/activity/", others: known, tag: "Presence", meta: metaActivity, methods: []method{
			{"PUT", known, d.announce, doc{summary: "Tell what one is doing, and be online for a minute", in: activityForm{}, out: entryJSON{}}}}},
		{pattern: "presence/settings/", others: known, tag: "Presence", meta: metaPresenceSettings, methods: []method{
			{"GET", known, d.presenceSettings, doc{summary: "Show who sees one's own activity", out: settingsJSON{}}},
			{"PUT", known, d.updatePresenceSettings, doc{summary: "Choose who sees one's own activity", in: settingsJSON{}, out: settingsJSON{}}}}},

		{pattern: "stats/", function: true, others: admins, tag: "Stats", meta: metaStats, methods: []method{
			{"GET", admins, d.stats, doc{summary: "Count songs, albums, users and artists", out: statsJSON{}}}}},
	}
	for _, v := range views {
		v.finish(d)
	}
	return views
}

// finish works out the Allow header and adds OPTIONS. On a private instance it
// closes what is no entrance.
func (v *view) finish(d *Dialect) {
	if d.private && !v.entrance {
		v.openOptions, v.others = false, max(v.others, known)
		for i := range v.methods {
			v.methods[i].access = max(v.methods[i].access, known)
		}
	}
	names := make([]string, 0, len(v.methods)+2)
	for _, m := range v.methods {
		names = append(names, m.name)
	}
	if v.function {
		names = append([]string{http.MethodOptions}, names...)
	} else {
		if names[0] == http.MethodGet {
			names = append(names, http.MethodHead)
		}
		names = append(names, http.MethodOptions)
	}
	if v.allow == "" {
		v.allow = strings.Join(names, ", ")
	}
	v.allowHeader = []string{v.allow}
	optionsAccess := v.others
	if v.openOptions {
		optionsAccess = anybody
	}
	v.methods = append(v.methods, method{name: http.MethodOptions, access: optionsAccess, handle: d.options})
}

// notAllowed handles a method that Allow names and that is refused.
func notAllowed(c *call) (reply, error) { return reply{}, errMethod(c.method) }

// method returns a method of the view. One that it does not have has no
// handler, but an access all the same.
func (v *view) method(name string) method {
	if name == http.MethodHead && !v.function {
		name = http.MethodGet
	}
	for _, m := range v.methods {
		if m.name == name {
			return m
		}
	}
	return method{access: v.others}
}

// path is the route as the documentation names it.
func (v *view) path() string { return prefix + v.pattern }

// kitAccess is the access in the words of the documentation.
func (a access) kitAccess() kit.Access {
	return map[access]kit.Access{anybody: kit.Public, known: kit.SignedIn, admins: kit.Admin}[a]
}
