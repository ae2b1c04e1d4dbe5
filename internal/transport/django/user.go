package django

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// userSize is about how many bytes a user takes in an answer.
const userSize = 200

func (d *Dialect) users(c *call) (reply, error) {
	users, p, err := list(c.query, func(limit, offset int) ([]account.User, int, error) {
		return d.accounts.Users(c.ctx(), c.actor(), account.UserFilter{
			Except: c.actor().User.ID, NewestFirst: true, Limit: limit, Offset: offset,
		})
	})
	if err != nil {
		return reply{}, err
	}
	b := c.appendHead(make([]byte, 0, 256+userSize*len(users)), p)
	return ok(append(appendAll(b, users, c.appendUser), ']', '}')), nil
}

func (d *Dialect) user(c *call) (reply, error) {
	user, err := d.accounts.User(c.ctx(), c.actor(), c.id)
	if err != nil {
		return reply{}, err
	}
	return ok(c.appendUser(nil, user)), nil
}

func (d *Dialect) ownUser(c *call) (reply, error) {
	return ok(c.appendUser(nil, c.actor().User)), nil
}

func (d *Dialect) updateOwnUser(c *call) (reply, error) {
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	profile, err := d.readProfile(c, in, c.method == http.MethodPatch)
	if err != nil {
		return reply{}, err
	}
	user, err := d.accounts.UpdateProfile(c.ctx(), c.actor(), profile)
	if err != nil {
		return reply{}, err
	}
	return ok(c.appendUser(nil, user)), nil
}

// maxName is the greatest length of a full name, in characters.
const maxName = account.MaxFullName

// readProfile reads the fields of one's own account: all that are required if
// partial is false.
func (d *Dialect) readProfile(c *call, in input, partial bool) (p account.Profile, err error) {
	f := form{in: in, partial: partial}
	if p.Email = f.email(field{max: account.MaxEmail}); p.Email != nil {
		owner, err := d.ownerOf(c, *p.Email)
		if err != nil {
			return p, err
		}
		if owner != 0 && owner != c.actor().User.ID {
			f.fail("email", fieldText(errs.Field{Name: "email", Code: errs.Taken}))
		}
	}
	p.FullName = f.text("full_name", field{max: maxName})
	p.Image, p.ClearImage, err = f.image(c.ctx(), "image_url", field{optional: true, nullable: true}, d.files.CheckImage)
	if err != nil {
		return p, err
	}
	return p, f.err()
}

// ownerOf returns the id of the user who has the address, 0 if nobody has it.
// The database holds it too: this is to tell all errors at once.
func (d *Dialect) ownerOf(c *call, email string) (int64, error) {
	u, err := d.accounts.UserByEmail(c.ctx(), account.Operator(), email)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	return u.ID, err
}

func (c *call) appendUser(b []byte, u account.User) []byte {
	b = appendInt(b, `{"id":`, u.ID)
	b = appendText(b, `,"email":`, u.Email)
	b = appendText(b, `,"full_name":`, u.FullName)
	b = appendFile(b, `,"image_url":`, c.media, u.Image)
	b = appendTime(append(b, `,"date_joined":`...), u.Joined)
	return append(b, '}')
}
