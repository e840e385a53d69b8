package prog

import (
	"fmt"
	"slices"

	"wirelab/stack"
	"wirelab/stack/tcp"
)

// scriptCalled is a call that scripts can make.
type scriptCalled struct {
	name, shape string
	least, most int // arguments
	do          func(k *scriptRun) (int64, tcp.Errno)
}

var scriptCalls []scriptCalled

func init() {
	scriptCalls = []scriptCalled{
		{"socket", "fd = socket(AF_INET, SOCK_STREAM, 0)", 2, 3, callSocket},
		{"bind", `bind(fd, "0.0.0.0", 80)`, 3, 3, callBind},
		{"listen", "listen(fd, 5)", 2, 2, callListen},
		{"accept", "conn = accept(fd)", 1, 3, callAccept},
		{"connect", `connect(fd, "10.0.0.2", 80)`, 3, 3, callConnect},
		{"send", `send(fd, "hello\n", flags)`, 2, 4, callSend},
		{"write", `write(fd, "hello\n")`, 2, 3, callSend},
		{"sendto", `sendto(fd, "hello", "10.0.0.2", 80)`, 4, 4, callSendTo},
		{"recv", "n = recv(fd, 1024)", 1, 4, callRecv},
		{"read", "n = read(fd, 1024)", 1, 3, callRecv},
		{"recvfrom", "n = recvfrom(fd, 1024)", 1, 2, callRecv},
		{"shutdown", "shutdown(fd, SHUT_WR)", 2, 2, callShutdown},
		{"close", "close(fd)", 1, 1, callClose},
		{"setsockopt", "setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1)", 3, 5, callSetsockopt},
		{"getsockopt", "v = getsockopt(fd, IPPROTO_TCP, TCP_NODELAY)", 2, 3, callGetsockopt},
		{"sleep", "sleep(1)", 1, 1, callSleep},
		{"usleep", "usleep(500000)", 1, 1, callSleep},
	}
}

