package django

import "strings"

// prefix is where the dialect lives.
const prefix = "/api/"

// A router finds the view of a path.
type router struct {
	all   []*view
	fixed map[string]*view // by what follows the prefix: "songs/featured/"
	byID  map[string]*view // by what is around an id: "users/*/messages/"
	byKey map[string]*view // by what is before a key: "auth/registration/account-confirm-email/"
}

func newRouter(views []*view) router {
	t := router{views, map[string]*view{}, map[string]*view{}, map[string]*view{}}
	for _, v := range views {
		if before, ok := strings.CutSuffix(v.pattern, "{key}/"); ok {
			t.byKey[before] = v
		} else if strings.Contains(v.pattern, "{id}") {
			t.byID[strings.Replace(v.pattern, "{id}", "*", 1)] = v
		} else {
			t.fixed[v.pattern] = v
		}
	}
	return t
}

// match returns the view of a path with the id or key in it, "" for none, and the
// format in its suffix: "json" of /api/songs/1.json, which may have a slash
// after it. The view is nil for an unknown path.
func (t router) match(path string) (v *view, id, format string) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		return nil, "", ""
	}
	if v, id = t.plain(rest); v != nil {
		return v, id, ""
	}
	dot := strings.LastIndexByte(rest, '.')
	if dot < 0 {
		return nil, "", ""
	}
	format = strings.TrimSuffix(rest[dot+1:], "/")
	if format == "" || strings.Trim(format, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return nil, "", ""
	}
	rest = rest[:dot]
	if rest != "" {
		rest += "/"
	}
	if v, id = t.plain(rest); v == nil || !v.suffixes {
		return nil, "", ""
	}
	return v, id, format
}

// plain matches what follows the prefix, without a suffix. An id or a key is
// anything without a slash or a dot.
func (t router) plain(rest string) (*view, string) {
	if v := t.fixed[rest]; v != nil {
		return v, ""
	}
	if whole, ok := strings.CutSuffix(rest, "/"); ok {
		slash := strings.LastIndexByte(whole, '/') + 1
		if v, key := t.byKey[whole[:slash]], whole[slash:]; v != nil && key != "" && !strings.Contains(key, ".") {
			return v, key
		}
	}
	kind, rest, _ := strings.Cut(rest, "/")
	id, tail, ok := strings.Cut(rest, "/")
	if !ok || id == "" || strings.Contains(id, ".") {
		return nil, ""
	}
	return t.byID[kind+"/*/"+tail], id
}
