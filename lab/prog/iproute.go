package prog

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// ipRoute shows and changes the table of routes.
func (s *Sys) ipRoute(a *ipArgs) error {
	if a.verb == "show" {
		if a.family != 6 {
			s.showRoutes(true)
		}
		if a.family == 6 {
			s.showRoutes(false)
		}
		return nil
	}
	want, rest, err := pairs(a.words, "via", "dev", "metric", "proto", "scope", "src", "from")
	if err != nil {
		return err
	}
	family := a.family
	via, viaErr := wire.ParseAddr(want["via"])
	if want["via"] != "" && viaErr != nil {
		return fmt.Errorf("Error: inet address is expected rather than \"%s\".", want["via"])
	}
	if viaErr == nil && !via.Is4() {
		family = 6
	}
	if len(rest) != 1 {
		return errors.New("Error: a destination is expected, such as default or 10.0.1.0/24.")
	}
	dst, prefix, err := parsePrefix(rest[0], family)
	if err != nil {
		return err
	}
	if a.verb == "get" {
		return s.routeGet(dst)
	}
	if network(dst, prefix) != dst && a.verb != "delete" && !dst.IsZero() {
		return errors.New("Error: Invalid prefix for given prefix length.")
	}
	if a.verb == "delete" {
		return netlinkError(s.RemoveRoute(dst, prefix, via))
	}
	if a.verb == "replace" {
		s.RemoveRoute(dst, prefix, wire.Addr{})
	}
	return s.routeAdd(dst, prefix, via, want["dev"])
}

func (s *Sys) routeAdd(dst wire.Addr, prefix uint8, via wire.Addr, dev string) error {
	if s.HasRoute(dst, prefix) {
		return errors.New("RTNETLINK answers: File exists")
	}
	if via == (wire.Addr{}) {
		if dev == "" {
			return errors.New("RTNETLINK answers: No such device")
		}
		on, err := s.device(dev)
		if err != nil {
			return err
		}
		return netlinkError(s.AddRouteOn(dst, prefix, on))
	}
	if dev != "" {
		if _, err := s.device(dev); err != nil {
			return err
		}
	}
	if s.AddRoute(dst, prefix, via) != 0 {
		return errors.New("Error: Nexthop has invalid gateway.")
	}
	return nil
}

func (s *Sys) routeGet(dst wire.Addr) error {
	r, src, err := s.RouteTo(dst)
	if err != 0 {
		return netlinkError(err)
	}
	line := dst.String() + " "
	if src == dst {
		s.printf(StyleOut, "local %s dev lo src %s uid 0 ", dst, src)
		s.printf(StyleOut, "    cache <local> ")
		return nil
	}
	if !r.Via.IsZero() {
		line += fmt.Sprintf("via %s ", r.Via)
	}
	s.printf(StyleOut, "%sdev %s src %s uid 0 ", line, s.Ifaces[r.Iface].Name, src)
	s.printf(StyleOut, "    cache ")
	return nil
}

// showRoutes prints the routes of one version of IP in the order of Linux: by destination.
func (s *Sys) showRoutes(v4 bool) {
	routes := slices.Clone(s.Routes)
	slices.SortStableFunc(routes, func(a, b stack.Route) int {
		if !v4 && (a.Prefix == 0) != (b.Prefix == 0) { // there the default route comes last
			return cmp.Compare(b.Prefix, a.Prefix)
		}
		x, y := network(a.Dst, a.Prefix), network(b.Dst, b.Prefix)
		return slices.Compare(x[:], y[:])
	})
	for i := range routes {
		if r := &routes[i]; r.Dst.Is4() == v4 {
			s.printf(StyleOut, "%s", s.routeText(r))
		}
	}
}

func (s *Sys) routeText(r *stack.Route) string {
	f := &s.Ifaces[r.Iface]
	dst := network(r.Dst, r.Prefix)
	text := fmt.Sprintf("%s/%d", dst, r.Prefix)
	switch {
	case r.Prefix == 0:
		text = "default"
	case dst.Is4() && r.Prefix == 32 || r.Prefix == 128:
		text = dst.String()
	}
	if !r.Via.IsZero() {
		text += " via " + r.Via.String()
	}
	text += " dev " + f.Name
	own := r.Via.IsZero() && (dst.Is4() && r.Prefix == f.Prefix && f.Addr.InPrefix(dst, r.Prefix) || !dst.Is4() && hasPrefix(f, dst, r.Prefix))
	if dst.Is4() {
		if own {
			text += fmt.Sprintf(" proto kernel scope link src %s", f.Addr)
		} else if r.Via.IsZero() {
			text += " scope link"
		}
		return text + " "
	}
	switch {
	case r.Until != 0:
		text += fmt.Sprintf(" proto ra metric 1024 expires %s", s.lifetime(r.Until))
	case own:
		text += " proto kernel metric 256"
	default:
		text += " metric 1024"
	}
	return text + " pref medium"
}

// network is an address with all bits behind the prefix zero.
func network(a wire.Addr, prefix uint8) wire.Addr {
	if a.Is4() {
		prefix += 96
	}
	return a.Masked(prefix)
}

func hasPrefix(f *stack.Iface, dst wire.Addr, prefix uint8) bool {
	return slices.ContainsFunc(f.Addrs, func(a stack.Addr6) bool { return a.Prefix == prefix && a.Addr.InPrefix(dst, prefix) })
}

// ipNeigh shows and changes the table that ARP and neighbour discovery share.
func (s *Sys) ipNeigh(a *ipArgs) error {
	want, rest, err := pairs(a.words, "dev", "lladdr", "nud")
	if err != nil {
		return err
	}
	if a.verb == "show" {
		s.showNeighbors(a.family, want["dev"])
		return nil
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
	mac, err := hex.DecodeString(strings.ReplaceAll(want["lladdr"], ":", ""))
	if err != nil || len(mac) != 6 {
		return fmt.Errorf("\"%s\" is invalid lladdr.", want["lladdr"])
	}
	return netlinkError(s.SetNeighbor(dev, addr, wire.MAC(mac)))
}

func (s *Sys) showNeighbors(family uint8, dev string) {
	for i := range s.Neighbors {
		n := &s.Neighbors[i]
		name := s.Ifaces[n.Iface].Name
		if family == 4 && !n.Addr.Is4() || family == 6 && n.Addr.Is4() || dev != "" && dev != name {
			continue
		}
		text := fmt.Sprintf("%s dev %s ", n.Addr, name)
		if n.Known {
			text += fmt.Sprintf("lladdr %s ", n.MAC)
		}
		if n.Router {
			text += "router "
		}
		s.printf(StyleOut, "%s%s ", text, s.nudName(n))
	}
}

// nudName is the state of a neighbour; that an answer has grown old is noticed only when it is used.
func (s *Sys) nudName(n *stack.Neighbor) string {
	names := [...]string{"PERMANENT", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED"}
	if n.State == stack.NudReachable && n.Until <= s.Now && n.Retry == timer.Never {
		return "STALE"
	}
	return names[n.State]
}
