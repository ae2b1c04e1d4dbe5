package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// Twenty writers and readers at once get in nobody's way: no error, no
// deadlock, and everything counted right in the end.
func TestWritersAndReadersAtOnce(t *testing.T) {
	const workers, rounds = 20, 15
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var w crowd
		w.store = s
		for n := range 4 {
			w.users = append(w.users, addUser(t, s, n))
			w.albums = append(w.albums, addAlbum(t, s, n))
		}
		g, ctx := errgroup.WithContext(t.Context())
		for n := range workers {
			g.Go(func() error {
				for round := range rounds {
					if err := w.act(ctx, n*rounds+round, n%len(w.acts())); err != nil {
						return fmt.Errorf("worker %d, round %d: %w", n, round, err)
					}
				}
				return nil
			})
		}
		check(t, g.Wait())
		checkCounts(t, s)
	})
}

// crowd is what many do at once with few users and albums.
type crowd struct {
	store  *store.Store
	users  []account.User
	albums []catalog.Album
}

func (w *crowd) act(ctx context.Context, n, kind int) error {
	a, b := w.users[rand.IntN(len(w.users))], w.users[rand.IntN(len(w.users))]
	return w.acts()[kind](ctx, n, w.albums[rand.IntN(len(w.albums))], a, b)
}

func (w *crowd) acts() []func(ctx context.Context, n int, album catalog.Album, a, b account.User) error {
	s := w.store
	return []func(ctx context.Context, n int, album catalog.Album, a, b account.User) error{
		// A song is added to an album: the album first, then the song.
		func(ctx context.Context, n int, album catalog.Album, _, _ account.User) error {
			return s.InTx(ctx, func(ctx context.Context) error {
				if err := s.TouchAlbum(ctx, album.ID, at(n)); err != nil {
					return err
				}
				_, err := s.InsertSong(ctx, song(n, album.ID))
				return err
			})
		},
		// And the other way round, with an artist of its own.
		func(ctx context.Context, n int, album catalog.Album, _, _ account.User) error {
			return s.InTx(ctx, func(ctx context.Context) error {
				v := song(n, album.ID)
				v.Artist = fmt.Sprint("Artist ", n%3)
				if _, err := s.InsertSong(ctx, v); err != nil {
					return err
				}
				return s.TouchAlbum(ctx, album.ID, at(n))
			})
		},
		// Songs move and go, and so does an album of one's own.
		func(ctx context.Context, n int, album catalog.Album, _, _ account.User) error {
			mine, err := s.InsertAlbum(ctx, catalog.Album{OID: ids.New(), Artist: "Artist 1", Created: at(n), Updated: at(n)})
			if err != nil {
				return err
			}
			v, err := s.InsertSong(ctx, song(n, album.ID))
			if err != nil {
				return err
			}
			v.AlbumID, v.Artist = mine.ID, "Artist 2"
			return errors.Join(s.UpdateSong(ctx, v), s.DeleteAlbum(ctx, mine.ID))
		},
		// Messages go both ways, change their receiver, and go.
		func(ctx context.Context, n int, _ catalog.Album, a, b account.User) error {
			m, err := insertMessage(ctx, s, message(n, a.ID, b.ID))
			if err != nil {
				return err
			}
			m.ReceiverID = w.users[n%len(w.users)].ID
			if err := s.UpdateMessage(ctx, m); err != nil || n%2 == 0 {
				return err
			}
			return s.DeleteMessage(ctx, m.ID)
		},
		func(ctx context.Context, n int, _ catalog.Album, a, b account.User) error {
			_, err := insertMessage(ctx, s, message(n, b.ID, a.ID))
			return err
		},
		// A user is changed, and one comes and signs in and out.
		func(ctx context.Context, n int, _ catalog.Album, a, _ account.User) error {
			a.FullName = fmt.Sprint("Changed ", n)
			if err := s.UpdateUser(ctx, a); err != nil {
				return err
			}
			u, err := s.InsertUser(ctx, user(1000+n), "")
			if err != nil {
				return err
			}
			token, err := s.InsertToken(ctx, account.Token{UserID: u.ID, Created: at(n)}, u.ExternalID)
			if err != nil {
				return err
			}
			return errors.Join(s.TouchTokens(ctx, []int64{token.ID}, at(n)), s.DeleteToken(ctx, u.ID, token.ID))
		},
		w.read,
	}
}

func (w *crowd) read(ctx context.Context, _ int, album catalog.Album, a, b account.User) error {
	s := w.store
	_, errSongs := s.Songs(ctx, catalog.Page{Limit: 10, Offset: 3})
	_, errAlbum := s.SongsByAlbum(ctx, album.ID, catalog.ByPosition)
	_, errSample := s.SampleSongs(ctx, 5)
	_, errMessages := s.MessagesOf(ctx, a.ID, chat.Page{Limit: 10, Offset: 5})
	_, errConversation := s.Conversation(ctx, a.ID, b.ID, chat.Page{})
	errStream := s.EachAlbum(ctx, catalog.Page{}, func([]catalog.Album) error { return nil })
	return errors.Join(errSongs, errAlbum, errSample, errMessages, errConversation, errStream)
}

// Who has locked the catalogue or the accounts may read, think and write:
// nobody else has changed anything in between.
func TestLocks(t *testing.T) {
	const workers, rounds = 8, 10
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		u, a := addUser(t, s, 1), addAlbum(t, s, 1)
		g, ctx := errgroup.WithContext(t.Context())
		for n := range workers {
			g.Go(func() error {
				for range rounds {
					err := s.InTx(ctx, func(ctx context.Context) error {
						if n%2 == 0 {
							return raiseYear(ctx, s, a.ID)
						}
						return growName(ctx, s, u.ID)
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		check(t, g.Wait())
		equal(t, "year", must(s.AlbumByID(t.Context(), a.ID))(t).ReleaseYear, a.ReleaseYear+workers/2*rounds)
		equal(t, "name", len(must(s.UserByID(t.Context(), u.ID))(t).FullName), len(u.FullName)+workers/2*rounds)
	})
}

func raiseYear(ctx context.Context, s *store.Store, id int64) error {
	if err := s.LockCatalog(ctx); err != nil {
		return err
	}
	a, err := s.AlbumByID(ctx, id)
	if err != nil {
		return err
	}
	a.ReleaseYear++
	return s.UpdateAlbum(ctx, a)
}

func growName(ctx context.Context, s *store.Store, id int64) error {
	if err := s.LockAccounts(ctx); err != nil {
		return err
	}
	u, err := s.UserByID(ctx, id)
	if err != nil {
		return err
	}
	u.FullName += "!"
	return s.UpdateUser(ctx, u)
}
