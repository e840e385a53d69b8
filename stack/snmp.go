package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// What Linux counts in /proc/net/snmp and /proc/net/netstat, and by which names. TCP is counted where a connection
// meets the host, so that tcp.Conn knows nothing of it.

// IPCounters are those of one version of IP.
type IPCounters struct {
	InReceives, InHdrErrors, InAddrErrors, InDelivers, OutRequests, ForwDatagrams, OutNoRoutes uint64
	ReasmReqds, ReasmOKs, ReasmFails, ReasmTimeout, FragOKs, FragCreates                       uint64
}

// Counters count what a host did, with the names of Linux's SNMP table.
type Counters struct {
	IP, IP6                                                                                        IPCounters
	ICMPInCsumErrors, ICMP6InCsumErrors                                                            uint64
	ActiveOpens, PassiveOpens, AttemptFails, EstabResets                                           uint64
	InSegs, OutSegs, RetransSegs, InErrs, OutRsts, InCsumErrors                                    uint64
	UDPInDatagrams, UDPNoPorts, UDPInErrors, UDPOutDatagrams, UDPRcvbufErrors, UDPInCsumErrors     uint64
	ListenDrops, ListenOverflows, SyncookiesSent, SyncookiesRecv, SyncookiesFailed                 uint64
	TW, DelayedACKs, FastRetrans, SlowStartRetrans, Timeouts, LossProbes, DSACKRecv, DSACKRecvSegs uint64
	OFOQueue, SynRetrans, OrigDataSent, ChallengeACK, WinProbe, KeepAlive, Delivered, DeliveredCE  uint64
	MinTTLDrop, AbortOnData, AbortOnTimeout, OfoPruned                                             uint64
	BytesDelivered                                                                                 uint64 // read by programs
}

// countState counts a change of a connection's state (tcp_set_state and tcp_done of Linux).
func (h *Host) countState(c *tcp.Conn, was tcp.State, why event.Reason) {
	n := &h.Counters
	switch {
	case was == c.State:
	case c.State == tcp.SynSent:
		n.ActiveOpens++
	case c.State == tcp.Closed && (was == tcp.Established || was == tcp.CloseWait):
		n.EstabResets++
	case c.State == tcp.Closed && was == tcp.SynSent && why != event.Close, c.State == tcp.Closed && was == tcp.SynReceived && why == event.SegmentArrived:
		n.AttemptFails++
	case c.State != tcp.Closed && c.Parent != 0 && (was == tcp.SynReceived || was == tcp.Closed && c.State != tcp.SynReceived):
		n.PassiveOpens++
	case c.State == tcp.Closed && was == tcp.TimeWait:
		n.TW++
	}
}

// connNews are counters of a connection that a segment or a timer may move.
type connNews struct {
	delivered, dsacks, ce, outOfOrder uint32
	pruned                            uint16
}

func newsOf(c *tcp.Conn) connNews {
	return connNews{c.Delivered, c.DSackDups, c.Segs.DeliveredCE, c.Segs.OutOfOrder, c.Pruned}
}

func (n connNews) minus(o connNews) connNews {
	return connNews{n.delivered - o.delivered, n.dsacks - o.dsacks, n.ce - o.ce, n.outOfOrder - o.outOfOrder, n.pruned - o.pruned}
}

// countNews counts what a segment told or a timer found.
func (h *Host) countNews(c connNews) {
	n := &h.Counters
	n.Delivered += uint64(c.delivered)
	n.DeliveredCE += uint64(c.ce)
	n.OFOQueue += uint64(c.outOfOrder)
	n.OfoPruned += uint64(c.pruned)
	if int32(c.dsacks) > 0 {
		n.DSACKRecv++
		n.DSACKRecvSegs += uint64(c.dsacks)
	}
}

// countSent counts a segment that leaves.
func (h *Host) countSent(s *tcp.Segment) {
	n := &h.Counters
	if s.Xmit > 1 {
		n.RetransSegs++
		if s.Flags&wire.SYN != 0 {
			n.SynRetrans++
		}
	} else {
		n.OutSegs++
		if s.Data.Len > 0 {
			n.OrigDataSent++
		}
	}
	if s.Flags&wire.RST != 0 {
		n.OutRsts++
	}
	switch s.Reason {
	case event.AckDelayed:
		n.DelayedACKs++
	case event.FastRetransmit, event.PartialAck, event.RackTimeout:
		n.FastRetrans++
	case event.LossRecovery:
		n.SlowStartRetrans++
	case event.TailLossProbe:
		n.LossProbes++
	case event.ZeroWindowProbe:
		n.WinProbe++
	case event.KeepAlive:
		n.KeepAlive++
	case event.ChallengeAck:
		n.ChallengeACK++
	case event.ResetUnread:
		n.AbortOnData++
	}
}

