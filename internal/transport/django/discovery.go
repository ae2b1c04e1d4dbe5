package django

import (
	"github.com/antiphon-music/antiphon/internal/catalog"
)

func (d *Dialect) featured(c *call) (reply, error) { return d.shelf(d.catalog.Featured(c.ctx())) }

func (d *Dialect) madeForYou(c *call) (reply, error) {
	return d.shelf(d.catalog.MadeForYou(c.ctx(), c.actor()))
}

func (d *Dialect) trending(c *call) (reply, error) { return d.shelf(d.catalog.Trending(c.ctx())) }

// shelf answers with a few songs in short, whose files have addresses relative
// to the server's.
func (d *Dialect) shelf(songs []catalog.Song, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	m := d.media.From("")
	b := appendAll(append(make([]byte, 0, songSize*len(songs)+2), '['), songs, func(b []byte, s catalog.Song) []byte {
		b = appendInt(b, `{"id":`, s.ID)
		b = appendText(b, `,"title":`, s.Title)
		b = appendText(b, `,"artist":`, s.Artist)
		b = appendFile(b, `,"image_url":`, m, s.Image)
		return append(appendWhole(b, `,"duration":`, s.Duration), '}')
	})
	return ok(append(b, ']')), nil
}
