// Package wiretest runs wire scripts: text files that say which request is
// sent and which answer must come back, byte for byte.
//
// A script is a list of cases. The cases of a run share one server and one set
// of variables, and are played in order, file by file:
//
//	# Registration: what a new user gets.
//
//	== ok
//	POST /api/auth/registration/
//	{"email":"alice@example.com","password1":"Str0ngPass!42"}
//	-> 201
//	Vary: Accept, Cookie, origin
//	Set-Cookie: sessionid=<word>; HttpOnly; Path=/
//	{"key":"<alice hex40>"}
//
//	== what got stored
//	GET /api/auth/user/
//	as alice
//	-> 200
//	{"id":<alice.id int>,"email":"alice@example.com","date_joined":"<micros>"}
//
// Blank lines and lines that begin with # mean nothing anywhere, except in the
// text after a |.
//
// # The request
//
// The first line is the method and the target, sent exactly as written
// (//api/albums, /api/%zz). Then, in any order and all before the body:
//
//	Name: value      a header, sent as written and in this order
//	!Name            leave out a header the runner would add: Host, Connection,
//	                 Content-Type, Content-Length
//	as alice         an Authorization header, made by Options.Auth
//	jar browser      send and keep the cookies of the jar of this name
//	repeat 25        play the case 25 times; every answer must be as expected
//
// And one body, in one of these forms:
//
//	{…} or […] or "…"     JSON, with Content-Type: application/json. Further lines
//	                      continue it: they are trimmed and joined with nothing.
//	|text                 text as it stands. Several such lines are joined with a
//	                      newline, so that a last empty | ends the text with one.
//	body text             text; body "te\x00xt" takes the escapes of a Go string
//	form a=1 b="two 2"    URL-encoded, with the Content-Type
//	multipart a=1 f=@x    multipart/form-data, with the Content-Type. Indented
//	                      lines continue form and multipart.
//
// A field's value is a word or a quoted Go string. A value that begins with @
// names a file out of Options.Files, or is a file of so many bytes (@<x*1000>);
// attributes may follow:
//
//	multipart title="Night" image=@cover.png;name="a b.png";type=image/png
//
// Unless given, the file name is that of the file (of generated ones "file") and
// the type application/octet-stream; an empty type= sends no type. With a header Transfer-Encoding:
// chunked the body goes out in chunks and without a length.
//
// # The answer
//
// After -> comes the status, then what else must hold. Nothing is said about a
// header or a body that is not listed.
//
//	Name: value           the header has this value; several lines of a header
//	                      are compared joined with ", ", but of Set-Cookie each
//	                      expected line must be like one of those that came
//	Name: <any>           the header is there; a * is a literal *
//	!Name                 the header is absent
//	{…} […] "…" |… body … the body, byte for byte, as in a request
//	(empty body)          no byte at all
//	body contains text    text is part of the body; may be said several times
//	body lacks text       text is no part of it
//	json~ {…}             JSON compared loosely: white space, the order of members
//	                      and members not listed do not matter
//
// # Placeholders
//
// In what is expected, <kind> stands for any text of that kind, and <name kind>
// keeps the text as a variable. A name that already has a value stands for that
// value. The kinds:
//
//	int, number           a JSON integer, a JSON number
//	hex24, hex40, …       so many lower-case hexadecimal digits
//	alnum7, alnum32, …    so many ASCII letters and digits
//	micros                2026-11-22T14:08:32.515170Z, or no fraction at all
//	millis                2026-11-22T14:18:51.572Z
//	httpdate              Sun, 22 Nov 2026 14:18:51 GMT
//	uuid, etag            an RFC 9562 id in lower case, an RFC 9110 entity tag
//	string                the inside of a JSON string, possibly empty
//	word                  one or more bytes other than white space , ; "
//	any                   anything, also nothing
//
// Any other kind is a regular expression, <name /[a-c]+/>; under the name _ it
// is not kept. Everywhere {name} is the value of a variable and <x*256> is
// that many x. The variables {base}, {host} and {cookie:name} are the server's
// URL, its host and port, and a cookie of the case's jar. << and {{ stand for
// < and {.
package wiretest
