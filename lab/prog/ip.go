package prog

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// ip shows and changes addresses, routes and neighbours, in the words of iproute2; iproute.go has the
// routes and neighbours, ipshow.go what interfaces look like, iplink.go what changes them.

var ipSource = []string{
	`fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);`,
	`send(fd, &request, len, 0);  // RTM_GETADDR, RTM_NEWROUTE …`,
	`while (recv(fd, buf, sizeof buf, 0) > 0) print(buf);`,
}

// ipArgs is a command line of ip.
type ipArgs struct {
	family uint8 // 4, 6, 0: both
	stats  bool
	brief  bool
	one    bool   // -o: what belongs together stands in one line
	object string // address, route, neighbour, link
	verb   string // show, add, delete, replace, get, set
	words  []string
}

var ipObjects = []string{"address", "route", "neighbour", "link"}

func parseIP(args []string) (a ipArgs, err error) {
	if args, err = a.options(args); err != nil {
		return a, err
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
		verbs := []string{"show", "list", "add", "delete", "replace", "get", "set"}
		if v := prefixed(a.words[0], verbs...); v != "" {
			a.verb, a.words = v, a.words[1:]
		}
	}
	if a.verb == "list" {
		a.verb = "show"
	}
	return a, a.check()
}

// options reads what stands before the object. Linux has more; what is not here is refused, so that nobody takes what is
// shown for what was asked.
func (a *ipArgs) options(args []string) (rest []string, err error) {
	for ; len(args) > 0 && strings.HasPrefix(args[0], "-"); args = args[1:] {
		switch args[0] {
		case "-4":
			a.family = 4
		case "-6":
			a.family = 6
		case "-s", "-stats", "-statistics":
			a.stats = true
		case "-br", "-brief":
			a.brief = true
		case "-o", "-oneline":
			a.one = true
		case "-n", "-netns":
			return nil, errors.New("a host here has no other network namespaces; leave -n out, and type at the other host instead")
		default:
			return nil, fmt.Errorf("there is no option %s here; there are -4, -6, -s, -br and -o", args[0])
		}
	}
	return args, nil
}

// verbsOf are the verbs of each object.
var verbsOf = map[string][]string{
	"address": {"show", "add", "delete"}, "link": {"show", "set"},
	"route": {"show", "add", "delete", "replace", "get"}, "neighbour": {"show", "add", "delete", "replace"},
}

func (a *ipArgs) check() error {
	interfaces := a.verb == "show" && (a.object == "address" || a.object == "link")
	switch {
	case !slices.Contains(verbsOf[a.object], a.verb):
		return fmt.Errorf("%s %s is not possible here; there are %s", a.object, a.verb, strings.Join(verbsOf[a.object], ", "))
	case a.verb != "show" && a.verb != "set" && len(a.words) == 0:
		return fmt.Errorf("%s %s what?", a.object, a.verb)
	case a.stats && !interfaces:
		return errors.New("-s shows the counters of interfaces only: ip -s link")
	case a.brief && !interfaces:
		return errors.New("-br shows interfaces only: ip -br addr, ip -br link")
	case a.brief && (a.stats || a.one):
		return errors.New("-br goes with neither -s nor -o")
	}
	return nil
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
	case a.object == "link" && a.verb == "set":
		err = s.ipLinkSet(a.words)
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
			return nil, nil, errIncomplete
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
	if err := addressWords(want, addr, prefix); err != nil {
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
		if s.Ifaces[dev].Down {
			return fmt.Errorf("%s is down, and an interface here keeps IPv6 addresses only while it is up: ip link set %s up", want["dev"], want["dev"])
		}
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

// addressWords refuses what an address here cannot be given: it has the broadcast address of its network, the scope that its
// bits say, and the name of its interface.
func addressWords(want map[string]string, addr wire.Addr, prefix uint8) error {
	scope := "global"
	if addr.IsLinkLocal() {
		scope = "link"
	}
	brd := cmp.Or(want["brd"], want["broadcast"])
	switch {
	case brd != "" && brd != "+" && (!addr.Is4() || brd != broadcastOf(addr, prefix)):
		return fmt.Errorf("the broadcast address of %s/%d here is that of its network; leave \"brd %s\" out", addr, prefix, brd)
	case want["scope"] != "" && want["scope"] != scope:
		return fmt.Errorf("the scope of %s here is %s; leave \"scope %s\" out", addr, scope, want["scope"])
	case want["label"] != "" && want["label"] != want["dev"]:
		return fmt.Errorf("an address here has the name of its interface; leave \"label %s\" out", want["label"])
	}
	return nil
}

// broadcastOf is the address of everybody on a network, or nothing if it is too small to have one.
func broadcastOf(addr wire.Addr, prefix uint8) string {
	if prefix >= 31 {
		return ""
	}
	return wire.From4(addr.As4() | (1<<(32-prefix) - 1)).String()
}
