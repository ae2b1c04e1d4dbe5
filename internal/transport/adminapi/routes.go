package adminapi

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// The groups of the routes in the documentation.
const (
	objects   = "Objects"
	operating = "Operating"
)

// sentForm samples the JSON body of a form: values by the names of the fields.
type sentForm map[string]any

// sentFiles samples a multipart one, which has the other fields as parts too.
type sentFiles struct {
	Title string       `json:"title,omitempty" doc:"and every other field of the model's form"`
	Image kit.FilePart `json:"image,omitempty"`
	Audio kit.FilePart `json:"audio,omitempty"`
}

// routes are all of the interface. What the role of a route lets pass, the
// model itself may still refuse.
func (a *api) routes() []jsonapi.Route {
	image, sound := a.ImageLimit, a.AudioLimit
	formFiles := map[string]int64{"image": image, "audio": sound}
	list := append(
		[]kit.Param{
			{Name: "q", Description: "words to search for, all of which have to be found; quotes keep words together. Any filter of the model is a parameter too"},
			{Name: "order", Description: "the columns to sort by, with commas between; a minus puts the greatest first"},
		}, jsonapi.PageParams(maxRows)...)
	routes := []jsonapi.Route{
		{Method: "GET", Path: "", Role: account.Viewer, Tag: operating, Summary: "Describe the panel", Out: indexJSON{}, Handle: a.index},
		{Method: "GET", Path: "dashboard", Role: account.Viewer, Tag: operating, Summary: "Show the dashboard", Out: dashboardJSON{}, Handle: a.dashboard},
		{Method: "POST", Path: "uploads", Role: account.Editor, Tag: operating, Summary: "Make a song of an audio file",
			Form: uploadForm{}, Files: map[string]int64{"audio": sound}, Out: uploadedJSON{}, Status: http.StatusCreated,
			Answers: []kit.Answer{{Status: http.StatusConflict, Description: "The very file is there already; the details name the song"}},
			Handle:  a.upload},
		{Method: "GET", Path: "jobs", Role: account.Viewer, Tag: operating, Summary: "List what the server does by itself", Out: []jobJSON{}, Handle: a.jobs},
		{Method: "POST", Path: "jobs/{name}/run", Role: account.Administrator, Tag: operating, Summary: "Start a job now",
			Status: http.StatusAccepted, Handle: a.runJob},
		{Method: "GET", Path: "jobs/queues", Role: account.Viewer, Tag: operating, Summary: "Count the tasks that wait, run and have failed",
			Out: []queueJSON{}, Handle: a.queues},
		{Method: "GET", Path: "jobs/runs", Role: account.Viewer, Tag: operating, Summary: "List the last runs, the newest first",
			Query: append([]kit.Param{{Name: "job", Description: "the name of a job, to see its runs alone"}}, jsonapi.PageParams(jsonapi.MaxLimit)...),
			Out:   []runJSON{}, Handle: a.runs},
		{Method: "GET", Path: "jobs/failed", Role: account.Viewer, Tag: operating, Summary: "List the tasks that were given up, the latest first",
			Query: jsonapi.PageParams(jsonapi.MaxLimit), Out: failedJSON{}, Handle: a.failed},
		{Method: "POST", Path: "jobs/failed/{id}/retry", Role: account.Administrator, Tag: operating, Summary: "Try a failed task again",
			Status: http.StatusAccepted, Handle: a.retryJob},
		{Method: "DELETE", Path: "jobs/failed/{id}", Role: account.Administrator, Tag: operating, Summary: "Discard a failed task", Handle: a.discardJob},
		{Method: "GET", Path: "server-log", Role: account.Administrator, Tag: operating, Summary: "Follow the server's log",
			Query:  []kit.Param{{Name: "level", Description: "the least level to tell of: debug, info, warn or error"}},
			Status: http.StatusOK,
			Answers: []kit.Answer{{Status: http.StatusOK, Description: "Server-sent events, each with one line as its data",
				ContentType: "text/event-stream", Sample: lineJSON{}}},
			Handle: a.serverLog},

		{Method: "GET", Path: "{model}", Role: account.Viewer, Tag: objects, Summary: "List objects", Query: list, Out: listJSON{}, Handle: a.list},
		{Method: "POST", Path: "{model}", Role: account.Editor, Tag: objects, Summary: "Add an object",
			In: sentForm{}, Form: sentFiles{}, Files: formFiles, Out: objectJSON{}, Status: http.StatusCreated, Handle: a.add},
		{Method: "GET", Path: "{model}/facets", Role: account.Viewer, Tag: objects, Summary: "Count what each filter would find",
			Query: list[:1], Out: facetsJSON{}, Handle: a.facets},
		{Method: "GET", Path: "{model}/options", Role: account.Viewer, Tag: objects, Summary: "Offer objects to pick from",
			Query: []kit.Param{{Name: "q", Description: "words to search for"}, {Name: "limit", Integer: true, Description: "how many at most"}},
			Out:   []optionJSON{}, Handle: a.options},
		{Method: "POST", Path: "{model}/actions/{name}", Role: account.Editor, Tag: objects, Summary: "Do something to objects, or tell what it would do",
			Query: []kit.Param{{Name: "preview", Integer: true, Description: "1 to be told and have nothing done"}},
			In:    selectionJSON{}, Out: doneJSON{},
			Answers: []kit.Answer{{Status: http.StatusOK, Description: "With preview=1: what would be done", Sample: previewJSON{}}},
			Handle:  a.act},
		{Method: "GET", Path: "{model}/{id}", Role: account.Viewer, Tag: objects, Summary: "Show an object", Out: objectJSON{}, Handle: a.get},
		{Method: "PATCH", Path: "{model}/{id}", Role: account.Editor, Tag: objects, Summary: "Change an object",
			In: sentForm{}, Form: sentFiles{}, Files: formFiles, Out: objectJSON{}, Handle: a.change},
		{Method: "GET", Path: "{model}/{id}/history", Role: account.Viewer, Tag: objects, Summary: "Tell who changed an object", Out: []entryJSON{}, Handle: a.history},
	}
	names := a.names()
	for i := range routes {
		routes[i].Access = kit.SignedIn
		routes[i].Fields = names
	}
	return routes
}

// names keeps the names that the models declare as they are, and calls a search
// what the query calls it.
func (a *api) names() map[string]string {
	names := map[string]string{"search": "q"}
	for _, m := range a.models {
		for _, f := range m.fields("") {
			names[f.Name] = f.Name
		}
		for _, f := range m.Filters {
			names[f.Name] = f.Name
		}
	}
	return names
}
