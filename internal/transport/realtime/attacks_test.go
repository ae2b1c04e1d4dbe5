package realtime

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"github.com/antiphon-music/antiphon/internal/account"
)

// Attacks by what is well formed.

// halfOpen begins and does not go on: with requests, with websockets that never
// CONNECT nor answer pings, and with sessions that are never polled. It returns
// the websockets.
func (a *attacker) halfOpen() []*wire {
	const many = 1000
	for range many {
		a.wire().write([]byte("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: webso"))
		a.handshake(nil)
	}
	silent := make([]*wire, many)
	for i := range silent {
		var err error
		silent[i], err = a.upgrade("", nil)
		check(a.t, err)
		check(a.t, silent[i].SetReadDeadline(time.Now().Add(patience)))
	}
	return silent
}

// floods sends more of everything than is allowed, and does not read.
func (a *attacker) floods() {
	var all sync.WaitGroup
	for _, packet := range []func(i int) string{
		func(i int) string { return fmt.Sprintf(`42["update_activity",{"activity":"%d"}]`, i) },
		func(i int) string {
			return fmt.Sprintf(`42%d["send_message",{"receiverId":"%s","content":"x"}]`, i, a.me.ExternalID)
		},
		func(i int) string { return fmt.Sprintf(`42["typing",{"userId":"%s"}]`, a.me.ExternalID) },
		func(i int) string { return fmt.Sprintf(`42%d["unread"]`, i) },
		func(i int) string { return fmt.Sprintf(`42%d["%d"]`, i, i) },
		func(i int) string { return fmt.Sprintf("40/%d,", i) },
		func(i int) string { return []string{"41", a.connect()}[i%2] },
	} {
		w := a.enter()
		all.Go(func() {
			for i := range 200_000 {
				if i%1000 == 0 && w.SetDeadline(time.Now().Add(patience)) != nil {
					break
				}
				if err := ws.WriteFrame(w, ws.MaskFrame(ws.NewTextFrame([]byte(packet(i))))); err != nil {
					break
				}
			}
			if err := w.ended(); err != nil {
				a.t.Errorf("%s: %v", packet(0), err)
			}
		})
	}
	all.Wait()
	// What costs nothing is not counted.
	w := a.enter()
	all.Go(func() {
		for range 20_000 {
			w.text("3")
			w.text("6")
			w.frame(ws.NewPingFrame([]byte("x")))
		}
		w.text(`42777["?"]`)
	})
	w.until(`43777[`)
	all.Wait()
}

// repeatedArrivals asks again and again who is online.
func (a *attacker) repeatedArrivals() {
	w := a.enter()
	for i := range 300 {
		w.text(fmt.Sprintf(`42%d["user_connected"]`, i))
	}
	w.until(`439[{"ok":true`)
	for i := range 10 {
		w := a.enter()
		w.text(fmt.Sprintf(`42%d["user_connected"]`, i))
		check(a.t, w.Close())
	}
}

// slowReaders have themselves be sent much, and do not read it.
func (a *attacker) slowReaders() {
	busy := a.enter()
	for range 5 {
		w := a.enter()
		check(a.t, w.Conn.(*net.TCPConn).SetReadBuffer(4<<10))
	}
	sid := a.enterPolling() // polls, and does not read the answer
	poll := a.wire()
	check(a.t, poll.Conn.(*net.TCPConn).SetReadBuffer(4<<10))
	long := strings.Repeat("€", maxContent)
	for n := 0; a.connections() > 1; n++ {
		if n == 1000 {
			a.t.Fatalf("%d slow clients are left", a.connections()-1)
		}
		if n == 20 {
			poll.write([]byte("GET /socket.io/?" + polling + "&sid=" + sid + " HTTP/1.1\r\nHost: x\r\n\r\n"))
		}
		busy.text(fmt.Sprintf(`42%d["send_message",{"receiverId":"%s","content":"%s"}]`, n, a.me.ExternalID, long))
		busy.until(fmt.Sprintf(`43%d[{"ok":true`, n))
	}
}

// abandonedUpgrades opens a websocket for a session that polls, and drops it at
// various moments.
func (a *attacker) abandonedUpgrades() {
	sid := a.enterPolling()
	for _, packets := range [][]string{{}, {"2probe"}, {"2probe", "2probe"}, {"2"}, {"5x"}, {"4" + a.connect()}, {"2probe", `42["x"]`}, {"2probe", "1"}} {
		w, err := a.upgrade(sid, nil)
		check(a.t, err)
		for _, p := range packets {
			w.text(p)
			if p == "2probe" {
				w.until("3probe")
			}
		}
		if len(packets) > 0 && packets[len(packets)-1] != "2probe" {
			if err := w.ended(); err != nil {
				a.t.Errorf("after %v: %v", packets, err)
			}
		}
		check(a.t, w.Close())
		a.aliveByPolling(sid)
	}
	// A new one is only taken once the end of the last is noticed.
	for switched := false; !switched; {
		w, err := a.upgrade(sid, nil)
		check(a.t, err)
		w.text("2probe")
		if p, err := w.next(); err != nil || p != "3probe" {
			continue
		}
		w.text("5")
		w.alive()
		switched = true
	}
}

