package django

import (
	"math"
	"slices"
	"strconv"
)

// pageSize is how many items a page has.
const pageSize = 20

// A page is a part of a list that the query asks for.
type page struct {
	number int // from 1
	total  int // items in all
}

// pageNumber returns the page that the query asks for as a number from 1 on,
// or 0 for the last one. Errors: errInvalidPage.
func pageNumber(query params) (int, error) {
	values, ok := query["page"]
	if !ok {
		return 1, nil
	}
	text := last(values)
	if text == "last" {
		return 0, nil
	}
	n, ok := parseInt(text)
	if !ok {
		return 0, errInvalidPage
	}
	v, ok, _ := n.fits(1, math.MaxInt32)
	if !ok {
		return 0, errInvalidPage
	}
	return int(v), nil
}

// list has read fetch one page of a list: first with what it expects to be the
// place of it, and again only if the query asks for the last page. read
// returns how many items there are in all.
func list[T any](query params, read func(limit, offset int) ([]T, int, error)) ([]T, page, error) {
	number, err := pageNumber(query)
	if err != nil {
		return nil, page{}, err
	}
	if number == 0 {
		_, total, err := read(1, 0)
		if err != nil {
			return nil, page{}, err
		}
		number = pages(total)
	}
	items, total, err := read(pageSize, (number-1)*pageSize)
	if err != nil {
		return nil, page{}, err
	}
	if number > pages(total) {
		return nil, page{}, errInvalidPage
	}
	return items, page{number, total}, nil
}

// pages is how many pages there are: an empty list has one.
func pages(total int) int { return max(1, (total+pageSize-1)/pageSize) }

// appendHead appends the beginning of a page up to its items.
func (c *call) appendHead(b []byte, p page) []byte {
	b = append(b, `{"count":`...)
	b = strconv.AppendInt(b, int64(p.total), 10)
	b = append(b, `,"next":`...)
	b = c.appendLink(b, p, p.number+1)
	b = append(b, `,"previous":`...)
	b = c.appendLink(b, p, p.number-1)
	return append(b, `,"results":[`...)
}

// appendLink appends the address of another page, with the rest of the query
// as it came but sorted by name, or null if there is no such page.
func (c *call) appendLink(b []byte, p page, number int) []byte {
	if number < 1 || number > pages(p.total) {
		return append(b, "null"...)
	}
	link := append([]byte(c.base), c.r.URL.Path...)
	link = c.appendQuery(link, "page", number)
	return appendString(b, string(link))
}

// appendQuery appends the request's query with one parameter set to a number,
// or removed if the number is 1.
func (c *call) appendQuery(link []byte, name string, number int) []byte {
	names := make([]string, 0, len(c.query)+1)
	for n := range c.query {
		if n != name {
			names = append(names, n)
		}
	}
	if number != 1 {
		names = append(names, name)
	}
	slices.Sort(names)
	mark := byte('?')
	for _, n := range names {
		values := c.query[n]
		if n == name {
			values = []string{strconv.Itoa(number)}
		}
		for _, v := range values {
			link = append(link, mark)
			mark = '&'
			link = append(appendEscaped(link, n), '=')
			link = appendEscaped(link, v)
		}
	}
	return link
}

// remembered answers with the body that build makes, or with the one it made
// for an equal request of the same catalogue revision. A query that could be
// anything is not worth remembering.
func (d *Dialect) remembered(c *call, build func() ([]byte, error)) (reply, error) {
	if len(c.query) > 1 || len(c.query) == 1 && c.query["page"] == nil || len(c.r.URL.RawQuery) > 20 {
		body, err := build()
		return ok(body), err
	}
	e, err := d.answers.Get("django "+c.media.Key()+c.r.URL.Path+"?"+c.r.URL.RawQuery, build)
	if err != nil {
		return reply{}, err
	}
	return ok(e.Body), nil
}
