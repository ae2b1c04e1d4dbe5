package webapi

import (
	"net/http"
	"slices"

	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const (
	get    = http.MethodGet
	post   = http.MethodPost
	put    = http.MethodPut
	patch  = http.MethodPatch
	remove = http.MethodDelete

	public = kit.Public
	known  = kit.SignedIn
)

// Parameters of lists.
var (
	words    = kit.Param{Name: "q", Description: "words of which each is found, in any case"}
	byArtist = kit.Param{Name: "artist", Description: "exactly the artist"}
)

func paged(more ...kit.Param) []kit.Param {
	return slices.Concat(more, jsonapi.PageParams(jsonapi.MaxLimit))
}

// queried has the wire's name of what is searched for.
var queried = map[string]string{"words": "q"}

func (w *web) routes() []jsonapi.Route {
	return slices.Concat(w.accountRoutes(), w.mailRoutes(), w.factorRoutes(), w.outsideRoutes(), w.musicRoutes(), w.peopleRoutes())
}

func (w *web) accountRoutes() []jsonapi.Route {
	return []jsonapi.Route{
		{Method: get, Path: "session", Access: public, Entrance: true, Tag: "Account", Summary: "Say who is signed in",
			Out: session{}, Handle: w.session},
		{Method: post, Path: "session", Access: public, Entrance: true, Tag: "Account", Summary: "Sign in, which sets the session cookie",
			In: credentials{}, Out: me{}, Answers: []kit.Answer{
				{Status: http.StatusUnauthorized, Description: "The e-mail or the password is not right"},
				{Status: http.StatusTooManyRequests, Description: "Too many wrong passwords; Retry-After says when to come back"},
			}, Handle: w.signIn},
		{Method: remove, Path: "session", Access: public, Entrance: true, Tag: "Account", Summary: "Sign out, which removes the cookie",
			Handle: w.signOut},
		{Method: post, Path: "account", Access: public, Entrance: true, Tag: "Account", Summary: "Make an account and sign in",
			In: registration{}, Out: me{}, Status: http.StatusCreated, Answers: []kit.Answer{
				{Status: http.StatusConflict, Description: "Somebody has this e-mail address already"},
				{Status: http.StatusForbidden, Description: "The server does not let everybody register"},
			}, Handle: w.register},
		{Method: patch, Path: "account", Access: known, Tag: "Account", Summary: "Change the own account; what is left out stays",
			In: profile{}, Form: profileForm{}, Files: map[string]int64{"image": w.c.ImageLimit}, Out: me{},
			Fields: map[string]string{"full_name": "name", "audience": "activityVisibleTo"}, Answers: []kit.Answer{
				{Status: http.StatusConflict, Description: "Somebody has this e-mail address already"},
				{Status: http.StatusRequestEntityTooLarge, Description: "The picture is over its limit"},
			}, Handle: w.updateAccount},
		{Method: put, Path: "account/password", Access: known, Tag: "Account", Summary: "Change the own password, which ends the other sessions",
			In: passwordChange{}, Answers: []kit.Answer{
				{Status: http.StatusTooManyRequests, Description: "Too many wrong passwords; Retry-After says when to come back"},
			}, Handle: w.changePassword},
		{Method: get, Path: "account/sign-ins", Access: known, Tag: "Account", Summary: "List the own sessions and tokens, newest first",
			Out: []signIn{}, Handle: w.signIns},
		{Method: remove, Path: "account/sign-ins/{kind}/{id}", Access: known, Tag: "Account", Summary: "End one of them",
			Examples: map[string]string{"kind": kindSession}, Answers: []kit.Answer{notFound}, Handle: w.endSignIn},
	}
}

var notFound = kit.Answer{Status: http.StatusNotFound, Description: "There is no such thing"}

func (w *web) musicRoutes() []jsonapi.Route {
	return []jsonapi.Route{
		{Method: get, Path: "home", Access: public, Tag: "Music", Summary: "Show what to begin with",
			Out: home{}, Handle: w.home},
		{Method: get, Path: "songs", Access: public, Tag: "Music", Summary: "List or search the songs", Cached: true, Fields: queried,
			Query: paged(words,
				kit.Param{Name: "title", Description: "exactly the title"}, byArtist,
				kit.Param{Name: "album", Integer: true, Description: "the id of the album"},
				kit.Param{Name: "sort", Description: "the order; newest first if it is left out", Choices: []string{"newest", "title", "artist"}}),
			Out: page[song]{}, Handle: w.songs},
		{Method: get, Path: "songs/{id}", Access: public, Tag: "Music", Summary: "Show a song", Cached: true,
			Out: song{}, Answers: []kit.Answer{notFound}, Handle: w.song},
		{Method: post, Path: "songs/{id}/plays", Access: known, Tag: "Music", Summary: "Note that the caller has heard half of a song, or 30 seconds",
			Answers: []kit.Answer{notFound}, Handle: w.played},
		{Method: get, Path: "albums", Access: public, Tag: "Music", Summary: "List or search the albums, newest first", Cached: true, Fields: queried,
			Query: paged(words, byArtist), Out: page[album]{}, Handle: w.albums},
		{Method: get, Path: "albums/{id}", Access: public, Tag: "Music", Summary: "Show an album with its songs", Cached: true,
			Out: albumSongs{}, Answers: []kit.Answer{notFound}, Handle: w.album},
		{Method: get, Path: "artists", Access: public, Tag: "Music", Summary: "List or search the artists by name", Cached: true, Fields: queried,
			Query: paged(words), Out: page[artist]{}, Handle: w.artists},
		{Method: get, Path: "artists/{name}", Access: public, Tag: "Music", Summary: "Show an artist's albums and songs, newest first", Cached: true,
			Examples: map[string]string{"name": "Erik Satie"}, Out: artistWorks{}, Answers: []kit.Answer{notFound}, Handle: w.artist},
		{Method: get, Path: "search", Access: public, Tag: "Music", Summary: "Search everything; people only for whoever is signed in", Fields: queried,
			Query: []kit.Param{words}, Out: searchResult{}, Handle: w.search},
	}
}

func (w *web) peopleRoutes() []jsonapi.Route {
	someone := map[string]string{"id": "user_2wK7maurice"}
	return []jsonapi.Route{
		{Method: get, Path: "people", Access: known, Tag: "People", Summary: "List or search the others by name", Fields: queried,
			Query: paged(words), Out: page[person]{}, Handle: w.people},
		{Method: get, Path: "people/{id}", Access: known, Tag: "People", Summary: "Show somebody", Examples: someone,
			Out: person{}, Answers: []kit.Answer{notFound}, Handle: w.person},
		{Method: get, Path: "presence", Access: known, Tag: "People", Summary: "Show who is online, in order of arrival",
			Out: []present{}, Handle: w.presence},
		{Method: get, Path: "conversations", Access: known, Tag: "Chat", Summary: "List the own conversations with others, that with the newest message first",
			Query: paged(), Out: page[conversation]{}, Handle: w.conversations},
		{Method: get, Path: "conversations/{id}/messages", Access: known, Tag: "Chat", Summary: "Show the newest messages with somebody, oldest first",
			Query: historyParams(), Examples: someone, Out: []message{}, Answers: []kit.Answer{notFound}, Handle: w.messages},
		{Method: post, Path: "conversations/{id}/messages", Access: known, Tag: "Chat", Summary: "Write to somebody", Examples: someone,
			In: newMessage{}, Out: message{}, Status: http.StatusCreated, Answers: []kit.Answer{notFound}, Handle: w.send},
		{Method: post, Path: "conversations/{id}/read", Access: known, Tag: "Chat", Summary: "Note how far the caller has read what somebody wrote", Examples: someone,
			In: readUpTo{}, Out: readState{}, Fields: map[string]string{"message": "messageId"}, Answers: []kit.Answer{notFound}, Handle: w.markRead},
		{Method: remove, Path: "messages/{id}", Access: known, Tag: "Chat", Summary: "Delete an own message",
			Examples: map[string]string{"id": "6a0a17e8c2f5b1d94e7a3c06"},
			Answers:  []kit.Answer{notFound, {Status: http.StatusForbidden, Description: "Somebody else wrote it"}}, Handle: w.deleteMessage},
	}
}