func (a *attacker) twoUpgrades() {
	sid := a.enterPolling()
	first, err := a.upgrade(sid, nil)
	check(a.t, err)
	first.text("2probe")
	first.until("3probe")
	second, err := a.upgrade(sid, nil)
	check(a.t, err)
	second.text("2probe")
	second.text("5")
	if err := second.ended(); err != nil {
		a.t.Error("the second upgrade:", err)
	}
	first.text("5")
	first.alive()
	if third, err := a.upgrade(sid, nil); err == nil {
		if err := third.ended(); err != nil {
			a.t.Error("an upgrade of a websocket:", err)
		}
	}
	first.alive()
}

// foreignSessions speaks in sessions that are not there or not his.
func (a *attacker) foreignSessions() {
	ann := a.lines[0].ID() // which is no secret, and no session
	for _, sid := range []string{"AAAAAAAAAAAAAAAAAAAA", ann, "x", "%00"} {
		for what, status := range map[string]int{
			"poll": first(a.poll(sid)), "post": first(a.post(sid, "41")),
		} {
			if status != http.StatusBadRequest {
				a.t.Errorf("%s to %s: %d", what, sid, status)
			}
		}
		if _, err := a.upgrade(sid, nil); err == nil {
			a.t.Errorf("an upgrade of %s", sid)
		}
	}
	sid := a.enterPolling()
	var polls sync.WaitGroup
	for range 2 { // the second closes the session, and with it the first
		polls.Go(func() { a.poll(sid) })
	}
	polls.Wait()
	a.pollingEnds(sid)
	// Another's session is not to be taken up by its public id.
	w := a.websocket()
	w.text(`40{"token":"` + a.me.key + `","pid":"` + ann + ann + `","offset":"0"}`)
	if p := w.until("40{"); strings.Contains(p, ann) {
		a.t.Error("he is Ann now")
	}
}

func first(status int, _ string) int { return status }

// foreignOrigins come from the pages of others, with the cookies of somebody.
func (a *attacker) foreignOrigins() {
	_, session, err := a.Accounts.OpenSession(a.t.Context(), a.me.ID, "browser")
	check(a.t, err)
	cookie := "sessionid=" + session
	for _, evil := range []http.Header{
		{"Origin": {"http://evil.example"}, "Cookie": {cookie}},
		{"Origin": {"null"}, "Cookie": {cookie}},
		{"Origin": {a.url + ".evil.example"}, "Cookie": {cookie}},
		{"Sec-Fetch-Site": {"cross-site"}, "Cookie": {cookie}},
	} {
		var refused ws.StatusError
		if _, err := a.upgrade("", evil); !errors.As(err, &refused) || refused != http.StatusForbidden {
			a.t.Errorf("a websocket for %v: %v", evil, err)
		}
		sid := a.handshake(evil)
		if _, err := a.upgrade(sid, evil); !errors.As(err, &refused) || refused != http.StatusForbidden {
			a.t.Errorf("an upgrade for %v: %v", evil, err)
		}
		a.post(sid, "40")
		a.pollUntil(sid, `44{"message":"Unauthorized"}`)
	}
}

// endedCredentials stays although his key, or his account, has ended.
func (a *attacker) endedCredentials() {
	for _, end := range []func() error{
		func() error {
			actor, err := a.Accounts.AuthenticateToken(a.t.Context(), a.me.key)
			if err != nil {
				return err
			}
			return a.Accounts.Logout(a.t.Context(), actor)
		},
		func() error { return a.Accounts.SetActive(a.t.Context(), account.Operator(), a.me.ID, false) },
	} {
		var wires []*wire
		for range 50 {
			wires = append(wires, a.enter())
		}
		sid := a.enterPolling()
		check(a.t, end())
		for _, w := range wires {
			w.text(`42["update_activity",{"activity":"Still here"}]`)
			if err := w.ended(); err != nil {
				a.t.Fatal(err)
			}
		}
		a.pollingEnds(sid)
		w := a.websocket()
		w.text(a.connect())
		w.until(`44{"message":"Unauthorized"}`)
		a.me = newAttacker(a.t, a.house).me
	}
}
