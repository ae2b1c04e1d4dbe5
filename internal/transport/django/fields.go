package django

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// A form reads the fields of an input one by one, in the order in which their
// errors are listed, and converts and checks each as the serializer field of
// that name in Django REST framework does
// (https://www.django-rest-framework.org/api-guide/fields/).
type form struct {
	in      input
	partial bool // PATCH: whatever is absent stays as it is
	wrong   fieldErrors
}

// The sentences of Django REST framework that several fields share.
const (
	textRequired    = "This field is required."
	textNull        = "This field may not be null."
	textBlank       = "This field may not be blank."
	textNotString   = "Not a valid string."
	textNotEmail    = "Enter a valid email address."
	textNotInteger  = "A valid integer is required."
	textNULs        = "Null characters are not allowed."
	textLongInteger = "String value too large."
)

func textTooLong(limit int64) string {
	return fmt.Sprintf("Ensure this field has no more than %d characters.", limit)
}

// fail notes what is wrong with a field.
func (f *form) fail(name string, messages ...string) {
	f.wrong = append(f.wrong, fieldError{name, messages})
}

// err returns everything that is wrong, or nil.
func (f *form) err() error {
	if len(f.wrong) == 0 {
		return nil
	}
	return f.wrong
}

// fields reads a body of which nothing is a file, by what read asks of its form.
func (d *Dialect) fields(c *call, read func(f *form)) error {
	in, err := d.read(c)
	if err != nil {
		return err
	}
	defer in.close()
	f := form{in: in}
	read(&f)
	return f.err()
}

// A field is what all kinds of fields can be.
type field struct {
	optional bool   // may be left out
	nullable bool   // may be null
	blank    bool   // may be the empty string
	max      int    // characters; 0 is no limit
	absent   string // the complaint about a missing one, if not textRequired
}

// get returns the value sent for a field. ok is false if there is nothing
// more to do with it: it is absent, or wrong.
func (f *form) get(name string, o field) (v any, ok bool) {
	v, ok = f.in.values[name]
	if ok && v == "" && f.in.html && !o.blank {
		// A form cannot say null, nor leave a text box out.
		if o.nullable {
			v = nil
		} else if o.optional {
			ok = false
		}
	}
	if !ok {
		if !f.partial && !o.optional {
			message := o.absent
			if message == "" {
				message = textRequired
			}
			f.fail(name, message)
		}
		return nil, false
	}
	if v == nil && !o.nullable {
		f.fail(name, textNull)
		return nil, false
	}
	return v, true
}

// text reads a string, trimmed; nil if it is absent or wrong.
func (f *form) text(name string, o field) *string { return f.string(name, o, textNotString, nil) }

// email reads the field of an e-mail address.
func (f *form) email(o field) *string {
	return f.string("email", o, textNotEmail, func(s string) []string {
		if !validEmail(s) {
			return []string{textNotEmail}
		}
		return nil
	})
}

func (f *form) string(name string, o field, notString string, check func(string) []string) *string {
	v, ok := f.get(name, o)
	if !ok {
		return nil
	}
	var s string
	switch v := v.(type) {
	case string, integer, float64:
		s = strip(printed(v))
	default:
		f.fail(name, notString)
		return nil
	}
	if s == "" {
		if !o.blank {
			f.fail(name, textBlank)
			return nil
		}
		return &s
	}
	var messages []string
	if o.max > 0 && characters(s) > o.max {
		messages = append(messages, textTooLong(int64(o.max)))
	}
	if strings.Contains(s, "\x00") {
		messages = append(messages, textNULs)
	}
	if r, found := surrogate(s); found {
		messages = append(messages, fmt.Sprintf("Surrogate characters are not allowed: U+%X.", r))
	}
	if check != nil {
		messages = append(messages, check(s)...)
	}
	if len(messages) > 0 {
		f.fail(name, messages...)
		return nil
	}
	return &s
}

