package node

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

var parameter = regexp.MustCompile(`:(\w+)`)

// Operations documents the routes.
func (d *Dialect) Operations() []kit.Operation {
	operations := make([]kit.Operation, len(d.routes))
	for i, rt := range d.routes {
		operations[i] = kit.Operation{
			Method: rt.method, Path: parameter.ReplaceAllString(rt.pattern, "{$1}"),
			Summary: rt.summary, Tag: rt.tag, Access: rt.access,
			Query: queryOf(rt), Body: bodyOf(rt), Answers: answersOf(rt),
		}
	}
	return operations
}

// Errors samples the bodies of answers with a status of 400 or more.
func (d *Dialect) Errors() []any { return []any{wireText{}} }

// queryOf returns the parameters of lists that may be long.
func queryOf(rt route) []kit.Param {
	skip := kit.Param{Name: "skip", Description: "how many to leave out at the start", Integer: true}
	switch rt.sample.(type) {
	case []wireAlbum, []wireSong, []wireUser, []wireConversation:
		return []kit.Param{
			{Name: "limit", Description: "how many to return at most; all if it is left out", Integer: true},
			skip,
		}
	case []wireMessage:
		return []kit.Param{
			{Name: "before", Description: "the _id of a message of the conversation: only the newest before it"},
			{Name: "limit", Description: fmt.Sprintf("the newest so many, 1 to %d; all if it is left out, or %d with before. With skip, the oldest so many", chat.MaxHistory, chat.DefaultHistory), Integer: true},
			skip,
		}
	}
	return nil
}

func bodyOf(rt route) []kit.Body {
	switch rt.sample.(type) {
	case wireNewSong:
		return []kit.Body{{ContentType: "multipart/form-data", Sample: wireSongForm{}}}
	case wireNewAlbum:
		return []kit.Body{{ContentType: "multipart/form-data", Sample: wireAlbumForm{}}}
	case wireRead:
		return []kit.Body{{ContentType: "application/json", Sample: wireReadForm{}}}
	case wireSuccess:
		return []kit.Body{{ContentType: "application/json", Sample: wireSignUp{}}}
	}
	return nil
}

func answersOf(rt route) []kit.Answer {
	status := http.StatusOK
	writes := bodyOf(rt) != nil
	if writes && rt.access == kit.Admin {
		status = http.StatusCreated
	}
	answers := []kit.Answer{{Status: status, Description: "Done", Sample: rt.sample}}
	refuse := func(status int, why string) {
		answers = append(answers, kit.Answer{Status: status, Description: why, Sample: wireText{}})
	}
	if writes || strings.Contains(rt.pattern, ":") {
		refuse(http.StatusBadRequest, "Something is wrong with what was sent; the message says what")
	}
	if rt.access != kit.Public {
		refuse(http.StatusUnauthorized, "Nobody is signed in")
	}
	if rt.access == kit.Admin || rt.method == http.MethodPost {
		refuse(http.StatusForbidden, "The caller may not")
	}
	switch rt.pattern {
	case "/api/albums/:albumId", "/api/admin/songs/:id", "/api/conversations/:userId/read":
		refuse(http.StatusNotFound, "There is no such thing")
	}
	if writes {
		refuse(http.StatusRequestEntityTooLarge, "The body or a file is over its limit")
	}
	return answers
}
