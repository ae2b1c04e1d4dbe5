package app

import "github.com/antiphon-music/antiphon/internal/transport/kit"

// summary says what the program is, on its pages.
const summary = "A music server for your friends, your band or your school: songs, albums and messages, " +
	"for any client that speaks one of its dialects."

// The shapes of what the server answers outside of the dialects, for the
// documentation.

type healthJSON struct {
	Status string `json:"status" example:"ok"`
}

type readyJSON struct {
	Database string `json:"database" doc:"ok or failing" example:"ok"`
	Media    string `json:"media" doc:"ok or failing: whether uploads can be kept" example:"ok"`
	Status   string `json:"status" doc:"ok or unavailable" example:"ok"`
}

type messageJSON struct {
	Message string `json:"message"`
}

const (
	plainText = "text/plain"
	html      = "text/html"
)

// ownOperations documents the routes outside of the dialects, with the metrics
// or without.
func ownOperations(metrics bool) []kit.Operation {
	operations := []kit.Operation{
		{Method: "GET", Path: "/media/{name}", Tag: "Files", Summary: "Fetch a file, whole or in ranges",
			Query: []kit.Param{
				{
					Name: "size", Integer: true,
					Description: "of an image: the pixels of a square to fit it into; " +
						"the next of 64, 160, 300, 640 and 1200 is sent, or the original",
				},
				{Name: "exp", Integer: true, Description: "in addresses of a private instance: until when, in Unix time, they are good"},
				{Name: "sig", Description: "the signature that goes with exp"},
			},
			Answers: []kit.Answer{
				{Status: 200, Description: "The file, which may be kept for ever, or until a signed address expires", ContentType: "audio/*"},
				{Status: 200, ContentType: "image/*"},
				{Status: 206, Description: "What the header Range asked for", ContentType: "audio/*"},
				{Status: 206, ContentType: "image/*"},
				{Status: 302, Description: "Where the file is: if clients fetch files from the storage themselves"},
				{Status: 304, Description: "The file is the one whose tag came in If-None-Match"},
				{Status: 400, Description: "The size is no number of pixels", Sample: messageJSON{}},
				{Status: 403, Description: "On a private instance: the address is not signed or has expired, and nobody is signed in", Sample: messageJSON{}},
				{Status: 404, Description: "There is no such file", Sample: messageJSON{}},
				{Status: 416, Description: "The range is not in the file", Sample: messageJSON{}},
				{Status: 503, Description: "The file cannot be read at the moment", Sample: messageJSON{}},
			}},
		{Method: "GET", Path: "/healthz", Tag: "Operating", Summary: "Tell whether the server runs",
			Answers: []kit.Answer{{Status: 200, Description: "It does", Sample: healthJSON{}}}},
		{Method: "GET", Path: "/readyz", Tag: "Operating", Summary: "Tell whether the server can do its work",
			Answers: []kit.Answer{
				{Status: 200, Description: "It can", Sample: readyJSON{}},
				{Status: 503, Description: "A part of it fails", Sample: readyJSON{}},
			}},
	}
	if metrics {
		operations = append(operations, kit.Operation{
			Method: "GET", Path: "/metrics", Tag: "Operating", Summary: "Measure the server, for Prometheus", Access: kit.Admin,
			Answers: []kit.Answer{
				{Status: 200, Description: "The metrics", ContentType: plainText},
				{Status: 401, Description: "Nobody knows who asks", ContentType: plainText},
				{Status: 403, Description: "Whoever asks is no admin", ContentType: plainText},
				{Status: 503, Description: "The accounts cannot be read at the moment", ContentType: plainText},
			},
		})
	}
	page := func(path, summary, contentType string) kit.Operation {
		return kit.Operation{Method: "GET", Path: path, Tag: "Documentation", Summary: summary,
			Answers: []kit.Answer{{Status: 200, ContentType: contentType}}}
	}
	return append(operations,
		page("/", "Show the web app, or without it say where to go", html),
		page("/api/docs/", "Show this documentation", html),
		page("/api/schema/", "Send the OpenAPI document", "application/json"))
}
