package prog

import (
	"errors"
	"fmt"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// ip shows and changes addresses, routes and neighbours, in the words of iproute2; iproute.go has the
// routes and neighbours.

var ipSource = []string{
	`fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);`,
	`send(fd, &request, len, 0);  // RTM_GETADDR, RTM_NEWROUTE …`,
	`while (recv(fd, buf, sizeof buf, 0) > 0) print(buf);`,
}

// ipArgs is a command line of ip.
type ipArgs struct {
	family uint8 // 4, 6, 0: both
	stats  bool
	object string // address, route, neighbour, link
	verb   string // show, add, delete, replace, flush, get
	words  []string
}

var ipObjects = []string{"address", "route", "neighbour", "link"}

func parseIP(args []string) (a ipArgs, err error) {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-4":
			a.family = 4
		case "-6":
			a.family = 6
		case "-s", "-stats":
			a.stats = true
		case "-d", "-br", "-c", "-n", "-o":
		default:
			return a, fmt.Errorf("there is no option %s", args[0])
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return a, errors.New("an object is needed: address, route, neigh or link")
	}
	if a.object = prefixed(args[0], ipObjects...); a.object == "" && strings.HasPrefix("neighbor", args[0]) {
		a.object = "neighbour"
	}
	if a.object == "" {
		return a, fmt.Errorf("object %q is unknown; there are address, route, neigh and link", args[0])
	}
	a.verb, a.words = "show", args[1:]
	if len(a.words) > 0 {
		verbs := []string{"show", "list", "add", "delete", "replace", "get"}
		if v := prefixed(a.words[0], verbs...); v != "" {
			a.verb, a.words = v, a.words[1:]
		}
	}
	if a.verb == "list" {
		a.verb = "show"
	}
	if a.object == "link" && a.verb != "show" || a.verb == "get" && a.object != "route" || a.verb == "replace" && a.object != "route" && a.object != "neighbour" {
		return a, fmt.Errorf("%s %s is not possible here", a.object, a.verb)
	}
	if a.verb != "show" && len(a.words) == 0 {
		return a, fmt.Errorf("%s %s what?", a.object, a.verb)
	}
	return a, nil
}

// prefixed returns the first of words that w is the beginning of, as iproute2 lets one abbreviate.
func prefixed(w string, words ...string) string {
	for _, word := range words {
		if w != "" && strings.HasPrefix(word, w) {
			return word
		}
	}
	return ""
}

func stepIP(s *Sys, p *Proc) bool {
	a, _ := parseIP(p.Args)
	var err error
	switch {
	case a.object == "address" && a.verb == "show", a.object == "link":
		err = s.ipShow(&a)
	case a.object == "address":
		err = s.ipAddress(&a)
	case a.object == "route":
		err = s.ipRoute(&a)
	default:
		err = s.ipNeigh(&a)
	}
	if err != nil {
		s.printf(StyleError, "%s", err.Error())
	}
	s.exit()
	return false
}

// answers is what the kernel says to a request of netlink.
func netlinkError(err tcp.Errno) error {
	if err == 0 {
		return nil
	}
	return fmt.Errorf("RTNETLINK answers: %s", err.Error())
}

// pairs reads words such as `dev eth0 via 10.0.0.1`; those without a key come back as rest.
func pairs(words []string, keys ...string) (found map[string]string, rest []string, err error) {
	found = map[string]string{}
	for i := 0; i < len(words); i++ {
		known := false
		for _, k := range keys {
			known = known || words[i] == k
		}
		switch {
		case !known:
			rest = append(rest, words[i])
		case i+1 >= len(words):
			return nil, nil, errors.New("Command line is not complete. Try option \"help\"")
		default:
			found[words[i]] = words[i+1]
			i++
		}
	}
	return found, rest, nil
}

// device returns the number of an interface of a name.
func (s *Sys) device(name string) (uint32, error) {
	for i := range s.Ifaces {
		if s.Ifaces[i].Name == name {
			return uint32(i), nil
		}
	}
	return 0, fmt.Errorf("Cannot find device \"%s\"", name)
}

// parsePrefix reads 10.0.0.0/24; without a length it is that of one host.
func parsePrefix(text string, family uint8) (a wire.Addr, prefix uint8, err error) {
	addr, length, given := strings.Cut(text, "/")
	if text == "default" || text == "any" {
		if family == 6 {
			return wire.Addr{}, 0, nil
		}
		return wire.From4(0), 0, nil
	}
	a, err = wire.ParseAddr(addr)
	most := uint64(128)
	if a.Is4() {
		most = 32
	}
	n := most
	if given && err == nil {
		if length == "0" {
			n = 0
		} else {
			n, err = count(length, most)
		}
	}
	if err != nil || length == "" && given {
		return a, 0, fmt.Errorf("Error: any valid prefix is expected rather than \"%s\".", text)
	}
	return a, uint8(n), nil
}