// choice reads one of a few words and returns its place among them: -1 if it
// is absent or wrong.
func (f *form) choice(name string, words []string) int {
	v, ok := f.get(name, field{})
	if !ok {
		return -1
	}
	at := slices.Index(words, printed(v))
	if at < 0 {
		f.fail(name, fmt.Sprintf("\"%s\" is not a valid choice.", printed(v)))
	}
	return at
}

// Bounds of an integer, and of the text that is tried as one.
const (
	minInteger     = -1 << 31
	maxInteger     = 1<<31 - 1
	maxIntegerText = 1000
)

// integer reads a whole number of 32 bits.
func (f *form) integer(name string) *float64 {
	v, ok := f.get(name, field{})
	if !ok {
		return nil
	}
	if s, isString := v.(string); isString && characters(s) > maxIntegerText {
		f.fail(name, textLongInteger)
		return nil
	}
	var n integer
	switch v.(type) {
	case string, integer, float64:
		n, ok = parseInt(withoutZeros(printed(v)))
	default:
		ok = false
	}
	if !ok {
		f.fail(name, textNotInteger)
		return nil
	}
	whole, ok, great := n.fits(minInteger, maxInteger)
	switch {
	case ok:
		exact := float64(whole)
		return &exact
	case great:
		f.fail(name, fmt.Sprintf("Ensure this value is less than or equal to %d.", maxInteger))
	default:
		f.fail(name, fmt.Sprintf("Ensure this value is greater than or equal to %d.", minInteger))
	}
	return nil
}

// withoutZeros drops a decimal point with nothing but zeros after it.
func withoutZeros(s string) string {
	whole, ok := strings.CutSuffix(strings.TrimRight(strings.TrimRightFunc(s, isSpace), "0"), ".")
	if !ok {
		return s
	}
	return whole
}

// related reads the id of a row that exists tells of: 0 for null, nil if it is
// absent or wrong. The error is one of exists, but for NotFound.
func (f *form) related(ctx context.Context, name string, o field, exists func(context.Context, int64) error) (*int64, error) {
	v, ok := f.get(name, o)
	if !ok {
		return nil, nil
	}
	if v == "" {
		if v = nil; !o.nullable {
			f.fail(name, textNull)
			return nil, nil
		}
	}
	var n integer
	switch v := v.(type) {
	case nil:
		return new(int64), nil
	case integer:
		n = v
	case string:
		n, ok = parseInt(v)
	case float64:
		n, ok = truncated(v)
	default:
		ok = false
	}
	if !ok {
		f.fail(name, fmt.Sprintf("Incorrect type. Expected pk value, received %s.", typeName(v)))
		return nil, nil
	}
	id := n.id()
	err := error(&errs.Error{Kind: errs.NotFound})
	if id != 0 {
		err = exists(ctx, id)
	}
	if errs.Is(err, errs.NotFound) {
		f.fail(name, fmt.Sprintf("Invalid pk \"%s\" - object does not exist.", printed(v)))
		return nil, nil
	}
	return &id, err
}

// truncated is Python's int() of a float, which refuses infinity.
func truncated(v float64) (integer, bool) {
	if math.Abs(v) > 1<<62 {
		return "0", !math.IsInf(v, 0) // no row has such an id
	}
	return integer(strconv.FormatInt(int64(v), 10)), true
}

// Forms of the two halves of an e-mail address, as Django's validator has them
// but for quoted local parts and IP addresses, which no account can have.
var (
	emailLocal  = regexp.MustCompile("^[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(\\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*$")
	emailDomain = regexp.MustCompile(`^([\pL\pN]([\pL\pN-]{0,61}[\pL\pN])?\.)+[\pL\pN-]{2,63}$`)
)

// validEmail reports whether both Django's validator and our own rules take
// the address; its length is another matter.
func validEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || utf8.RuneCountInString(s) > 320 || !emailLocal.MatchString(s[:at]) {
		return false
	}
	domain := s[at+1:]
	if domain != "localhost" && (!emailDomain.MatchString(domain) || strings.HasSuffix(domain, "-")) {
		return false
	}
	return utf8.RuneCountInString(s) > account.MaxEmail || account.ValidEmail(s)
}
