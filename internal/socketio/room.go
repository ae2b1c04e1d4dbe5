package socketio

import "slices"

// room is the sockets of a namespace that have joined a name. It exists as long
// as it has members. Slices instead of sets keep a delivery to all of them
// quick, and small rooms small.
type room struct {
	name    string
	members []*Socket
}

// membership is a socket's place in a room: room.members[at] is the socket. at
// is only right while the socket is present in its namespace.
type membership struct {
	room *room
	at   int
}

// join puts a socket into a room; the caller holds n.mu. For a socket that is
// still arriving it only notes the name.
func (n *Namespace) join(s *Socket, name string) {
	if s.state == departed || slices.ContainsFunc(s.rooms, func(m membership) bool { return m.room.name == name }) {
		return
	}
	if s.state == arriving {
		s.rooms = append(s.rooms, membership{room: &room{name: name}})
		return
	}
	s.rooms = append(s.rooms, n.enter(s, name))
}

// enter adds a socket to the members of a room.
func (n *Namespace) enter(s *Socket, name string) membership {
	r := n.rooms[name]
	if r == nil {
		r = &room{name: name}
		n.rooms[name] = r
	}
	r.members = append(r.members, s)
	return membership{r, len(r.members) - 1}
}

// quit takes a socket out of its i-th room; the caller holds n.mu.
func (n *Namespace) quit(s *Socket, i int) {
	m := s.rooms[i]
	s.rooms = slices.Delete(s.rooms, i, i+1)
	if s.state == arriving {
		return
	}
	// The last member takes the place that gets free.
	last := len(m.room.members) - 1
	if moved := m.room.members[last]; moved != s {
		m.room.members[m.at] = moved
		for j := range moved.rooms {
			if moved.rooms[j].room == m.room {
				moved.rooms[j].at = m.at
			}
		}
	}
	m.room.members[last] = nil
	m.room.members = m.room.members[:last]
	if last == 0 {
		delete(n.rooms, m.room.name)
	}
}
