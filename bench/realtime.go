package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// realtimeSizes is how many clients there are, and how long is waited.
type realtimeSizes struct {
	idle, most, wished, arrivals, talkers, audience int
	settle                                          time.Duration // until idle memory is measured
	hold                                            time.Duration // how long the most clients stay: beyond the first heartbeat
	slice                                           time.Duration // of one measurement
}

// realtime is what the measurements of the part share.
type realtime struct {
	*bench
	realtimeSizes
	urls map[string]string // of the databases, by engine
}

// measureRealtime compares what goes on over Socket.IO with peers/socketio.
func (b *bench) measureRealtime(ctx context.Context) error {
	r := &realtime{bench: b, urls: map[string]string{}, realtimeSizes: realtimeSizes{
		idle: 10_000, most: mostClients(), wished: wishedClients, arrivals: 5_000, talkers: 1_000, audience: 5_000,
		settle: 10 * time.Second, hold: 30 * time.Second, slice: 2 * b.slice,
	}}
	if b.quick {
		r.realtimeSizes = realtimeSizes{
			idle: 1_000, most: 2_000, wished: 3_000, arrivals: 500, talkers: 200, audience: 500,
			settle: 2 * time.Second, hold: time.Second, slice: max(2*b.slice, time.Second),
		}
	}
	for _, measure := range []func(context.Context) error{
		r.measureIdle, r.measureMost, r.measureArrivals, r.measureMessages, r.measureFanOut,
	} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	return nil
}

// serveCrowd starts a new server of an engine, over users with a key each.
func (r *realtime) serveCrowd(ctx context.Context, engine string) (*process, error) {
	url, err := r.crowdURL(ctx, engine)
	if err != nil {
		return nil, err
	}
	return r.serve(ctx, url)
}

// crowdURL returns the URL of the database that has the users.
func (r *realtime) crowdURL(ctx context.Context, engine string) (string, error) {
	if r.urls[engine] == "" {
		users := max(r.idle, r.wished, r.arrivals, r.audience)
		url, err := r.seeded(ctx, engine, dataset{albums: 1, users: users, messages: readerPartners * conversationMessages})
		if err != nil {
			return "", err
		}
		if err := seedKeys(ctx, url, users); err != nil {
			return "", err
		}
		r.urls[engine] = url
	}
	return r.urls[engine], nil
}

// keyOf returns the key of the n-th user, from 1.
func keyOf(n int) string { return fmt.Sprintf("%040x", n) }

// userOf returns the external id of the n-th user, from 1.
func userOf(n int) string { return "user_" + strconv.Itoa(n) }

// seedKeys gives each user a key.
func seedKeys(ctx context.Context, url string, users int) error {
	db, err := openSQL(url)
	if err != nil {
		return err
	}
	return errors.Join(insertKeys(ctx, db, users), db.Close())
}

func insertKeys(ctx context.Context, db *sql.DB, users int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	const together = 500
	for first := 1; first <= users; first += together {
		var rows []string
		for n := first; n < first+together && n <= users; n++ {
			rows = append(rows, fmt.Sprintf("(%d, '%s', 'bench', 0)", n, hashOf(keyOf(n))))
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO tokens (user_id, hash, label, created_at) VALUES `+strings.Join(rows, ", ")); err != nil {
			return fmt.Errorf("keys: %w", err)
		}
	}
	return tx.Commit()
}

// series is one figure of one contender, round by round.
type series struct {
	values []float64
	cpu    []float64 // µs of the server's processor time for one of whatever is counted
}

func (s *series) add(value, cpu float64) {
	s.values = append(s.values, value)
	s.cpu = append(s.cpu, cpu)
}

// timesOf returns the series of the processor times.
func timesOf(all []series) []series {
	times := make([]series, len(all))
	for i, s := range all {
		times[i].values = s.cpu
	}
	return times
}

// perOne returns a server's processor time since before for one of n things,
// in µs.
func perOne(c contender, before time.Duration, n int) float64 {
	return float64((c.cpu() - before).Microseconds()) / float64(n)
}

// addBeside reports a figure of each of ours beside that of the peer, which is
// the last contender if it runs at all. The target is of the ratio.
func (r *realtime) addBeside(f figure, contenders []contender, all []series) {
	last := len(contenders) - 1
	for i, c := range contenders {
		if c.name == peerSocketIO {
			continue
		}
		f := f
		f.Engine, f.Value, f.CPU = c.name, median(all[i].values), median(all[i].cpu)
		if contenders[last].name == peerSocketIO {
			f.Peer, f.PeerValue, f.PeerCPU = peerSocketIO, median(all[last].values), median(all[last].cpu)
			f.Ratio = medianRatio(all[i].values, all[last].values)
		} else {
			f.Target = target{} // there is nothing to compare with
		}
		r.report.add(f)
	}
}

const peerSocketIO = "socket.io"

// startSocketIO runs the peer. Without Node.js it returns nil, and the report
// says so once.
func (r *realtime) startSocketIO(ctx context.Context) *process {
	p, err := r.startNode(ctx, "socketio")
	if err != nil {
		r.report.omit("Socket.IO for Node: %v", err)
		return nil
	}
	return p
}

// party is a server with a crowd of its own.
type party struct {
	contender
	*crowd
}

// parties starts a server of each engine and the peer, with a crowd of n each.
func (r *realtime) parties(ctx context.Context, engines []string, n int) (list []party, err error) {
	defer func() {
		if err != nil {
			stopParties(list)
		}
	}()
	join := func(name string, p *process) error {
		c, _, err := gather(ctx, p, crowdOf{members: n})
		list = append(list, party{contender{name: name, process: p}, c})
		return err
	}
	for _, engine := range engines {
		p, err := r.serveCrowd(ctx, engine)
		if err != nil {
			return list, err
		}
		if err := join(engine, p); err != nil {
			return list, fmt.Errorf("%s: %w", engine, err)
		}
	}
	if p := r.startSocketIO(ctx); p != nil {
		return list, join(peerSocketIO, p)
	}
	return list, nil
}

func stopParties(list []party) {
	for _, p := range list {
		p.crowd.leave()
		p.stop()
	}
}

func contendersOf(list []party) []contender {
	var contenders []contender
	for _, p := range list {
		contenders = append(contenders, p.contender)
	}
	return contenders
}

// eachRound measures every party in turn, round by round, and fails if anybody lost his connection over it.
func (r *realtime) eachRound(ctx context.Context, list []party, measure func(i int, p party) error) error {
	for range r.rounds {
		for i, p := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := measure(i, p); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			if err := p.complete(); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	return nil
}

// thousands writes a number as people read it: 10,000.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
