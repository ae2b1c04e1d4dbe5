package store

// window is a page of a list by creation, newest first, read from the nearer
// end of its index: the last pages are as cheap as the first.
type window struct {
	limit, offset int64
	fromOldest    bool
}

func windowOf(total, pageLimit, pageOffset int) window {
	offset := max(0, min(pageOffset, total))
	n := total - offset
	if pageLimit > 0 {
		n = min(n, pageLimit)
	}
	if offset > total/2 {
		return window{limit: int64(n), offset: int64(total - offset - n), fromOldest: true}
	}
	return window{limit: int64(n), offset: int64(offset)}
}

func (w window) order() string {
	if w.fromOldest {
		return `created_at, id`
	}
	return `created_at DESC, id DESC`
}
