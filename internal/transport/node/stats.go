package node

import "strconv"

func (d *Dialect) stats(q *request) (answer, error) {
	e, err := d.c.Answers.Get("node stats", func() ([]byte, error) {
		s, err := d.c.Catalog.Stats(q.Context())
		if err != nil {
			return nil, err
		}
		b := strconv.AppendInt([]byte(`{"totalAlbums":`), int64(s.Albums), 10)
		b = strconv.AppendInt(append(b, `,"totalSongs":`...), int64(s.Songs), 10)
		b = strconv.AppendInt(append(b, `,"totalUsers":`...), int64(s.Users), 10)
		b = strconv.AppendInt(append(b, `,"totalArtists":`...), int64(s.Artists), 10)
		return append(b, '}'), nil
	})
	if err != nil {
		return answer{}, err
	}
	return prepared(e), nil
}
