package worlds

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack"
	"wirelab/stack/wire"
)

const (
	ms     = int64(1_000_000)
	second = 1000 * ms
)

// world is a lab and what people type in it.
type world struct {
	seed     uint64
	scenario lab.Scenario
	typed    []lab.Entry // in the order of their times; At has nothing else
	names    [2]string   // by which the hosts call each other
	begin    int64       // when the first line is typed
	gentle   bool        // nothing is ever lost in it, and nobody gives up
	careful  bool        // something on the path may drop frames
	traits   []string    // for the line of coverage

	translated, looped, stopped bool // see path_test.go
}

// The two hosts.
const (
	nodeA = uint32(iota)
	nodeB
)

var addrs = [2]wire.Addr{wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 2)}

// Over IPv6 they use their link-local addresses, which detection of duplicates
// leaves to them after a while.
const (
	switchIPv6On = "net.ipv6.conf.all.disable_ipv6"
	detection    = 4 * second
)

// draw makes the choices of one world.
type draw struct{ *rand.Rand }

// one is true in so many of a hundred cases.
func (d draw) one(percent int64) bool { return d.Int64N(100) < percent }

// between returns a number from low to high; the small ones are as likely as
// the large ones in that each power of two has its turn.
func (d draw) between(low, high int64) int64 {
	span := high - low
	for span > 1 && d.one(50) {
		span /= 2 + d.Int64N(7)
	}
	return low + d.Int64N(span+1)
}

func pick[T any](d draw, from ...T) T { return from[d.IntN(len(from))] }

// drawWorld returns the world of a seed.
func drawWorld(seed uint64) *world {
	d := draw{rand.New(rand.NewPCG(seed, 0x776f726c6473))}
	w := &world{seed: seed, names: [2]string{addrs[0].String(), addrs[1].String()}}
	w.scenario = lab.Scenario{Seed: seed, Nodes: []lab.Node{{Name: "A", X: -150}, {Name: "B", X: 150}}}
	p := d.link()
	l := lab.Link{Params: [2]link.Params{p, p}}
	if d.one(30) {
		l.Params[1] = d.link()
	}
	for i := range l.Ends {
		l.Ends[i] = lab.LinkEnd{Node: uint32(i), Addr: addrs[i], Prefix: 24}
	}
	w.scenario.Links = []lab.Link{l}
	// ARP has no checksum: a bit changed there may end all talk for minutes.
	corrupts := l.Params[0].CorruptPPM+l.Params[1].CorruptPPM > 0
	w.scenario.KnowsMAC = corrupts || d.one(60)
	for i := range w.scenario.Nodes {
		w.scenario.Nodes[i].Sysctls = d.sysctls(corrupts)
	}
	if d.one(20) && stack.CheckSysctl(switchIPv6On, "0") == nil {
		w.has("IPv6")
		w.overIPv6()
	} else {
		w.path(d)
	}
	w.gentle = !w.careful
	for i := range w.scenario.Links {
		for _, p := range w.scenario.Links[i].Params {
			w.gentle = w.gentle && p.LossPPM == 0 && p.CorruptPPM == 0 && p.QueuePackets == 0
		}
	}
	for i := range w.scenario.Nodes { // who is that impatient may take a long queue for a dead peer
		w.gentle = w.gentle && !slices.Contains(w.scenario.Nodes[i].Sysctls, lab.Setting{Name: "net.ipv4.tcp_rto_max_ms", Value: "1000"})
	}
	pick(d, (*world).bulk, (*world).bulk, (*world).bulk, (*world).bulk, (*world).bulk, (*world).bulk, (*world).talk, (*world).talk, (*world).echo, (*world).echo,
		(*world).giveUp, (*world).giveUp, (*world).urge, (*world).stop)(w, d)
	w.change(d)
	slices.SortStableFunc(w.typed, func(a, b lab.Entry) int { return cmp.Compare(a.At.TimeNs, b.At.TimeNs) })
	return w
}

// overIPv6 lets the hosts talk by IPv6.
func (w *world) overIPv6() {
	w.begin = detection
	for i := range w.scenario.Nodes {
		n := &w.scenario.Nodes[i]
		n.Sysctls = append(n.Sysctls, lab.Setting{Name: switchIPv6On, Value: "0"})
		mac := wire.MAC{2, 0, 0, 0, byte(i), 0} // as the stack makes it from host and interface
		w.names[i] = mac.EUI64(wire.Addr{0: 0xfe, 1: 0x80}).String()
	}
}

