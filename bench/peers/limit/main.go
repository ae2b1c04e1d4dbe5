// Command limit is how fast Go's net/http can be: it answers each path with
// bytes that were prepared before, and does nothing else. It is a peer of the
// benchmarks, and the most that net/http can do.
//
// The first argument is the address to listen on, the second a JSON file of the
// answers by request target: {"/api/albums": {"header": {…}, "body": "…"}}.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
)

type answer struct {
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"` // base64 in JSON
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(addr, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	answers := map[string]*answer{}
	if err := json.Unmarshal(text, &answers); err != nil {
		return err
	}
	for _, a := range answers {
		a.Header.Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	return http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := answers[r.RequestURI]
		if !ok {
			http.NotFound(w, r)
			return
		}
		header := w.Header()
		for name, values := range a.Header {
			header[name] = values
		}
		w.Write(a.Body)
	}))
}
