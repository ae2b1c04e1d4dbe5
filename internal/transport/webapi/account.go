package webapi

import (
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// profile is a change of the own account; what is left out stays.
type profile struct {
	Name              *string `json:"name,omitempty" example:"Maurice Ravel"`
	Email             *string `json:"email,omitempty" doc:"a new one is not verified until it is proved"`
	ActivityVisibleTo *string `json:"activityVisibleTo,omitempty" enum:"everyone acquaintances nobody"`
	ClearImage        bool    `json:"clearImage,omitempty" doc:"removes the picture"`
}

// profileForm is the same with a new picture.
type profileForm struct {
	profile
	Image kit.FilePart `json:"image,omitzero"`
}

func (w *web) updateAccount(c *jsonapi.Call) (any, error) {
	in, image, err := w.readProfile(c)
	if err != nil {
		return nil, err
	}
	audience, err := in.audience()
	if err != nil {
		return nil, err
	}
	u := c.Actor.User
	if in.Name != nil || in.Email != nil || in.ClearImage || image != nil {
		u, err = w.c.Accounts.UpdateProfile(c.Context(), c.Actor, account.Profile{
			FullName: trimmed(in.Name), Email: trimmed(in.Email), ClearImage: in.ClearImage, Image: image,
		})
		if err != nil {
			return nil, err
		}
	}
	if audience != nil {
		// By presence, which also tells those who are online.
		if err := w.c.Presence.SetAudience(c.Context(), c.Actor, *audience); err != nil {
			return nil, err
		}
		u.Audience = *audience
	}
	return w.presenter().toMe(u), nil
}

// readProfile reads either kind of body.
func (w *web) readProfile(c *jsonapi.Call) (in profile, image *file.Upload, err error) {
	if !c.Multipart() {
		return in, nil, c.JSON(&in)
	}
	form, err := c.Form()
	if err != nil {
		return in, nil, err
	}
	if uploads := form.Files["image"]; len(uploads) > 0 {
		image = &uploads[len(uploads)-1]
	}
	for name, values := range form.Values {
		value := values[len(values)-1]
		switch name {
		case "name":
			in.Name = &value
		case "email":
			in.Email = &value
		case "activityVisibleTo":
			in.ActivityVisibleTo = &value
		case "clearImage":
			if value != "true" && value != "false" {
				return in, nil, errs.InvalidFields(errs.Field{Name: name, Code: errs.Malformed, Value: value})
			}
			in.ClearImage = value == "true"
		default:
			return in, nil, jsonapi.UnknownField(name)
		}
	}
	return in, image, nil
}

// audience returns the one that is named, nil for no change.
func (p profile) audience() (*account.Audience, error) {
	if p.ActivityVisibleTo == nil {
		return nil, nil
	}
	for audience, word := range audiences {
		if word == *p.ActivityVisibleTo {
			return &audience, nil
		}
	}
	return nil, errs.InvalidFields(errs.Field{Name: "audience", Code: errs.Unknown, Value: *p.ActivityVisibleTo})
}

func trimmed(text *string) *string {
	if text == nil {
		return nil
	}
	t := strings.TrimSpace(*text)
	return &t
}

type passwordChange struct {
	Current  string `json:"current" doc:"the present password" example:"four loud tubas"`
	Password string `json:"password" doc:"the new one"`
}

func (w *web) changePassword(c *jsonapi.Call) (any, error) {
	var in passwordChange
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	if err := required("current", in.Current, "password", in.Password); err != nil {
		return nil, err
	}
	return nil, w.c.Accounts.ChangeOwnPassword(c.Context(), c.Actor, in.Current, in.Password)
}