// link draws one direction of a link: a third are faultless, most of the rest
// mild, some dreadful.
func (d draw) link() link.Params {
	p := link.Params{DelayNs: d.between(0, 300*ms)}
	if d.one(70) {
		p.BitsPerSecond = pick[uint64](d, 56_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
		if d.one(60) {
			p.QueuePackets = uint32(d.between(2, 100))
		}
	}
	if d.one(33) {
		return p
	}
	worst := pick[int64](d, 10_000, 50_000, 200_000)
	fault := func(percent int64) uint32 {
		if !d.one(percent) {
			return 0
		}
		return uint32(d.between(1000, worst))
	}
	p.LossPPM = fault(70)
	if d.one(20) {
		p.LossRun = uint32(d.between(2, 8))
		p.LossPPM /= p.LossRun
	}
	p.DuplicatePPM, p.CorruptPPM = fault(30), fault(20)
	if p.ReorderPPM = fault(30); p.ReorderPPM > 0 {
		p.ReorderNs = d.between(ms/10, 100*ms)
	}
	if d.one(30) {
		p.JitterNs = d.between(1, 50*ms)
	}
	return p
}

// knob is a setting and the values that are drawn for it.
type knob struct {
	name   string
	values []string
}

func knobOf(name string, values ...string) knob { return knob{name, values} }

// knobs are the settings that are drawn. Those that the stack does not have are
// left out by itself; values that would only make a world take forever are not here.
var knobs = []knob{
	knobOf("net.ipv4.tcp_window_scaling", "0", "1"),
	knobOf("net.ipv4.tcp_sack", "0", "1"),
	knobOf("net.ipv4.tcp_dsack", "0", "1"),
	knobOf("net.ipv4.tcp_timestamps", "0", "1"),
	knobOf("net.ipv4.tcp_ecn", "0", "1", "2"),
	knobOf("net.ipv4.tcp_ecn_fallback", "0", "1"),
	knobOf("net.ipv4.tcp_congestion_control", "reno", "cubic", "bbr"),
	knobOf("wirelab.hystart_plus_plus", "0", "1"),
	knobOf("net.ipv4.tcp_recovery", "0", "1", "3"),
	knobOf("net.ipv4.tcp_early_retrans", "0", "3", "4"),
	knobOf("net.ipv4.tcp_frto", "0", "1", "2"),
	knobOf("net.ipv4.tcp_reordering", "1", "3", "10"),
	knobOf("net.ipv4.tcp_max_reordering", "3", "300"),
	knobOf("net.ipv4.tcp_slow_start_after_idle", "0", "1"),
	knobOf("net.ipv4.tcp_rto_min_us", "5000", "200000"),
	knobOf("net.ipv4.tcp_rto_max_ms", "1000", "10000", "120000"),
	// Not 2: with cookies always on, a late FIN may open a connection again that the server gave up, as in Linux.
	knobOf("net.ipv4.tcp_syncookies", "0", "1"),
	knobOf("net.ipv4.tcp_fastopen", "0", "1", "3"),
	knobOf("net.ipv4.tcp_keepalive_time", "5", "7200"),
	knobOf("net.ipv4.tcp_keepalive_intvl", "1", "75"),
	knobOf("net.ipv4.tcp_notsent_lowat", "1000", "4294967295"),
	knobOf("net.ipv4.tcp_moderate_rcvbuf", "0", "1"),
	knobOf("net.ipv4.tcp_limit_output_bytes", "1500", "1048576"),
	knobOf("net.ipv4.tcp_autocorking", "0", "1"),
	knobOf("net.ipv4.tcp_syn_linear_timeouts", "0", "4"),
	knobOf("net.ipv4.tcp_fin_timeout", "5", "60"),
	knobOf("net.ipv4.tcp_shrink_window", "0"),
	knobOf("net.ipv4.tcp_mtu_probing", "0", "1", "2"),
	knobOf("net.ipv4.tcp_base_mss", "500", "1024"),
	knobOf("net.ipv4.tcp_retries1", "1", "3"),
	knobOf("net.ipv4.tcp_retries2", "8", "15"),
	knobOf("net.ipv4.tcp_orphan_retries", "0", "3", "8"),
	knobOf("net.ipv4.tcp_synack_retries", "4", "5"), // fewer, and a long queue alone is enough to give up a handshake
	knobOf("net.ipv4.tcp_abort_on_overflow", "0", "1"),
	knobOf("net.ipv4.tcp_rfc1337", "0", "1"),
	knobOf("net.ipv4.tcp_tw_reuse", "0", "1", "2"),
	knobOf("net.ipv4.ip_default_ttl", "1", "255"),
	knobOf("wirelab.user_timeout_option", "1"),
	knobOf("net.ipv4.tcp_rmem", "4096 4096 4096", "4096 16384 100000", "4096 131072 33554432"),
	knobOf("net.ipv4.tcp_wmem", "4096 4096 4096", "4096 16384 100000", "4096 16384 4194304"),
	knobOf("wirelab.rmem_bytes", "2048", "5000", "20000", "131072", "1000000"),
	knobOf("wirelab.wmem_bytes", "2048", "5000", "20000", "2626560"),
	knobOf("wirelab.msl_ms", "100", "30000"),
	knobOf("wirelab.isn", "0", "4294967295", "4294950000", "2147483640"),
	knobOf("wirelab.no_time_wait", "1"),
	knobOf("wirelab.stop_and_wait", "1"),
	knobOf("wirelab.no_congestion_control", "1"),
	knobOf("wirelab.no_delayed_ack", "1"),
	knobOf("wirelab.no_checksum", "1"),
	knobOf("wirelab.two_way_handshake", "1"),
	knobOf("wirelab.predictable_isn", "1"),
}

// sysctls draws the settings of one host. Quirks are rare, as two thirds of the
// worlds are to have none.
func (d draw) sysctls(corrupts bool) (set []lab.Setting) {
	percent := pick[int64](d, 0, 10, 30)
	for _, k := range slices.Concat(knobs, moreKnobs) {
		value := pick(d, k.values...)
		quirk := strings.HasPrefix(k.name, "wirelab.") && len(k.values) == 1
		if !d.one(percent) || quirk && !d.one(20) || stack.CheckSysctl(k.name, value) != nil {
			continue
		}
		if corrupts && k.name == "wirelab.no_checksum" {
			continue // then bytes do not arrive as they were sent; that is what it is there to show
		}
		set = append(set, lab.Setting{Name: k.name, Value: value})
	}
	return set
}

func repeat(s string, n int64) string { return strings.Repeat(s, int(n)) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// types notes that somebody types a line at a time.
func (w *world) types(at int64, node uint32, format string, args ...any) {
	w.typed = append(w.typed, lab.Entry{At: lab.Position{TimeNs: w.begin + at}, Input: lab.Exec{Node: node, Line: fmt.Sprintf(format, args...)}})
}

func (w *world) presses(at int64, key lab.Input) {
	w.typed = append(w.typed, lab.Entry{At: lab.Position{TimeNs: w.begin + at}, Input: key})
}

// arguments returns how a program takes its time, or nothing: as fast as it goes.
func (d draw) arguments(total int64) string {
	if !d.one(40) {
		return ""
	}
	chunk := d.between(max(1, total/500), 65536)
	return " " + strconv.FormatInt(chunk, 10) + " " + strconv.FormatInt(d.between(1, 300), 10)
}

// bulk is one transfer, or several at once, also against each other.
func (w *world) bulk(d draw) {
	for i := range d.between(1, 3) {
		from, to := nodeA, nodeB
		if i > 0 && !w.translated && d.one(50) { // nobody calls in through a translator
			from, to = to, from
		}
		total := d.between(1, 250_000)
		w.types(0, to, "sink %d%s &", 9+i, d.arguments(total))
		w.types(d.between(0, second), from, "source %s %d %d%s &", w.names[to], 9+i, total, d.arguments(total))
	}
}

// talk is two people who type at nc, and end their input each when they like.
func (w *world) talk(d draw) {
	w.types(0, nodeB, "nc -l 80")
	w.types(0, nodeA, "nc %s 80", w.names[nodeB])
	for node := range uint32(2) {
		at := second / 2
		for range d.between(0, 12) {
			at += d.between(0, 2*second)
			w.types(at, node, "%s", strings.Repeat(pick(d, "a", "bc", "x y"), int(d.between(1, 1000))))
		}
		at += d.between(0, 20*second)
		w.presses(at, lab.EndInput{Node: node})
	}
}

// echo is the pair of the tutorials.
func (w *world) echo(d draw) {
	w.types(0, nodeB, "echo-server 7 %d &", d.between(0, 1000))
	w.types(0, nodeA, "echo-client %s 7", w.names[nodeB])
	at := int64(0)
	for range d.between(0, 10) {
		at += d.between(0, 2*second)
		w.types(at, nodeA, "%s", strings.Repeat("e", int(d.between(1, 2000))))
	}
	w.presses(at+d.between(0, 5*second), lab.EndInput{Node: nodeA})
}

// giveUp is a transfer that one side breaks off.
func (w *world) giveUp(d draw) {
	w.gentle = false
	total := d.between(1000, 1_000_000)
	w.types(0, nodeB, "sink 9%s", d.arguments(total))
	w.types(0, nodeA, "source %s 9 %d%s", w.names[nodeB], total, d.arguments(total))
	at := d.between(0, 4*second)
	w.presses(at, lab.Interrupt{Node: pick(d, nodeA, nodeB)})
}

// change lets the link become another in the middle, or fail for a while.
func (w *world) change(d draw) {
	if d.one(75) {
		return
	}
	w.gentle = false
	switch {
	case d.one(25):
		w.unplug(d)
		return
	case len(w.scenario.Nodes) > nodeR && !w.looped && d.one(50):
		w.narrow(d)
		return
	}
	set := func(at int64, dir uint8, p link.Params) {
		w.typed = append(w.typed, lab.Entry{At: lab.Position{TimeNs: w.begin + at}, Input: lab.SetLink{Dir: dir, Params: p}})
	}
	at, dir := d.between(0, 3*second), uint8(d.IntN(2))
	old := w.scenario.Links[0].Params[dir]
	if d.one(50) {
		old.DelayNs, old.BitsPerSecond, old.QueuePackets = d.between(0, 300*ms), pick[uint64](d, 0, 1_000_000), uint32(d.between(0, 50))
		set(at, dir, old)
		return
	}
	broken := old
	broken.LossPPM = 1_000_000
	set(at, dir, broken)
	set(at+d.between(100*ms, 20*second), dir, old)
}
