package lab

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"wirelab/lab/prog"
	"wirelab/stack"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// How acts are written, in any language.

// InstantText writes a time of the lab to the microsecond, the rest cut off as tcpdump does: 0 s, 350.052 ms, 3.091476 s.
func InstantText(ns int64) string {
	us, one, digits, unit := ns/1000, int64(1000), 3, " ms"
	if us == 0 || us >= 1_000_000 {
		one, digits, unit = 1_000_000, 6, " s"
	}
	rest := strings.TrimRight(fmt.Sprintf(".%0*d", digits, us%one), "0")
	return strconv.FormatInt(us/one, 10) + strings.TrimSuffix(rest, ".") + unit
}

// Ends returns the two ends of the connection that an act is about, such as 10.0.0.1:40000 > 10.0.0.2:80, or "".
func Ends(a *event.Act) string {
	if a.LocalPort == 0 || a.RemotePort == 0 {
		return ""
	}
	return EndText(a.Local, a.LocalPort) + " > " + EndText(a.Remote, a.RemotePort)
}

// EndText writes an address and a port; without a port only the address.
func EndText(addr wire.Addr, port uint16) string {
	ip := netip.AddrFrom16(addr).Unmap()
	if addr.IsZero() {
		ip = netip.IPv4Unspecified()
	}
	if port == 0 {
		return ip.String()
	}
	return netip.AddrPortFrom(ip, port).String()
}

// CallText writes a system call and its result as strace does, with numbers of bytes instead of the bytes. One that blocks has no result yet.
func CallText(a *event.Act) string {
	args := []string{fmt.Sprint(a.FD)}
	switch a.Call {
	case event.CallSocket:
		args[0] = socketText(a.Arg)
	case event.CallBind:
		args = append(args, EndText(a.Local, a.LocalPort))
	case event.CallConnect:
		args = append(args, EndText(a.Remote, a.RemotePort))
	case event.CallAccept:
		if a.RemotePort != 0 {
			args = append(args, EndText(a.Remote, a.RemotePort))
		}
	case event.CallListen, event.CallRead, event.CallWrite:
		args = append(args, fmt.Sprint(a.Arg))
	case event.CallSendTo, event.CallRecvFrom:
		args = append(args, fmt.Sprint(a.Arg), EndText(a.Remote, a.RemotePort))
	case event.CallShutdown:
		args = append(args, [...]string{"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}[a.Arg])
	case event.CallSetsockopt, event.CallGetsockopt:
		args = append(args, stack.OptionName(a.Option), optionText(a))
	}
	result := fmt.Sprintf(" = %d", a.Result)
	switch err := tcp.Errno(a.Err); {
	case prog.Blocks(err):
		result = ""
	case err != 0:
		result = " = -1 " + err.Name()
	}
	return fmt.Sprintf("%v(%s)%s", a.Call, strings.Join(args, ", "), result)
}

func optionText(a *event.Act) string {
	if stack.OptionName(a.Option) == "TCP_CONGESTION" && a.Arg >= 0 && a.Arg < int64(tcp.Algorithms()) {
		return tcp.AlgorithmName(uint8(a.Arg))
	}
	return fmt.Sprint(a.Arg)
}

func socketText(kind int64) string {
	switch uint8(kind) {
	case stack.SockUDP:
		return "SOCK_DGRAM"
	case stack.SockICMP:
		return "SOCK_DGRAM, IPPROTO_ICMP"
	}
	return "SOCK_STREAM"
}

// CallSection returns the section of the RFC that tells what a call does, or "".
func CallSection(a *event.Act) string {
	switch {
	case a.Call == event.CallSocket, a.Call == event.CallBind, a.Call == event.CallSetsockopt, a.Call == event.CallGetsockopt, a.Call == event.CallRecvError:
		return ""
	case a.Conn == 0 && a.Timer == event.NoTimer && prog.Name(a.Program) == "ping":
		return "RFC 792"
	case a.Conn == 0 && a.RemotePort != 0:
		return "RFC 768"
	case a.Conn == 0:
		return ""
	case a.Call == event.CallListen, a.Call == event.CallConnect, a.Call == event.CallAccept:
		return "RFC 9293 §3.10.1"
	case a.Call == event.CallWrite, a.Call == event.CallSendTo:
		return "RFC 9293 §3.10.2"
	case a.Call == event.CallRead, a.Call == event.CallRecvFrom:
		return "RFC 9293 §3.10.3"
	}
	return "RFC 9293 §3.10.4"
}