// Counter is a counter by the name that nstat prints.
type Counter struct {
	Name  string
	Value uint64
}

// Snmp returns the counters in the order of Linux.
func (h *Host) Snmp() []Counter {
	n := &h.Counters
	list := []Counter{}
	ip := func(prefix, forwarded string, k *IPCounters) {
		list = append(list, Counter{prefix + "InReceives", k.InReceives}, Counter{prefix + "InHdrErrors", k.InHdrErrors}, Counter{prefix + "InAddrErrors", k.InAddrErrors})
		if prefix == "Ip" {
			list = append(list, Counter{prefix + forwarded, k.ForwDatagrams}, Counter{prefix + "InDelivers", k.InDelivers})
		} else {
			list = append(list, Counter{prefix + "InDelivers", k.InDelivers}, Counter{prefix + forwarded, k.ForwDatagrams})
		}
		list = append(list, Counter{prefix + "OutRequests", k.OutRequests}, Counter{prefix + "OutNoRoutes", k.OutNoRoutes},
			Counter{prefix + "ReasmTimeout", k.ReasmTimeout}, Counter{prefix + "ReasmReqds", k.ReasmReqds}, Counter{prefix + "ReasmOKs", k.ReasmOKs}, Counter{prefix + "ReasmFails", k.ReasmFails},
			Counter{prefix + "FragOKs", k.FragOKs}, Counter{prefix + "FragCreates", k.FragCreates})
	}
	ip("Ip", "ForwDatagrams", &n.IP)
	list = append(list, []Counter{{"IcmpInCsumErrors", n.ICMPInCsumErrors},
		{"TcpActiveOpens", n.ActiveOpens}, {"TcpPassiveOpens", n.PassiveOpens}, {"TcpAttemptFails", n.AttemptFails}, {"TcpEstabResets", n.EstabResets},
		{"TcpInSegs", n.InSegs}, {"TcpOutSegs", n.OutSegs}, {"TcpRetransSegs", n.RetransSegs}, {"TcpInErrs", n.InErrs}, {"TcpOutRsts", n.OutRsts}, {"TcpInCsumErrors", n.InCsumErrors},
		{"UdpInDatagrams", n.UDPInDatagrams}, {"UdpNoPorts", n.UDPNoPorts}, {"UdpInErrors", n.UDPInErrors}, {"UdpOutDatagrams", n.UDPOutDatagrams}, {"UdpRcvbufErrors", n.UDPRcvbufErrors}, {"UdpInCsumErrors", n.UDPInCsumErrors}}...)
	ip("Ip6", "OutForwDatagrams", &n.IP6)
	return append(list, []Counter{{"Icmp6InCsumErrors", n.ICMP6InCsumErrors},
		{"TcpExtSyncookiesSent", n.SyncookiesSent}, {"TcpExtSyncookiesRecv", n.SyncookiesRecv}, {"TcpExtSyncookiesFailed", n.SyncookiesFailed},
		{"TcpExtOfoPruned", n.OfoPruned}, {"TcpExtTW", n.TW}, {"TcpExtDelayedACKs", n.DelayedACKs}, {"TcpExtListenOverflows", n.ListenOverflows}, {"TcpExtListenDrops", n.ListenDrops},
		{"TcpExtTCPFastRetrans", n.FastRetrans}, {"TcpExtTCPSlowStartRetrans", n.SlowStartRetrans}, {"TcpExtTCPTimeouts", n.Timeouts}, {"TcpExtTCPLossProbes", n.LossProbes},
		{"TcpExtTCPDSACKRecv", n.DSACKRecv}, {"TcpExtTCPAbortOnData", n.AbortOnData}, {"TcpExtTCPAbortOnTimeout", n.AbortOnTimeout}, {"TcpExtTCPMinTTLDrop", n.MinTTLDrop},
		{"TcpExtTCPOFOQueue", n.OFOQueue}, {"TcpExtTCPChallengeACK", n.ChallengeACK}, {"TcpExtTCPSynRetrans", n.SynRetrans}, {"TcpExtTCPOrigDataSent", n.OrigDataSent},
		{"TcpExtTCPWinProbe", n.WinProbe}, {"TcpExtTCPKeepAlive", n.KeepAlive}, {"TcpExtTCPDelivered", n.Delivered}, {"TcpExtTCPDeliveredCE", n.DeliveredCE}, {"TcpExtTCPDSACKRecvSegs", n.DSACKRecvSegs}}...)
}
