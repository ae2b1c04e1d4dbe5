package jsonapi

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// router finds the routes of a path. Of two patterns that fit, the one counts
// that has a literal first where the other has a parameter; http.ServeMux would
// refuse such a pair, and redirect paths that it finds unclean.
type router []place

// place is a path with its routes.
type place struct {
	segments []string // "{id}" for a parameter
	methods  methods
}

// methods are the routes of one path.
type methods map[string]*Route

// newRouter panics if two routes are one.
func newRouter(routes []Route) router {
	var rt router
	for i := range routes {
		route := &routes[i]
		segments := strings.Split(strings.TrimPrefix(route.Path, "/"), "/")
		at := slices.IndexFunc(rt, func(p place) bool { return slices.Equal(p.segments, segments) })
		if at < 0 {
			at = len(rt)
			rt = append(rt, place{segments, methods{}})
		}
		if rt[at].methods[route.Method] != nil {
			panic("jsonapi: two routes are " + route.Method + " " + route.Path)
		}
		rt[at].methods[route.Method] = route
	}
	slices.SortStableFunc(rt, func(a, b place) int {
		if n := len(a.segments) - len(b.segments); n != 0 {
			return n // never in each other's way
		}
		for i := range a.segments {
			switch pa, pb := isParam(a.segments[i]), isParam(b.segments[i]); {
			case pa && !pb:
				return 1
			case pb && !pa:
				return -1
			}
		}
		return 0
	})
	return rt
}

func isParam(segment string) bool { return strings.HasPrefix(segment, "{") }

// find returns the routes of an escaped path below the prefix, with the
// decoded values of its parameters; nil for none.
func (rt router) find(path string) (methods, map[string]string) {
	given := strings.Split(path, "/")
	for i, segment := range given {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return nil, nil
		}
		given[i] = decoded
	}
	for _, p := range rt {
		if params, ok := p.match(given); ok {
			return p.methods, params
		}
	}
	return nil, nil
}

func (p place) match(given []string) (map[string]string, bool) {
	if len(p.segments) != len(given) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range p.segments {
		switch {
		case isParam(segment) && given[i] != "":
			params[strings.Trim(segment, "{}")] = given[i]
		case segment != given[i]:
			return nil, false
		}
	}
	return params, true
}

// route returns the one of a method, of GET for HEAD; nil for none.
func (m methods) route(method string) *Route {
	if method == http.MethodHead && m[method] == nil {
		method = http.MethodGet
	}
	return m[method]
}

// allowed lists the methods, as the header Allow has them.
func (m methods) allowed() string {
	names := slices.Collect(maps.Keys(m))
	if m[http.MethodGet] != nil && m[http.MethodHead] == nil {
		names = append(names, http.MethodHead)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
