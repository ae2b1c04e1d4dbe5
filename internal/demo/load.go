package demo

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
)

// Password is the password of every demo user. It is in the documentation: a
// demo is no place for anything private.
const Password = "listen-together"

// Admin returns the demo user who is the admin.
func Admin() User { return Users()[0] }

// Loader adds the library to a server. What is there already it leaves as it
// is, so that it can be run again after it was interrupted.
type Loader struct {
	Accounts *account.Service
	Catalog  *catalog.Service
	// Chat returns a chat whose clock stands at the time given: the
	// conversations took place before now.
	Chat  func(now func() time.Time) *chat.Service
	Stage *media.Stage
	Songs []Song // those to add: all Songs, but for tests
	Now   func() time.Time
	Log   *slog.Logger
}

// Load adds what is missing of the library: people and albums first, then the
// songs, each as soon as it is rendered.
func (l *Loader) Load(ctx context.Context) error {
	start := l.Now()
	users, err := l.users(ctx)
	if err != nil {
		return fmt.Errorf("demo users: %w", err)
	}
	if err := l.messages(ctx, users, start); err != nil {
		return fmt.Errorf("demo messages: %w", err)
	}
	albums, err := l.albums(ctx)
	if err != nil {
		return fmt.Errorf("demo albums: %w", err)
	}
	added, err := l.songs(ctx, albums)
	if err != nil {
		return fmt.Errorf("demo songs: %w", err)
	}
	if added > 0 {
		l.Log.InfoContext(ctx, "the demo library is complete", "songs_added", added, "took", l.Now().Sub(start).Round(time.Millisecond))
	}
	return nil
}

func (l *Loader) users(ctx context.Context) ([]account.User, error) {
	users := make([]account.User, len(Users()))
	for i, d := range Users() {
		u, err := l.Accounts.UserByEmail(ctx, account.Operator(), d.Email)
		if errs.Is(err, errs.NotFound) {
			role := account.Member
			if i == 0 {
				role = account.Administrator
			}
			u, err = l.Accounts.Create(ctx, account.Operator(), account.NewUser{
				Email: d.Email, FullName: d.FullName, Password: Password, Verified: true, Role: role,
			})
		}
		if err != nil {
			return nil, err
		}
		if u.Image == "" {
			if u, err = l.avatar(ctx, u, d); err != nil {
				return nil, err
			}
		}
		users[i] = u
	}
	return users, nil
}

func (l *Loader) avatar(ctx context.Context, u account.User, d User) (account.User, error) {
	picture, err := Avatar(d)
	if err != nil {
		return u, err
	}
	up, err := l.receive(ctx, picture, fileName(d.FullName)+ImageExtension)
	if err != nil {
		return u, err
	}
	defer up.Staged.Discard()
	return l.Accounts.UpdateProfile(ctx, actorFor(u), account.Profile{Image: &up})
}

// actorFor acts as a demo user, as the operator may.
func actorFor(u account.User) account.Actor { return account.Actor{User: u, Via: account.ViaOperator} }

func (l *Loader) messages(ctx context.Context, users []account.User, end time.Time) error {
	var at time.Time
	room := l.Chat(func() time.Time { return at })
	for _, u := range users {
		if _, n, err := room.Messages(ctx, actorFor(u), chat.Page{Limit: 1}); err != nil || n > 0 {
			return err // they have begun to write already
		}
	}
	for _, m := range Messages() {
		at = end.Add(-time.Duration(m.MinutesAgo) * time.Minute)
		if _, err := room.Send(ctx, actorFor(users[m.From]), users[m.To].ID, m.Text); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loader) albums(ctx context.Context) ([]catalog.Album, error) {
	there, _, err := l.Catalog.Albums(ctx, catalog.Page{})
	if err != nil {
		return nil, err
	}
	known := map[string]catalog.Album{}
	for _, a := range there {
		known[a.Title+"\n"+a.Artist] = a
	}
	albums := make([]catalog.Album, len(Albums()))
	for i, d := range Albums() {
		a, ok := known[d.Title+"\n"+d.Artist]
		if !ok {
			if a, err = l.album(ctx, d); err != nil {
				return nil, err
			}
		}
		albums[i] = a
	}
	return albums, nil
}

func (l *Loader) album(ctx context.Context, d Album) (catalog.Album, error) {
	picture, err := Cover(d.Cover)
	if err != nil {
		return catalog.Album{}, err
	}
	up, err := l.receive(ctx, picture, fileName(d.Title)+ImageExtension)
	if err != nil {
		return catalog.Album{}, err
	}
	defer up.Staged.Discard()
	return l.Catalog.CreateAlbum(ctx, account.Operator(), catalog.NewAlbum{
		Title: d.Title, Artist: d.Artist, ReleaseYear: float64(d.Year), Image: up,
	})
}

// rendered is a song's files.
type rendered struct{ audio, image []byte }

// songs renders on every processor and adds in the order of the library.
func (l *Loader) songs(ctx context.Context, albums []catalog.Album) (added int, err error) {
	there, _, err := l.Catalog.Songs(ctx, catalog.Page{})
	if err != nil {
		return 0, err
	}
	known := map[string]bool{}
	for _, s := range there {
		known[s.Title+"\n"+s.Artist] = true
	}
	var missing []Song
	for _, d := range l.Songs {
		if !known[d.Title+"\n"+d.Artist] {
			missing = append(missing, d)
		}
	}
	ready := make([]chan rendered, len(missing))
	for i := range ready {
		ready[i] = make(chan rendered, 1)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return renderAll(ctx, missing, ready) })
	g.Go(func() error {
		for i, d := range missing {
			select {
			case files := <-ready[i]:
				if err := l.song(ctx, d, files, albums); err != nil {
					return err
				}
				added++
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return added, g.Wait()
}

func renderAll(ctx context.Context, songs []Song, ready []chan rendered) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range songs {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			audio, err := Render(d)
			if err != nil {
				return err
			}
			image, err := Cover(d.Cover)
			if err != nil {
				return err
			}
			ready[i] <- rendered{audio, image}
			return nil
		})
	}
	return g.Wait()
}

func (l *Loader) song(ctx context.Context, d Song, files rendered, albums []catalog.Album) error {
	audio, err := l.receive(ctx, files.audio, fileName(d.Title)+SongExtension)
	if err != nil {
		return err
	}
	defer audio.Staged.Discard()
	image, err := l.receive(ctx, files.image, fileName(d.Title)+ImageExtension)
	if err != nil {
		return err
	}
	defer image.Staged.Discard()
	in := catalog.NewSong{
		Title: d.Title, Artist: d.Artist, Duration: math.Round(d.Duration().Seconds()), Image: image, Audio: audio,
	}
	if d.Album != NoAlbum {
		in.AlbumID = albums[d.Album].ID
	}
	_, err = l.Catalog.CreateSong(ctx, account.Operator(), in)
	return err
}

func (l *Loader) receive(ctx context.Context, content []byte, name string) (file.Upload, error) {
	staged, err := l.Stage.Receive(ctx, bytes.NewReader(content), int64(len(content)))
	return file.Upload{Staged: staged, Filename: name}, err
}

func fileName(title string) string { return strings.ReplaceAll(strings.ToLower(title), " ", "-") }
