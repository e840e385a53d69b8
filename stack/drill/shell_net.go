package drill

import (
	"slices"
	"strconv"
	"strings"

	"wirelab/stack"
	"wirelab/stack/wire"
)

// Commands about the one interface, tun0, and about what the host knows of its peers.

const device = "tun0"

// ip takes ip link set and ip tcp_metrics.
func (r *runner) ip(c *shellCommand) error {
	words := c.words[1:]
	for len(words) > 0 && (words[0] == "-4" || words[0] == "-6") {
		words = words[1:]
	}
	if len(words) < 2 {
		return notThere(c)
	}
	switch object := words[0]; {
	case strings.HasPrefix("tcp_metrics", object) && len(object) > 1, object == "tcpmetrics":
		return r.metrics(c, words[1:])
	case strings.HasPrefix("link", object) && words[1] == "set":
		return r.setLink(c, words[2:])
	}
	return notThere(c)
}

// setLink takes [dev] tun0, and then mtu N, gso_max_segs N, up and others.
func (r *runner) setLink(c *shellCommand, words []string) error {
	if len(words) > 1 && words[0] == "dev" {
		words = words[1:]
	}
	if len(words) < 2 || words[0] != device {
		return notThere(c)
	}
	for words = words[1:]; len(words) > 0; {
		if words[0] == "up" { // it is
			words = words[1:]
			continue
		}
		if len(words) < 2 {
			return notThere(c)
		}
		v, err := strconv.ParseUint(words[1], 10, 32)
		least := uint64(68)
		if r.set.v6 {
			least = 1280
		}
		switch {
		case err != nil:
			return notThere(c)
		case words[0] == "mtu" && v >= least && v <= 65535:
			r.host.SetMTU(0, uint32(v))
		case words[0] == "gso_max_segs" && v >= 1 && v <= 65535:
			r.host.SetGSOSegs(0, uint16(v))
		case words[0] == "txqueuelen", words[0] == "txqlen": // the link is infinitely fast: nothing waits for it
		default:
			return notThere(c)
		}
		words = words[2:]
	}
	return nil
}

// metrics takes ip tcp_metrics flush [all | ADDRESS[/n]] and delete ADDRESS. Only cookies of Fast Open, with the
// segment size that belongs to them, outlive a connection here.
func (r *runner) metrics(c *shellCommand, words []string) error {
	what := words[0]
	words = slices.DeleteFunc(slices.Clone(words[1:]), func(w string) bool { return w == "address" })
	switch {
	case what == "show" || what == "list": // onto the terminal, which nobody sees
		return nil
	case what != "flush" && what != "delete" && what != "del" || len(words) > 1 || what != "flush" && len(words) == 0:
		return notThere(c)
	case len(words) == 0 || words[0] == "all" || words[0] == "any":
		r.forgetPeers(func(wire.Addr) bool { return true })
		return nil
	}
	text, bits, hasBits := strings.Cut(words[0], "/")
	a, err := wire.ParseAddr(text)
	n, nan := strconv.ParseUint(bits, 10, 8)
	if err != nil || hasBits && (nan != nil || n > 128 || a.Is4() && n > 32) {
		return notThere(c)
	}
	r.forgetPeers(func(peer wire.Addr) bool {
		return peer == a || hasBits && peer.Is4() == a.Is4() && peer.InPrefix(a, uint8(n))
	})
	return nil
}

// forgetPeers forgets the peers that are meant.
func (r *runner) forgetPeers(meant func(wire.Addr) bool) {
	r.host.FastCookies = slices.DeleteFunc(r.host.FastCookies, func(k stack.FastCookie) bool { return meant(k.Addr) })
}

// queueKinds are the queueing disciplines that send what they get at once if the link takes it, as this one does.
var queueKinds = []string{"pfifo", "bfifo", "pfifo_fast", "fq_codel", "codel", "sfq", "noqueue"}

// trafficControl takes tc qdisc: fq keeps the pace that TCP asks for, a queue with no room loses all that leaves.
func (r *runner) trafficControl(c *shellCommand) error {
	words := c.words[1:]
	if len(words) < 4 || words[0] != "qdisc" || words[2] != "dev" || words[3] != device {
		return notThere(c)
	}
	action := words[1]
	words = words[4:]
	for len(words) > 0 && (words[0] == "root" || words[0] == "handle" && len(words) > 1) {
		words = words[1+truth(words[0] == "handle"):]
	}
	switch action {
	case "show", "list", "ls":
		return nil
	case "del", "delete": // the usual one comes back
		if len(words) > 1 {
			return notThere(c)
		}
		r.dropOutput, r.host.Conf.FairQueue = false, false
		return nil
	case "add", "replace", "change":
	default:
		return notThere(c)
	}
	switch {
	case len(words) == 0:
		return notThere(c)
	case words[0] == "fq" && (len(words) == 1 || len(words) == 2 && (words[1] == "pacing" || words[1] == "nopacing")):
		r.dropOutput, r.host.Conf.FairQueue = false, words[len(words)-1] != "nopacing"
		return nil
	case !slices.Contains(queueKinds, words[0]):
		return notThere(c)
	}
	limit := uint64(1)
	if len(words) == 3 && words[1] == "limit" && words[0] != "noqueue" {
		var err error
		if limit, err = strconv.ParseUint(words[2], 10, 32); err != nil {
			return notThere(c)
		}
	} else if len(words) != 1 {
		return notThere(c)
	}
	r.dropOutput, r.host.Conf.FairQueue = limit == 0, false
	return nil
}

// features are what ethtool -K switches, and nothing of it is seen on the wire: Linux's TCP makes pieces of many
// segments in any case, and parts them itself if the device does not. Only what joins arriving segments would be
// seen, and no device here does that.
var features = []string{"tso", "gso", "sg", "tx", "rx", "rxvlan", "txvlan", "ufo", "tx-tcp-segmentation", "tx-tcp6-segmentation", "tx-tcp-ecn-segmentation",
	"generic-segmentation-offload", "tcp-segmentation-offload", "scatter-gather", "tx-checksumming", "rx-checksumming"}

// joining are those that let a device join what arrives: to switch them off changes nothing.
var joining = []string{"gro", "lro", "generic-receive-offload", "large-receive-offload", "rx-gro-list", "rx-udp-gro-forwarding"}

// ethtool takes -K tun0 FEATURE on|off …, and options that only show something.
func (r *runner) ethtool(c *shellCommand) error {
	words := c.words[1:]
	if len(words) < 2 || words[1] != device {
		return notThere(c)
	}
	switch words[0] {
	case "-k", "--show-features", "--show-offload", "-i", "--driver", "-S", "--statistics":
		return nil
	case "-K", "--features", "--offload":
	default:
		return notThere(c)
	}
	words = words[2:]
	if len(words) == 0 || len(words)%2 != 0 {
		return notThere(c)
	}
	for ; len(words) > 0; words = words[2:] {
		name, state := words[0], words[1]
		known := slices.Contains(features, name) && (state == "on" || state == "off") || slices.Contains(joining, name) && state == "off"
		if !known {
			return cannot(c.line, "ethtool -K %s %s is not there", name, state)
		}
	}
	return nil
}
