package realtime

import (
	"iter"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// userConnected answers with everybody who is online and what they do. Others
// learn of the user when presence publishes that he has come.
func (e *event) userConnected() error {
	if !plainlyIs(e.Raw(0), e.from.externalID) {
		if err := e.claims(e.payload()); err != nil {
			return err
		}
	}
	// The lists are as long as there are users online.
	e.rt.pace(e.socket, e.rt.c.Presence.Count())
	if err := e.rt.arrive(e.socket, e.from, true); err != nil {
		return err
	}
	e.succeed(done{OK: true})
	return nil
}

const activityModel = "Activity"

// updateActivity says what the user does, and thereby that he is there.
func (e *event) updateActivity() error {
	activity, err := e.readActivity()
	if err != nil {
		return err
	}
	e.rt.pace(e.socket, e.rt.sockets.Len())
	// The first time is for its error, if the user is not online yet: what is
	// wrong makes nobody so.
	set := func() error { return e.rt.c.Presence.SetActivity(e.rt.ctx, e.from.actor(), activity) }
	if err := set(); err != nil {
		return refused(activityModel, err)
	}
	if err := e.rt.arrive(e.socket, e.from, false); err != nil {
		return err
	}
	if err := set(); err != nil {
		return err
	}
	e.succeed(done{OK: true})
	return nil
}

// readActivity returns what the user does, "" for nothing.
func (e *event) readActivity() (string, error) {
	m := [...]member{{name: "userId"}, {name: "activity"}}
	if plain(e.Raw(0), m[:]) && m[0].absentOr(e.from.externalID) && m[1].token != nil {
		return m[1].text(), nil
	}
	sent := e.payload()
	if err := destructured("userId", "", sent); err != nil {
		return "", err
	}
	if err := e.claims(mongoose.Member(sent, "userId")); err != nil {
		return "", err
	}
	activity, present, ok := mongoose.CastString(mongoose.Member(sent, "activity"))
	if !ok || !present {
		// An empty activity is none and not wrong, which is why no Validator
		// takes it.
		v := mongoose.Validator{Model: activityModel}
		v.Text("activity", mongoose.Member(sent, "activity"))
		return "", v.Err()
	}
	return activity, nil
}

// An arrival is a socket whose user has said that he is there.
type arrival struct {
	socket   *socketio.Socket
	person   *person
	snapshot bool       // it wants to know who is online
	served   chan error // gets one value
}

// arrive has presence count a socket, once however often it is called, and
// waits until that is done: what the client sends next comes after it.
func (rt *Realtime) arrive(s *socketio.Socket, p *person, snapshot bool) error {
	p.mu.Lock()
	p.announced = true
	counted := p.counted
	p.mu.Unlock()
	if counted && !snapshot {
		return nil
	}
	a := arrival{socket: s, person: p, snapshot: snapshot, served: make(chan error, 1)}
	rt.arriving.add(a)
	if err := <-a.served; err != nil {
		return err
	}
	p.mu.Lock()
	once := !p.counted && !p.gone
	p.counted = p.counted || once
	if snapshot {
		p.greeted = time.Now()
	}
	p.mu.Unlock()
	if !once { // it was counted before, or has ended meanwhile
		rt.c.Presence.Leave(p.id)
	}
	return nil
}

// welcome has presence count the sockets, and answers those that want to know
// who is online.
func (rt *Realtime) welcome(batch []arrival) {
	users, err := rt.c.Accounts.UsersByID(rt.ctx, account.Operator(), userIDs(batch))
	if err == nil {
		joining := make([]account.User, 0, len(batch))
		for _, a := range batch {
			if u, ok := users[a.person.id]; ok {
				joining = append(joining, u)
			}
		}
		err = rt.c.Presence.Join(rt.ctx, joining, func(v presence.View) { rt.greet(batch, v) })
	}
	for _, a := range batch {
		if _, ok := users[a.person.id]; err == nil && !ok {
			a.served <- &errs.Error{Kind: errs.Unauthenticated} // the account is gone
			continue
		}
		a.served <- err
	}
}

// userIDs returns whose the sockets are, each once.
func userIDs(batch []arrival) []int64 {
	ids := make([]int64, len(batch))
	for i, a := range batch {
		ids[i] = a.person.id
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// greet tells newcomers who is online and what everybody does. Those who may
// see the same share one text. These texts are long and soon outdated, so that
// they are not kept for those who lose their connection: see connected.
func (rt *Realtime) greet(batch []arrival, v presence.View) {
	var newcomers, alike []string // ids of sockets
	for _, a := range batch {
		if a.snapshot {
			newcomers = append(newcomers, a.socket.ID())
		}
	}
	if len(newcomers) == 0 {
		return
	}
	public := pairs(v.Public())
	ids := make([]string, len(public))
	for i, p := range public {
		ids[i] = p[0]
	}
	rt.sent(rt.sockets.To(newcomers...).Volatile().Emit("users_online", ids))
	for _, a := range batch {
		switch {
		case !a.snapshot:
		case v.SeesMore(a.person.id):
			rt.sent(rt.sockets.To(a.socket.ID()).Volatile().Emit("activities", pairs(v.For(a.person.id))))
		default:
			alike = append(alike, a.socket.ID())
		}
	}
	if len(alike) > 0 {
		rt.sent(rt.sockets.To(alike...).Volatile().Emit("activities", public))
	}
}

// pairs returns ids and activities as they are sent.
func pairs(entries iter.Seq[presence.Entry]) [][2]string {
	list := [][2]string{}
	for e := range entries {
		list = append(list, [2]string{e.ExternalID, e.Activity})
	}
	return list
}

// activityUpdated is what others learn of a user's activity.
type activityUpdated struct {
	UserID   string `json:"userId"`
	Activity string `json:"activity"`
}

// presenceChanged tells the sockets of everybody who is to know.
func (rt *Realtime) presenceChanged(c presence.Change) {
	viewers := rt.sockets.All()
	if c.Viewers != nil {
		rooms := make([]string, len(c.Viewers))
		for i, id := range c.Viewers {
			rooms[i] = room(id)
		}
		viewers = rt.sockets.To(rooms...)
	}
	viewers = viewers.Soon()
	switch c.Kind {
	case presence.Arrived:
		rt.sent(viewers.Emit("user_connected", c.ExternalID))
	case presence.Left:
		rt.sent(viewers.Emit("user_disconnected", c.ExternalID))
	case presence.ActivityChanged:
		rt.sent(viewers.Emit("activity_updated", activityUpdated{c.ExternalID, c.Activity}))
	}
}
