package files

import (
	"net/http"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// keeping says who may keep an answer, and for how long.
type keeping struct {
	scope  string        // "public" or "private"; "" for one that is asked for again each time
	age    time.Duration // 0 is for ever, or a year
	shared bool          // a CDN is told as well as browsers
}

// Values of headers as net/http keeps them; nobody changes them.
var (
	keptForever     = []string{"public, max-age=31536000, immutable"}
	keptByCDN       = []string{"public, max-age=31536000, s-maxage=31536000, immutable"}
	keptByNobody    = []string{"private, no-cache"}
	redirectForHour = []string{"public, max-age=" + strconv.Itoa(int(linkAge/time.Second))}
)

// whole returns Cache-Control of an answer with the file.
func (k keeping) whole() []string {
	switch {
	case k.scope == "":
		return keptByNobody
	case k.age > 0:
		return []string{k.until(k.age) + ", immutable"}
	case k.shared:
		return keptByCDN
	}
	return keptForever
}

// redirect returns Cache-Control of a redirect to the file.
func (k keeping) redirect() []string {
	switch {
	case k.scope == "":
		return keptByNobody
	case k.age > 0:
		return []string{k.until(min(k.age, linkAge))}
	}
	return redirectForHour
}

func (k keeping) until(age time.Duration) string {
	seconds := strconv.FormatInt(int64(age/time.Second), 10)
	if k.shared {
		return k.scope + ", max-age=" + seconds + ", s-maxage=" + seconds
	}
	return k.scope + ", max-age=" + seconds
}

// admit returns how the answer about a name may be kept. Where addresses are
// signed it fails with errs.Forbidden unless the signature is good or whoever
// asks is signed in, which is only looked at where it matters: thus an answer to
// a signed address is the same for all, and does not vary by cookies.
func (h *Handler) admit(r *http.Request, name string) (keeping, error) {
	public := keeping{scope: "public", shared: h.urls.Public != ""}
	if h.urls.Signer == nil {
		return public, nil
	}
	if left, ok := h.urls.Signer.Check(name, r.URL.Query()); ok {
		public.age = max(left, time.Second)
		if !public.shared {
			public.scope = "private"
		}
		return public, nil
	}
	caller, err := h.identifier.Caller(r)
	if err != nil {
		return keeping{}, err
	}
	if !caller.Actor.Known() {
		return keeping{}, &errs.Error{Kind: errs.Forbidden}
	}
	return keeping{}, nil
}
