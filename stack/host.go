// Package stack is one host: BSD sockets above, Ethernet frames below, time
// handed in. A host is driven and never drives: HandleFrame takes a frame,
// Poll fires what is due, NextDeadline says when that will be, and the calls
// of socket.go come from programs. No call blocks, and nothing here reads a
// clock or starts a goroutine.
//
// It may import the rooms below it (block, event, ring, seq, timer, wire, tcp).
// Start reading at State, then HandleFrame; tcp_glue.go is where a connection
// meets the host.
package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// Iface is a network interface with one IPv4 address and any number of IPv6
// ones, of which the first is link-local.
type Iface struct {
	Name    string
	MAC     wire.MAC
	Addr    wire.Addr
	Prefix  uint8
	MTU     uint32
	MTU6    uint32 // what a router said; zero: nothing
	GSOSegs uint16 // gso_max_segs; zero: as many as there can be
	Down    bool   // switched off by `ip link set down`
	Stats   IfStats
	Addrs   []Addr6
	Auto    AutoConf
	Router  RouterConf
}

// Route sends what is for Dst/Prefix out of interface Iface, to Via if that is
// set, else directly. What a router advertised holds until a time; zero: for ever.
type Route struct {
	Dst    wire.Addr
	Via    wire.Addr
	Until  int64
	Iface  uint32
	Prefix uint8
}

// State is all that a host knows, as plain data: it is what checkpoints keep,
// what the state hash covers, and nothing else about a host matters.
type State struct {
	ID              uint32
	Name            string
	Ifaces          []Iface
	Routes          []Route
	Neighbors       []Neighbor
	Conns           []tcp.Conn
	FreeConns       []uint32
	Timers          timer.Queue // over connections
	Partial         []Reassembly
	Paths           []Path
	Reports         []Reported
	Loop            ring.Ring[Looped]
	LoStats         IfStats // of lo
	ChoreAt         int64   // when chores are due
	Sockets         []Socket
	Conf            tcp.Config
	IP              IPConf
	Forward         bool      // IPv4
	Secret          [2]uint64 // key of port and sequence number selection (RFC 6528, RFC 6056)
	PortNext        uint32
	FragID          uint32
	Idents          []Ident
	TTL             uint8 // of what the host sends
	SynCookies      uint8 // net.ipv4.tcp_syncookies
	AbortOnOverflow bool
	LowFD           int32     // no descriptor below is free
	TWReuse         uint8     // net.ipv4.tcp_tw_reuse
	FastOpen        uint32    // net.ipv4.tcp_fastopen
	FastOpenKeys    []FastKey // net.ipv4.tcp_fastopen_key, the one for new cookies first
	ListenKeys      []ListenKeys
	FastResets      []FastReset
	FastBlackHole   FastBlackHole
	FastCookies     []FastCookie
	CookiesAt       int64 // when a SYN cookie was sent last
	Limits          Limits
	Challenges      tcp.Challenges
	Inert           []InertSetting // settings that change nothing here, in order of name, if they are not as they were
	Nameservers     []wire.Addr    // wirelab.nameserver: whom programs ask for addresses
	FixedPort       uint16         // wirelab.port: the local port of the next connect, once; zero: chosen
	NAT             NAT
	Counters        Counters
}

// Network takes the frames that a host sends. The frame's one hold passes to it.
type Network interface {
	Transmit(host, iface uint32, frame block.Handle, why event.Why)
}

// Host is a State with what it is handed from outside, none of which is state.
type Host struct {
	State
	Log   *event.Log
	Armed event.Armed        // what set the timers that run, for records
	OnLo  func(frame []byte) // sees what arrives at lo; may be nil

	pool  *block.Pool
	net   Network
	env   tcp.Env
	index connTable // connection slots by addresses; rebuilt from State
	last  lastConn
	ways  ways
	vars  []event.Vars // by connection slot: as they were recorded last
	woken bool
	// doubts is how many neighbours wait for a sign of life (NudDelay, NudProbe).
	doubts  uint32
	looping bool // the packet being handled came from this host itself
	// linkGroup is whether the frame being handled was for a group or everybody on the link (RFC 1122 §3.3.6).
	linkGroup bool
}

// New returns a host without interfaces that keeps data in pool and sends
// through net. seed makes its random choices.
func New(id uint32, name string, seed uint64, pool *block.Pool, net Network, log *event.Log) *Host {
	h := &Host{pool: pool, net: net, Log: log}
	h.State = State{ID: id, Name: name, Conf: tcp.DefaultConfig(), IP: defaultIPConf(), ChoreAt: timer.Never, TTL: 64, SynCookies: 1, FastOpen: 1, TWReuse: 2, Limits: defaultLimits(), NAT: defaultNAT()}
	h.Secret = [2]uint64{mix(seed, uint64(id)), mix(seed+1, uint64(id))}
	h.FastOpenKeys = []FastKey{{mix(h.Secret[1], 0xfa57), mix(h.Secret[0], 0xfa57)}}
	h.Challenges.Key = mix(h.Secret[0], h.Secret[1])
	h.attach()
	return h
}

