package prog

import (
	"errors"
	"fmt"
	"strconv"

	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// linkChange is what `ip link set` asks for; a pointer that is nil: leave that as it is.
type linkChange struct {
	dev            string
	up             *bool
	mtu, gso, qlen *uint32
}

const (
	leastMTU   = 68    // RFC 791 §3.2
	largestMTU = 65535 // of an IPv4 packet
)

var errIncomplete = errors.New("Command line is not complete. Try option \"help\"")

// parseLinkSet reads the words behind `ip link set`.
func parseLinkSet(words []string) (c linkChange, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch w {
		case "up", "down":
			on := w == "up"
			c.up = &on
			continue
		case "dev", "mtu", "gso_max_segs", "txqueuelen", "txqlen", "qlen":
			if i++; i == len(words) {
				return c, errIncomplete
			}
		}
		switch value := words[i]; w {
		case "mtu":
			c.mtu, err = linkNumber(w, value, 32)
		case "gso_max_segs":
			c.gso, err = linkNumber(w, value, 16)
		case "txqueuelen", "txqlen", "qlen":
			c.qlen, err = linkNumber("txqueuelen", value, 31)
		case "dev":
			err = c.name(value)
		default:
			if c.dev != "" && linkWords[w] {
				return c, fmt.Errorf("ip link set %s cannot be done here; there are up, down, mtu, gso_max_segs and txqueuelen", w)
			}
			err = c.name(value)
		}
		if err != nil {
			return c, err
		}
	}
	if c.dev == "" {
		return c, errors.New("Not enough information: \"dev\" argument is required.")
	}
	return c, nil
}

// linkWords are those that Linux knows and that are not here.
var linkWords = map[string]bool{"address": true, "arp": true, "broadcast": true, "gso_max_size": true, "gro_max_size": true, "group": true, "master": true,
	"multicast": true, "allmulticast": true, "name": true, "netns": true, "nomaster": true, "promisc": true, "alias": true, "type": true, "vf": true, "xdp": true, "dynamic": true, "carrier": true}

func (c *linkChange) name(word string) error {
	if c.dev != "" {
		return fmt.Errorf("Error: either \"dev\" is duplicate, or \"%s\" is a garbage.", word)
	}
	c.dev = word
	return nil
}

func linkNumber(name, text string, bits int) (*uint32, error) {
	n, err := strconv.ParseUint(text, 0, bits)
	if err != nil {
		return nil, fmt.Errorf("Error: argument \"%s\" is wrong: Invalid \"%s\" value", text, name)
	}
	v := uint32(n)
	return &v, nil
}

// ipLinkSet changes an interface.
func (s *Sys) ipLinkSet(words []string) error {
	c, err := parseLinkSet(words)
	if err != nil {
		return err
	}
	if c.dev == "lo" {
		if c.up != nil && *c.up && c.mtu == nil && c.gso == nil && c.qlen == nil {
			return nil // it is
		}
		return errors.New("lo of a host here is always up, and its MTU and queue do not change; only other interfaces can be set")
	}
	dev, err := s.device(c.dev)
	if err != nil {
		return err
	}
	if c.mtu != nil {
		switch {
		case *c.mtu < leastMTU:
			return errors.New("Error: mtu less than device minimum.")
		case *c.mtu > largestMTU:
			return errors.New("Error: mtu greater than device maximum.")
		case *c.mtu < wire.IPv6MinMTU && len(s.Ifaces[dev].Addrs) > 0:
			return fmt.Errorf("IPv6 needs an MTU of %d, and %s has IPv6 addresses: sysctl -w net.ipv6.conf.all.disable_ipv6=1 first", wire.IPv6MinMTU, c.dev)
		}
	}
	if c.qlen != nil {
		if err := s.setQueueLen(dev, c.dev, *c.qlen); err != nil {
			return err
		}
	}
	if c.mtu != nil {
		s.SetMTU(int(dev), *c.mtu)
	}
	if c.gso != nil {
		s.SetGSOSegs(int(dev), uint16(*c.gso))
	}
	if c.up != nil {
		return netlinkError(s.SetUp(dev, *c.up))
	}
	return nil
}

// setQueueLen gives the queue of an interface, which is that of the link behind it, another length.
func (s *Sys) setQueueLen(dev uint32, name string, n uint32) error {
	d := s.wire(int(dev))
	switch {
	case d == nil:
		return fmt.Errorf("nothing is plugged into %s, so it has no queue", name)
	case d.Qdisc.Kind != "":
		return fmt.Errorf("txqueuelen is the length of pfifo_fast, and %s has %s: tc qdisc replace dev %s root %s limit %d …", name, d.Qdisc.Kind, name, d.Qdisc.Kind, n)
	case d.Discipline != link.UseDropTail:
		return fmt.Errorf("txqueuelen is the length of pfifo_fast, and %s has %s: tc qdisc change dev %s root %s limit %d", name, d.Discipline, name, d.Discipline, n)
	case n == 0:
		return errors.New("a queue here holds at least one packet: txqueuelen 1")
	}
	p := d.Params
	p.QueuePackets = n
	return s.Wires.SetWire(s.ID, dev, p)
}