// ipShow shows interfaces, and their addresses unless only links are asked for.
func (s *Sys) ipShow(a *ipArgs) error {
	want, rest, err := pairs(a.words, "dev")
	if err != nil {
		return err
	}
	name := want["dev"]
	if name == "" && len(rest) > 0 {
		name = rest[0]
	}
	if name != "" && name != "lo" {
		if _, err := s.device(name); err != nil {
			return fmt.Errorf("Device \"%s\" does not exist.", name)
		}
	}
	mode := ""
	if a.object == "link" {
		mode = " mode DEFAULT"
	}
	if name == "" || name == "lo" {
		s.printf(StyleOut, "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN%s group default qlen 1000", mode)
		if a.family == 0 || a.object == "link" {
			s.printf(StyleOut, "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00")
		}
		if a.object == "address" {
			s.showLoopback(a.family)
		}
	}
	for i := range s.Ifaces {
		f := &s.Ifaces[i]
		if name != "" && name != f.Name {
			continue
		}
		qdisc, _ := s.SysctlText("net.core.default_qdisc")
		flags, state := "BROADCAST,MULTICAST,UP,LOWER_UP", "UP"
		if d := s.wire(i); s.Wires != nil && (d == nil || d.Down) {
			flags, state = "NO-CARRIER,BROADCAST,MULTICAST,UP", "DOWN"
		}
		s.printf(StyleOut, "%d: %s: <%s> mtu %d qdisc %s state %s%s group default qlen 1000", i+2, f.Name, flags, f.MTU, qdisc, state, mode)
		if a.family == 0 || a.object == "link" {
			s.printf(StyleOut, "    link/ether %s brd ff:ff:ff:ff:ff:ff", f.MAC)
		}
		if a.object == "address" {
			s.showAddresses(f, a.family)
		}
	}
	return nil
}

const forever = "       valid_lft forever preferred_lft forever"

func (s *Sys) showLoopback(family uint8) {
	if family != 6 {
		s.printf(StyleOut, "    inet 127.0.0.1/8 scope host lo")
		s.printf(StyleOut, forever)
	}
	if family != 4 && s.IP.IPv6 {
		s.printf(StyleOut, "    inet6 ::1/128 scope host ")
		s.printf(StyleOut, forever)
	}
}

func (s *Sys) showAddresses(f *stack.Iface, family uint8) {
	if family != 6 && !f.Addr.IsZero() {
		brd := ""
		if f.Prefix < 31 {
			brd = fmt.Sprintf(" brd %s", wire.From4(f.Addr.As4()|(1<<(32-f.Prefix)-1)))
		}
		s.printf(StyleOut, "    inet %s/%d%s scope global %s", f.Addr, f.Prefix, brd, f.Name)
		s.printf(StyleOut, forever)
	}
	if family == 4 {
		return
	}
	for _, a := range f.Addrs {
		scope, flags := "global", ""
		if a.Addr.IsLinkLocal() {
			scope = "link"
		}
		switch {
		case a.State == stack.AddrTentative:
			flags = " tentative"
		case a.State == stack.AddrDuplicate:
			flags = " dadfailed tentative"
		case a.State == stack.AddrDeprecated:
			flags = " deprecated"
		}
		if a.Auto {
			flags += " dynamic mngtmpaddr"
		}
		s.printf(StyleOut, "    inet6 %s/%d scope %s%s ", a.Addr, a.Prefix, scope, flags)
		s.printf(StyleOut, "       valid_lft %s preferred_lft %s", s.lifetime(a.ValidUntil), s.lifetime(a.PreferredUntil))
	}
}

func (s *Sys) lifetime(until int64) string {
	if until == timer.Never {
		return "forever"
	}
	return fmt.Sprintf("%dsec", max(until-s.Now, 0)/1_000_000_000)
}

// ipAddress adds an address to an interface or takes it away.
func (s *Sys) ipAddress(a *ipArgs) error {
	want, rest, err := pairs(a.words, "dev", "brd", "broadcast", "scope", "label")
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errors.New("Error: either \"local\" is duplicate, or \"" + strings.Join(rest, " ") + "\" is a garbage.")
	}
	addr, prefix, err := parsePrefix(rest[0], a.family)
	if err != nil {
		return err
	}
	if want["dev"] == "" {
		return errors.New("Not enough information: \"dev\" argument is required.")
	}
	dev, err := s.device(want["dev"])
	if err != nil {
		return err
	}
	if a.verb == "delete" {
		if err := s.RemoveAddr(dev, addr); err != 0 {
			if addr.Is4() {
				return errors.New("Error: ipv4: Address not found.")
			}
			return errors.New("Error: ipv6: address not found.")
		}
		return nil
	}
	if !addr.Is4() {
		if s.AddAddr6(dev, addr, prefix) != 0 {
			return errors.New("Error: ipv6: address already assigned.")
		}
		return nil
	}
	switch err := s.SetAddr4(dev, addr, prefix); {
	case err == tcp.EEXIST && s.Ifaces[dev].Addr == addr:
		return errors.New("Error: ipv4: Address already assigned.")
	case err == tcp.EEXIST:
		return fmt.Errorf("%s has %s/%d; an interface here has one IPv4 address, so take that away first: ip addr del %s/%d dev %s",
			want["dev"], s.Ifaces[dev].Addr, s.Ifaces[dev].Prefix, s.Ifaces[dev].Addr, s.Ifaces[dev].Prefix, want["dev"])
	default:
		return netlinkError(err)
	}
}