func scriptCall(name string) *scriptCalled {
	i := slices.IndexFunc(scriptCalls, func(c scriptCalled) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return &scriptCalls[i]
}

func callSocket(k *scriptRun) (int64, tcp.Errno) {
	family, typ, proto := k.number(0), k.number(1), k.number(2)
	kind, name := stack.SockTCP, "IPPROTO_TCP"
	switch {
	case k.wrong != nil:
		return -1, 0
	case family != 2 && family != 10:
		return -1, tcp.EAFNOSUPPORT
	case typ == 2 && proto == 1:
		kind, name = stack.SockICMP, "IPPROTO_ICMP"
	case typ == 2:
		kind, name = stack.SockUDP, "IPPROTO_IP"
	case typ != 1:
		return -1, tcp.EPROTONOSUPPORT
	}
	if proto == 0 {
		name = "IPPROTO_IP"
	}
	k.show("%s", map[int64]string{2: "AF_INET", 10: "AF_INET6"}[family])
	k.show("%s", map[int64]string{1: "SOCK_STREAM", 2: "SOCK_DGRAM"}[typ])
	k.show("%s", name)
	fd, err := k.s.Socket(kind)
	if err == 0 {
		k.p.Files = append(k.p.Files, fd)
	}
	return int64(fd), err
}

func callBind(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	e, ok := k.endpoint(1)
	if !ok {
		return -1, 0
	}
	return 0, k.s.Bind(fd, e)
}

func callListen(k *scriptRun) (int64, tcp.Errno) {
	fd, n := k.fd(), k.number(1)
	k.show("%d", n)
	if k.wrong != nil {
		return -1, 0
	}
	return 0, k.s.Listen(fd, uint32(min(max(n, 0), 1<<31-1)))
}

func callAccept(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	if k.wrong != nil {
		return -1, 0
	}
	conn, peer, err := k.s.Accept(fd)
	if err == tcp.EAGAIN && !k.waitAtMost(stack.ReceiveTimeout) {
		k.blocks = true
		return -1, 0
	}
	if err != 0 {
		return -1, err
	}
	k.p.Files = append(k.p.Files, conn)
	k.showAddr(peer)
	k.shown[len(k.shown)-1] = "[" + k.shown[len(k.shown)-1] + "]"
	return int64(conn), 0
}

func callConnect(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	e, ok := k.endpoint(1)
	if !ok {
		return -1, 0
	}
	switch err := k.s.Connect(fd, e); {
	case err == tcp.EINPROGRESS, err == tcp.EALREADY:
		k.blocks = true
		return -1, 0
	case err == tcp.EISCONN && k.sc.Begun:
		return 0, 0
	default:
		return 0, err
	}
}

// callSend blocks until all is taken, as a blocking socket does.
func callSend(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	if !k.args[1].quoted {
		k.wrong = fmt.Errorf("what is sent stands in quotes, such as \"hello\\n\"")
	}
	if k.wrong != nil {
		return -1, 0
	}
	data := []byte(k.args[1].text)
	n, flags := k.lengthAndFlags(k.name, len(data))
	if k.wrong != nil {
		return -1, 0
	}
	data = data[:n]
	k.show("%s", quoteC(data))
	k.show("%d", len(data))
	if k.name == "send" {
		k.show("%s", flagNames(flags))
	}
	p := k.p
	if k.datagrams(fd) {
		n, err := k.s.Write(fd, data)
		return int64(n), err
	}
	for int(p.Sent) < len(data) {
		n, err := k.s.Send(fd, data[p.Sent:], sendFlags(flags))
		p.Sent += uint32(n)
		switch {
		case err == tcp.EAGAIN && !k.dontWait && !k.waitAtMost(stack.SendTimeout):
			k.blocks = true
			return -1, 0
		case err != 0 && p.Sent > 0:
			return int64(p.Sent), 0
		case err != 0:
			return -1, err
		}
	}
	return int64(len(data)), 0
}

func callSendTo(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	data := []byte(k.args[1].text)
	k.show("%s", quoteC(data))
	k.show("%d", len(data))
	k.show("0")
	e, ok := k.endpoint(2)
	if !ok {
		return -1, 0
	}
	n, err := k.s.SendTo(fd, data, e)
	return int64(n), err
}

func callRecv(k *scriptRun) (int64, tcp.Errno) {
	fd, most, at := k.fd(), int64(1024), 1
	for ; at < len(k.args); at++ { // recv(fd, 100), or recv(fd, buf, 100, 0) as in C
		if v := k.args[at].text; v != "buf" && v != "&buf" {
			if most = k.number(at); v == "sizeof buf" || v == "sizeof(buf)" {
				most, k.wrong = 1024, nil
			}
			break
		}
	}
	most = min(max(most, 0), int64(len(k.s.scratch)))
	flags := k.flags(at+1, msgOOB|msgPeek|msgDontWait|msgWaitAll|msgNoSignal)
	if k.wrong != nil {
		return -1, 0
	}
	var b []byte
	var err tcp.Errno
	var from tcp.Endpoint
	if k.datagrams(fd) {
		var n int
		b = k.s.scratch[:most]
		n, from, _, err = k.s.RecvFrom(fd, b)
		b = b[:n]
	} else {
		b, err = k.receive(fd, int(most), flags)
	}
	if err == tcp.EAGAIN && !k.dontWait {
		if !k.waitAtMost(stack.ReceiveTimeout) {
			k.blocks = true
			return -1, 0
		}
		if len(b) > 0 {
			err = 0
		}
	}
	if err != 0 {
		k.show("...")
		k.show("%d", most)
		return -1, err
	}
	k.show("%s", quoteC(b))
	k.show("%d", most)
	if k.name == "recv" {
		k.show("%s", flagNames(flags))
	}
	n := len(b)
	if from.Port != 0 {
		k.show("0")
		k.showAddr(from)
	}
	return int64(n), 0
}

func callShutdown(k *scriptRun) (int64, tcp.Errno) {
	fd, how := k.fd(), k.number(1)
	if k.wrong != nil {
		return -1, 0
	}
	if how < 0 || how > 2 {
		return -1, tcp.EINVAL
	}
	k.show("%s", [...]string{"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}[how])
	return 0, k.s.Shutdown(fd, how != 1, how != 0)
}

// option reads [level,] name from argument 1 on; rest is where the value stands.
func (k *scriptRun) option() (name string, rest int) {
	rest = 2
	name = k.args[1].text
	if len(k.args) > 2 && slices.ContainsFunc(constants, func(v Var) bool { return v.Name == name }) {
		k.show("%s", name)
		name, rest = k.args[2].text, 3
	}
	k.show("%s", name)
	return name, rest
}

func callSetsockopt(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	name, at := k.option()
	if at >= len(k.args) {
		k.wrong = fmt.Errorf("a value is missing")
		return -1, 0
	}
	if name == "TCP_CONGESTION" {
		k.show("%q", k.args[at].text)
		return 0, k.s.SetCongestion(fd, k.args[at].text)
	}
	if err, is := k.structured(fd, name, k.args[at].text); is {
		return 0, err
	}
	v := k.number(at)
	if k.wrong != nil {
		return -1, 0
	}
	k.show("[%d]", v)
	k.show("4")
	return 0, k.s.SetSockopt(fd, name, v)
}

func callGetsockopt(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	name, _ := k.option()
	if k.wrong != nil {
		return -1, 0
	}
	if err, is := k.textOption(fd, name); is {
		return 0, err
	}
	v, err := k.s.Sockopt(fd, name)
	k.show("[%d]", v)
	k.show("[4]")
	return v, err
}

func callSleep(k *scriptRun) (int64, tcp.Errno) {
	unit := int64(1_000_000_000)
	st, _ := parseStatement(k.sc.Source[k.p.Line-1])
	if st.call == "usleep" {
		unit = 1000
	}
	n := k.number(0)
	if k.wrong != nil {
		return -1, 0
	}
	if n < 0 || n > 3600*1_000_000_000/unit {
		k.wrong = fmt.Errorf("it sleeps for at most an hour")
		return -1, 0
	}
	k.show("%d", n)
	if k.sc.Until == 0 {
		k.sc.Until = k.s.Now + n*unit
	}
	k.blocks = k.s.Now < k.sc.Until
	return 0, 0
}
