package django

func (d *Dialect) stats(c *call) (reply, error) {
	e, err := d.answers.Get("django stats", func() ([]byte, error) {
		s, err := d.catalog.Stats(c.ctx())
		if err != nil {
			return nil, err
		}
		b := appendInt(nil, `{"total_songs":`, int64(s.Songs))
		b = appendInt(b, `,"total_albums":`, int64(s.Albums))
		b = appendInt(b, `,"total_users":`, int64(s.Users))
		b = appendInt(b, `,"total_artists":`, int64(s.Artists))
		return append(b, '}'), nil
	})
	if err != nil {
		return reply{}, err
	}
	return ok(e.Body), nil
}
