package mail

import (
	"bytes"
	"embed"
	"fmt"
	html "html/template"
	"path"
	"strings"
	text "text/template"
	"time"

	"golang.org/x/text/language"
)

// texts has a folder for each language with a file for each kind of letter,
// and the two layouts that all of them share.
//
//go:embed texts
var texts embed.FS

// languages are those of texts; the first is for all who read none of them.
var languages = []language.Tag{language.English, language.German}

// Letter is what a mail is about.
type Letter struct {
	Kind       string        // the name of a file in texts, such as "reset"
	Language   string        // what the receiver reads, as the header Accept-Language has it
	To, ToName string        // as of a Message
	Link       string        // where the mail leads to; "" for nowhere
	Lasts      time.Duration // the link: whole hours or days
}

// Writer writes letters. It is safe for concurrent use.
type Writer struct {
	site    string
	matcher language.Matcher
	words   []map[string]*text.Template // by language and kind
	plain   *text.Template
	rich    *html.Template
}

// NewWriter returns a Writer for a server that people know by a name, such as
// "music.example.org".
func NewWriter(site string) (*Writer, error) {
	w := &Writer{site: site, matcher: language.NewMatcher(languages)}
	for _, tag := range languages {
		words, err := readWords("texts/" + tag.String())
		if err != nil {
			return nil, err
		}
		w.words = append(w.words, words)
	}
	var err error
	if w.plain, err = text.ParseFS(texts, "texts/layout.txt"); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	if w.rich, err = html.ParseFS(texts, "texts/layout.html"); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return w, nil
}

// readWords reads the files of a language.
func readWords(folder string) (map[string]*text.Template, error) {
	files, err := texts.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	words := map[string]*text.Template{}
	for _, f := range files {
		t, err := text.ParseFS(texts, path.Join(folder, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
		words[strings.TrimSuffix(f.Name(), ".txt")] = t
	}
	return words, nil
}

// body is what the layouts show.
type body struct {
	Language, Subject string
	Greeting          string
	Before, After     []string // paragraphs around the link
	Button, Link      string
	Site              string
}

// Write puts a letter into words. Errors: Internal for a kind that there is not.
func (w *Writer) Write(l Letter) (Message, error) {
	_, at := language.MatchStrings(w.matcher, l.Language)
	words := w.words[at][l.Kind]
	if words == nil {
		return Message{}, fmt.Errorf("mail: there are no words for %q", l.Kind)
	}
	// A name is somebody's choice: it must not look like more of the letter.
	name := strings.Join(strings.Fields(l.ToName), " ")
	b := body{Language: languages[at].String(), Link: l.Link, Site: w.site}
	data := struct{ Name, Site, Lasts string }{name, w.site, period(at, l.Lasts)}
	var err error
	part := func(name string) string {
		var out bytes.Buffer
		if err == nil && words.Lookup(name) != nil {
			err = words.ExecuteTemplate(&out, name, data)
		}
		return strings.TrimSpace(out.String())
	}
	b.Subject, b.Greeting, b.Button = part("subject"), part("greeting"), part("button")
	b.Before, b.After = paragraphs(part("before")), paragraphs(part("after"))
	m := Message{To: l.To, ToName: name, Subject: b.Subject}
	if err == nil {
		m.Text, m.HTML, err = w.layOut(b)
	}
	if err != nil {
		return Message{}, fmt.Errorf("mail: write %s: %w", l.Kind, err)
	}
	return m, nil
}

func (w *Writer) layOut(b body) (plain, rich string, err error) {
	var out bytes.Buffer
	if err := w.plain.Execute(&out, b); err != nil {
		return "", "", err
	}
	plain = out.String()
	out.Reset()
	if err := w.rich.Execute(&out, b); err != nil {
		return "", "", err
	}
	return plain, out.String(), nil
}

// paragraphs splits a text at its empty lines, and joins the lines of each.
func paragraphs(text string) []string {
	var list []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// period words how long a link lasts, in one of the languages.
func period(at int, d time.Duration) string {
	units := [...]struct{ hour, hours, days string }{
		{"one hour", "%d hours", "%d days"},
		{"eine Stunde", "%d Stunden", "%d Tage"},
	}[at]
	const day = 24 * time.Hour
	switch {
	case d == time.Hour:
		return units.hour
	case d < 2*day:
		return fmt.Sprintf(units.hours, d/time.Hour)
	}
	return fmt.Sprintf(units.days, d/day)
}
