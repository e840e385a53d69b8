package prog

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// ipRoute shows and changes the table of routes.
func (s *Sys) ipRoute(a *ipArgs) error {
	if a.verb == "show" {
		return s.showRoutes(a)
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
	if err := s.routeWords(a, want, dst.Is4()); err != nil {
		return err
	}
	if a.verb == "get" {
		return s.routeGet(dst, want)
	}
	if network(dst, prefix) != dst && a.verb != "delete" && !dst.IsZero() {
		return errors.New("Error: Invalid prefix for given prefix length.")
	}
	if a.verb == "delete" {
		return s.routeDelete(dst, prefix, via, want["dev"])
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
		if s.Ifaces[on].Down {
			return errors.New("Error: Device for nexthop is not up.")
		}
		return netlinkError(s.AddRouteOn(dst, prefix, on))
	}
	if dev != "" {
		on, err := s.device(dev)
		if err != nil {
			return err
		}
		if r, _, no := s.RouteTo(via); no != 0 || r.Iface != on {
			return errors.New("Error: Nexthop has invalid gateway.")
		}
	}
	if s.AddRoute(dst, prefix, via) != 0 {
		return errors.New("Error: Nexthop has invalid gateway.")
	}
	return nil
}

// routeWords refuses what a route here cannot have: a metric, a protocol, a scope or a source address other than those
// it has anyway.
func (s *Sys) routeWords(a *ipArgs, want map[string]string, v4 bool) error {
	if want["from"] != "" && a.verb != "get" {
		return fmt.Errorf("a route here is for packets from everywhere; leave \"from %s\" out", want["from"])
	}
	metric, scope := "0", "global"
	switch {
	case !v4:
		metric = "1024"
	case want["via"] == "":
		scope = "link"
	}
	switch {
	case want["metric"] != "" && want["metric"] != metric:
		return fmt.Errorf("a route here has the metric %s; leave \"metric %s\" out", metric, want["metric"])
	case want["proto"] != "" && want["proto"] != "boot":
		return fmt.Errorf("a route that is added here has the protocol boot; leave \"proto %s\" out", want["proto"])
	case want["scope"] != "" && want["scope"] != scope:
		return fmt.Errorf("the scope of this route is %s; leave \"scope %s\" out", scope, want["scope"])
	case want["src"] != "":
		return fmt.Errorf("packets here come from the address of the interface that they leave by; leave \"src %s\" out", want["src"])
	}
	return nil
}

// routeDelete takes the first route away that is meant; no via and no dev stand for any.
func (s *Sys) routeDelete(dst wire.Addr, prefix uint8, via wire.Addr, dev string) error {
	if dev == "" {
		return netlinkError(s.RemoveRoute(dst, prefix, via))
	}
	on, err := s.device(dev)
	if err != nil {
		return err
	}
	for i := range s.Routes {
		r := &s.Routes[i]
		if r.Iface == on && r.Prefix == prefix && r.Dst.Is4() == dst.Is4() && r.Dst.InPrefix(dst, prefix) && (via.IsZero() || r.Via == via) {
			return netlinkError(s.RemoveRoute(dst, prefix, r.Via))
		}
	}
	return netlinkError(tcp.ESRCH)
}

func (s *Sys) routeGet(dst wire.Addr, want map[string]string) error {
	r, src, no := s.RouteTo(dst)
	if no == 0 && want["dev"] != "" {
		on, err := s.device(want["dev"])
		if err != nil {
			return err
		}
		if on != r.Iface {
			no = tcp.ENETUNREACH
		}
	}
	from := ""
	if text := want["from"]; text != "" {
		addr, err := wire.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("Error: inet address is expected rather than \"%s\".", text)
		}
		if !s.Owns(addr) { // as a packet of the host itself it cannot come from there
			no = tcp.ENETUNREACH
		}
		from = "from " + text + " "
	}
	if no != 0 {
		return netlinkError(no)
	}
	if src == dst {
		s.printf(StyleOut, "local %s %sdev lo src %s uid 0 ", dst, from, src)
		s.printf(StyleOut, "    cache <local> ")
		return nil
	}
	line := dst.String() + " " + from
	if !r.Via.IsZero() {
		line += fmt.Sprintf("via %s ", r.Via)
	}
	line += "dev " + s.Ifaces[r.Iface].Name
	if from == "" {
		line += " src " + src.String()
	}
	s.printf(StyleOut, "%s uid 0 ", line)
	s.printf(StyleOut, "    cache ")
	return nil
}

// showRoutes prints the routes of one version of IP in the order of Linux: by destination.
func (s *Sys) showRoutes(a *ipArgs) error {
	want, rest, err := pairs(a.words, "dev", "via")
	if err != nil {
		return err
	}
	v4, on, dst, prefix := a.family != 6, uint32(0), wire.Addr{}, uint8(0)
	if dev := want["dev"]; dev != "" {
		if on, err = s.device(dev); err != nil {
			return err
		}
	}
	if len(rest) > 1 {
		return fmt.Errorf("Error: either \"to\" is duplicate, or \"%s\" is a garbage.", rest[1])
	}
	if len(rest) == 1 {
		if dst, prefix, err = parsePrefix(rest[0], a.family); err != nil {
			return err
		}
		v4 = dst.Is4()
	}
	via, err := wire.ParseAddr(want["via"])
	if err != nil && want["via"] != "" {
		return fmt.Errorf("Error: inet address is expected rather than \"%s\".", want["via"])
	}
	for _, r := range s.sortedRoutes(v4) {
		if r.Dst.Is4() != v4 || want["dev"] != "" && r.Iface != on || want["via"] != "" && r.Via != via ||
			len(rest) > 0 && (r.Prefix != prefix || network(r.Dst, prefix) != network(dst, prefix)) {
			continue
		}
		text := s.routeText(&r)
		if dev := want["dev"]; dev != "" { // what all have is not said again
			text = strings.Replace(text, " dev "+dev, "", 1)
		}
		s.printf(StyleOut, "%s", text)
	}
	return nil
}

func (s *Sys) sortedRoutes(v4 bool) []stack.Route {
	routes := slices.Clone(s.Routes)
	slices.SortStableFunc(routes, func(a, b stack.Route) int {
		if !v4 && (a.Prefix == 0) != (b.Prefix == 0) { // there the default route comes last
			return cmp.Compare(b.Prefix, a.Prefix)
		}
		x, y := network(a.Dst, a.Prefix), network(b.Dst, b.Prefix)
		return slices.Compare(x[:], y[:])
	})
	return routes
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
