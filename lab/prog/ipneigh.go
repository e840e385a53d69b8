package prog

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// ipNeigh shows and changes the table that ARP and neighbour discovery share.
func (s *Sys) ipNeigh(a *ipArgs) error {
	want, rest, err := pairs(a.words, "dev", "lladdr", "nud")
	if err != nil {
		return err
	}
	if a.verb == "show" {
		return s.showNeighbors(a.family, want, rest)
	}
	if nud := want["nud"]; nud != "" && nud != "permanent" {
		return fmt.Errorf("a neighbour that is written down here is permanent; leave \"nud %s\" out", nud)
	}
	if len(rest) != 1 {
		return errors.New("Error: an address is expected.")
	}
	addr, err := wire.ParseAddr(rest[0])
	if err != nil {
		return fmt.Errorf("Error: inet address is expected rather than \"%s\".", rest[0])
	}
	if want["dev"] == "" {
		return errors.New("Device and destination are required arguments.")
	}
	dev, err := s.device(want["dev"])
	if err != nil {
		return err
	}
	if a.verb == "delete" {
		return netlinkError(s.RemoveNeighbor(dev, addr))
	}
	if a.verb == "add" && s.hasNeighbor(dev, addr) {
		return errors.New("RTNETLINK answers: File exists")
	}
	mac, err := hex.DecodeString(strings.ReplaceAll(want["lladdr"], ":", ""))
	if err != nil || len(mac) != 6 {
		return fmt.Errorf("\"%s\" is invalid lladdr.", want["lladdr"])
	}
	return netlinkError(s.SetNeighbor(dev, addr, wire.MAC(mac)))
}

func (s *Sys) hasNeighbor(dev uint32, addr wire.Addr) bool {
	return slices.ContainsFunc(s.Neighbors, func(n stack.Neighbor) bool { return n.Iface == dev && n.Addr == addr })
}

// showNeighbors prints the neighbours on an interface, of an address or in a state, if want and rest name them.
func (s *Sys) showNeighbors(family uint8, want map[string]string, rest []string) error {
	dev, addr := want["dev"], wire.Addr{}
	if dev != "" {
		if _, err := s.device(dev); err != nil {
			return err
		}
	}
	if want["lladdr"] != "" || len(rest) > 1 {
		return errors.New("neighbours are chosen by dev, nud and one address, such as ip neigh show dev eth0")
	}
	if len(rest) == 1 {
		var err error
		if addr, err = wire.ParseAddr(rest[0]); err != nil {
			return fmt.Errorf("Error: inet prefix is expected rather than \"%s\".", rest[0])
		}
	}
	for i := range s.Neighbors {
		n := &s.Neighbors[i]
		name, nud := s.Ifaces[n.Iface].Name, s.nudName(n)
		if family == 4 && !n.Addr.Is4() || family == 6 && n.Addr.Is4() || dev != "" && dev != name || len(rest) > 0 && addr != n.Addr ||
			want["nud"] != "" && want["nud"] != "all" && !strings.EqualFold(want["nud"], nud) {
			continue
		}
		text := n.Addr.String() + " "
		if dev == "" { // else all have it
			text += "dev " + name + " "
		}
		if n.Known {
			text += fmt.Sprintf("lladdr %s ", n.MAC)
		}
		if n.Router {
			text += "router "
		}
		s.printf(StyleOut, "%s%s ", text, nud)
	}
	return nil
}

// nudName is the state of a neighbour; that an answer has grown old is noticed only when it is used.
func (s *Sys) nudName(n *stack.Neighbor) string {
	names := [...]string{"PERMANENT", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED"}
	if n.State == stack.NudReachable && n.Until <= s.Now && n.Retry == timer.Never {
		return "STALE"
	}
	return names[n.State]
}
