package django

// root answers with the addresses of the lists, in the format of the request.
func (d *Dialect) root(c *call) (reply, error) {
	b := []byte{'{'}
	for i, name := range []string{"users", "songs", "albums", "messages"} {
		if i > 0 {
			b = append(b, ',')
		}
		link := c.base + prefix + name
		if c.format != "" {
			link += "." + c.format
		} else {
			link += "/"
		}
		if format, ok := c.query["format"]; ok {
			link += "?format=" + string(appendEscaped(nil, last(format)))
		}
		b = appendText(appendString(b, name), ":", link)
	}
	return ok(append(b, '}')), nil
}