// Restore returns a host that goes on from s, which it takes over.
func Restore(s State, pool *block.Pool, net Network, log *event.Log) *Host {
	h := &Host{State: s, pool: pool, net: net, Log: log}
	h.attach()
	return h
}

func (h *Host) attach() {
	h.env = tcp.Env{Pool: h.pool, Conf: &h.Conf, Out: h, Challenges: &h.Challenges}
	h.index = connTable{}
	h.index.reserve(h.Conns, len(h.Conns))
	h.countDoubts()
	for i := range h.Conns {
		h.watch(uint32(i))
		if c := &h.Conns[i]; c.State != tcp.Closed || !c.Orphan {
			h.enlist(c)
		}
	}
}

// AddIface adds an interface and the route to its own network; it returns the
// interface's index. The MAC is made from host and interface, with the bit of
// locally administered addresses set.
func (h *Host) AddIface(name string, addr wire.Addr, prefix uint8) uint32 {
	i := uint32(len(h.Ifaces))
	mac := wire.MAC{2, 0, byte(h.ID >> 16), byte(h.ID >> 8), byte(h.ID), byte(i)}
	h.Ifaces = append(h.Ifaces, Iface{Name: name, MAC: mac, Addr: addr, Prefix: prefix, MTU: 1500, Auto: idleAutoConf})
	if !addr.IsZero() { // else it gets one later
		h.Routes = append(h.Routes, Route{Dst: addr, Prefix: prefix, Iface: i})
	}
	h.forgetWays()
	if h.IP.IPv6 {
		h.beginIPv6(i)
	}
	return i
}

// Begin tells the host which event of the simulation it is about to handle, so
// that everything it does names its cause.
func (h *Host) Begin(now int64, number uint64) {
	h.env.Now = now
	if h.env.Cause.Event != number { // an event may begin more than once, and no two things have the same cause
		h.env.Cause = event.Cause{Event: number}
	}
	if h.Log != nil {
		h.Log.Handle(number)
	}
	h.woken = false
}

// Woken reports whether, since Begin, a socket became ready in a way that a
// waiting program may want to know.
func (h *Host) Woken() bool { return h.woken }

// HandleFrame takes a frame that arrived on interface iface, and the frame's hold.
func (h *Host) HandleFrame(now int64, iface uint32, frame block.Handle) {
	h.env.Now = now
	eth, ok := wire.ParseEthernet(h.pool.Data(frame))
	if !ok || int(iface) >= len(h.Ifaces) {
		h.pool.Release(frame)
		return
	}
	to := eth.Dst()
	if !h.Ifaces[iface].received(to, len(eth)) || to != h.Ifaces[iface].MAC && to[0]&1 == 0 {
		h.pool.Release(frame)
		return
	}
	h.linkGroup = to[0]&1 != 0
	h.inputFrame(iface, frame, eth)
	h.linkGroup = false
}

// inputFrame takes a frame for this host, or for a group, and the frame's hold.
func (h *Host) inputFrame(iface uint32, frame block.Handle, eth wire.Ethernet) {
	switch eth.Type() {
	case wire.TypeARP:
		h.inputARP(iface, eth.Dst(), eth.Payload())
	case wire.TypeIPv4:
		if h.inputIPv4(iface, frame, eth) {
			return // forwarded: the hold went along
		}
	case wire.TypeIPv6:
		if h.IP.IPv6 && h.inputIPv6(iface, frame, eth) {
			return
		}
	}
	h.pool.Release(frame)
}

// Poll fires what is due.
func (h *Host) Poll(now int64) {
	h.env.Now = now
	for {
		slot, at := h.Timers.Next()
		if at > now {
			break
		}
		c := &h.Conns[slot]
		h.env.SynAckLimit = 255
		if c.State == tcp.SynReceived && c.Parent != 0 {
			h.env.SynAckLimit = h.synAckLimit(&h.Conns[c.Parent-1])
		}
		h.fireConn(slot)
	}
	if h.ChoreAt <= now {
		h.chores()
	}
}

// NextDeadline returns when Poll wants to be called, or timer.Never.
func (h *Host) NextDeadline() int64 {
	_, at := h.Timers.Next()
	return min(at, h.ChoreAt)
}

// mix is a step of a keyed hash over two words (the finalizer of MurmurHash3).
func mix(a, b uint64) uint64 {
	x := a*0x9e3779b97f4a7c15 ^ b
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
