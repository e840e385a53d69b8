package session

import (
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/problem"
	"wirelab/stack/wire"
)

// Verbs that change the network: hosts, switches and links come and go while the lab runs.

// newLink is what a link is like that nobody has said anything about.
var newLink = link.Params{BitsPerSecond: 100_000_000, DelayNs: 1_000_000, QueuePackets: 100}

func addVerb(s *Session, args []string) error {
	if len(args) < 2 {
		return problem.New("what is to be added, and how it is called, are needed")
	}
	switch args[0] {
	case "host", "switch", "router":
		e := lab.AddNode{Name: args[1], Kind: map[string]uint8{"host": lab.KindHost, "switch": lab.KindSwitch, "router": lab.KindRouter}[args[0]]}
		e.X, e.Y = s.FreePlace()
		if rest := args[2:]; len(rest) == 3 && rest[0] == "at" {
			x, bad := strconv.ParseInt(rest[1], 10, 32)
			y, worse := strconv.ParseInt(rest[2], 10, 32)
			if bad != nil || worse != nil {
				return problem.New("a place is two whole numbers, not %s %s", rest[1], rest[2])
			}
			e.X, e.Y = int32(x), int32(y)
		} else if len(rest) > 0 {
			return problem.New("%q is too much", strings.Join(rest, " "))
		}
		return s.Change(e)
	case "link":
		return s.addLink(args[1:])
	}
	return problem.New("a host, a router, a switch or a link can be added, and no %s", args[0])
}

func (s *Session) addLink(args []string) error {
	if len(args) < 2 || len(args) > 4 {
		return problem.New("two nodes are needed, and an address for each if it is to get one")
	}
	e := lab.AddLink{Params: [2]link.Params{newLink, newLink}}
	for side := range e.Ends {
		id, err := s.node(args[side])
		if err != nil {
			return err
		}
		e.Ends[side].Node = id
		if len(args) > side+2 {
			if err := plugAddress(&e.Ends[side], args[side+2]); err != nil {
				return err
			}
		}
	}
	return s.Change(e)
}

// plugAddress gives an end the address that text says; "-" is none.
func plugAddress(e *lab.LinkEnd, text string) error {
	if text == "-" {
		return nil
	}
	host, bits, ok := strings.Cut(text, "/")
	a, bad := wire.ParseAddr(host)
	n, worse := strconv.ParseUint(bits, 10, 8)
	if !ok || bad != nil || worse != nil {
		return problem.New("an address with its prefix is written like 10.0.0.1/24, not %s", text)
	}
	if a.Is4() {
		e.Addr, e.Prefix = a, uint8(n)
	} else {
		e.Addr6, e.Prefix6 = a, uint8(n)
	}
	return nil
}

func removeVerb(s *Session, args []string) error {
	switch {
	case len(args) == 1:
		id, err := s.node(args[0])
		if err != nil {
			return err
		}
		return s.Change(lab.RemoveNode{Node: id})
	case len(args) == 2 && args[0] == "link":
		n, err := s.linkNumber(args[1])
		if err != nil {
			return err
		}
		return s.Change(lab.RemoveLink{Link: n})
	}
	return problem.New("the name of a node is needed, or the number of a link")
}

func renameVerb(s *Session, args []string) error {
	if len(args) != 2 {
		return problem.New("the old name and the new are needed")
	}
	id, err := s.node(args[0])
	if err != nil {
		return err
	}
	return s.Change(lab.Rename{Node: id, Name: args[1], Label: s.lab.Node(id).Label})
}

func addressVerb(s *Session, args []string) error {
	if len(args) < 3 {
		return problem.New("a host, an interface and its addresses are needed")
	}
	id, err := s.host(args[0])
	if err != nil {
		return err
	}
	e := lab.SetAddress{Node: id}
	h := s.lab.Host(id)
	for int(e.Iface) < len(h.Ifaces) && h.Ifaces[e.Iface].Name != args[1] {
		e.Iface++
	}
	if int(e.Iface) == len(h.Ifaces) {
		return problem.New("%s has no interface %s", args[0], args[1])
	}
	for _, text := range args[2:] {
		if err := plugAddress(&e.End, text); err != nil {
			return err
		}
	}
	return s.Change(e)
}

// node returns the number of a node that is there now, by its name.
func (s *Session) node(name string) (uint32, error) {
	var names []string
	for id := range s.lab.Present {
		if s.lab.Node(id).Name == name {
			return id, nil
		}
		names = append(names, s.lab.Node(id).Name)
	}
	return 0, fail("not_found", "there is no %q; there are %s", name, strings.Join(names, ", "))
}

// FreeName returns a name that no node has or had: the letter of a kind and a number.
func (s *Session) FreeName(kind uint8) string {
	letter := [...]string{lab.KindHost: "h", lab.KindSwitch: "s", lab.KindRouter: "r"}[kind]
	for n := 1; ; n++ {
		name, taken := letter+strconv.Itoa(n), false
		for id := range uint32(s.lab.Ever()) {
			taken = taken || s.lab.Node(id).Name == name
		}
		if !taken {
			return name
		}
	}
}

// FreePlace is where a node goes that nobody has put anywhere: to the right of all others.
func (s *Session) FreePlace() (x, y int32) {
	const apart = 260
	n := int32(0)
	for id := range s.lab.Present {
		at := s.lab.Node(id)
		if n == 0 || at.X > x {
			x = at.X
		}
		y += at.Y
		n++
	}
	if n == 0 {
		return 0, 0
	}
	return x + apart, y / n
}
