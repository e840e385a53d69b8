package drill

import (
	"strings"

	"wirelab/stack/tcp"
)

// symbols are the constants of Linux's headers that scripts name.
var symbols = map[string]int64{
	"NULL": 0, "AF_UNSPEC": 0, "AF_INET": 2, "AF_INET6": 10, "PF_UNSPEC": 0, "PF_INET": 2, "PF_INET6": 10,
	"SOCK_STREAM": 1, "SOCK_DGRAM": 2, "SOCK_RAW": 3, "SOCK_NONBLOCK": 0x800, "SOCK_CLOEXEC": 0x80000,
	"IPPROTO_IP": 0, "IPPROTO_ICMP": 1, "IPPROTO_TCP": 6, "IPPROTO_UDP": 17, "IPPROTO_IPV6": 41, "IPPROTO_MPTCP": 262,
	"SOL_IP": 0, "SOL_SOCKET": 1, "SOL_TCP": 6, "SOL_UDP": 17, "SOL_IPV6": 41,

	"SO_DEBUG": 1, "SO_REUSEADDR": 2, "SO_TYPE": 3, "SO_ERROR": 4, "SO_DONTROUTE": 5, "SO_BROADCAST": 6, "SO_SNDBUF": 7,
	"SO_RCVBUF": 8, "SO_KEEPALIVE": 9, "SO_OOBINLINE": 10, "SO_PRIORITY": 12, "SO_LINGER": 13, "SO_REUSEPORT": 15,
	"SO_RCVLOWAT": 18, "SO_SNDLOWAT": 19, "SO_RCVTIMEO": 20, "SO_SNDTIMEO": 21, "SO_TIMESTAMP": 29, "SO_ACCEPTCONN": 30, "SO_PROTOCOL": 38, "SO_DOMAIN": 39,
	"SO_SNDBUFFORCE": 32, "SO_RCVBUFFORCE": 33, "SO_MARK": 36, "SO_TIMESTAMPING": 37, "SO_BUSY_POLL": 46,
	"SO_MAX_PACING_RATE": 47, "SO_MEMINFO": 55, "SO_ZEROCOPY": 60, "SO_TXTIME": 61,

	"TCP_NODELAY": 1, "TCP_MAXSEG": 2, "TCP_CORK": 3, "TCP_KEEPIDLE": 4, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 6, "TCP_SYNCNT": 7,
	"TCP_LINGER2": 8, "TCP_DEFER_ACCEPT": 9, "TCP_WINDOW_CLAMP": 10, "TCP_INFO": 11, "TCP_QUICKACK": 12, "TCP_CONGESTION": 13,
	"TCP_MD5SIG": 14, "TCP_THIN_LINEAR_TIMEOUTS": 16, "TCP_THIN_DUPACK": 17, "TCP_USER_TIMEOUT": 18, "TCP_REPAIR": 19,
	"TCP_FASTOPEN": 23, "TCP_TIMESTAMP": 24, "TCP_NOTSENT_LOWAT": 25, "TCP_CC_INFO": 26, "TCP_SAVE_SYN": 27, "TCP_SAVED_SYN": 28,
	"TCP_FASTOPEN_CONNECT": 30, "TCP_FASTOPEN_KEY": 33, "TCP_FASTOPEN_NO_COOKIE": 34, "TCP_ZEROCOPY_RECEIVE": 35, "TCP_INQ": 36,
	"TCP_TX_DELAY": 37, "TCP_RTO_MAX_MS": 44, "TCP_RTO_MIN_US": 45, "TCP_DELACK_MAX_US": 46,

	"IP_TOS": 1, "IP_TTL": 2, "IP_MTU_DISCOVER": 10, "IP_RECVERR": 11, "IP_RECVTTL": 12, "IP_RECVTOS": 13, "IP_MTU": 14,
	"IPV6_UNICAST_HOPS": 16, "IPV6_MTU_DISCOVER": 23, "IPV6_MTU": 24, "IPV6_RECVERR": 25, "IPV6_V6ONLY": 26, "IPV6_RECVHOPLIMIT": 51,
	"IPV6_HOPLIMIT": 52, "IPV6_FLOWINFO_SEND": 33, "IPV6_AUTOFLOWLABEL": 70, "IPV6_RECVTCLASS": 66, "IPV6_TCLASS": 67,
	"IP_BIND_ADDRESS_NO_PORT": 24, "IP_PMTUDISC_DONT": 0, "IP_PMTUDISC_WANT": 1, "IP_PMTUDISC_DO": 2, "IP_PMTUDISC_PROBE": 3,
	"IP_PMTUDISC_INTERFACE": 4, "IP_PMTUDISC_OMIT": 5, "IPV6_PMTUDISC_DONT": 0, "IPV6_PMTUDISC_WANT": 1, "IPV6_PMTUDISC_DO": 2,
	"IPV6_PMTUDISC_PROBE": 3, "IPV6_PMTUDISC_INTERFACE": 4, "IPV6_PMTUDISC_OMIT": 5,
	"IP_FREEBIND": 15, "IP_MINTTL": 21, "IPV6_MINHOPCOUNT": 73,

	"MSG_OOB": 1, "MSG_PEEK": 2, "MSG_DONTROUTE": 4, "MSG_TRUNC": 0x20, "MSG_DONTWAIT": 0x40, "MSG_EOR": 0x80, "MSG_WAITALL": 0x100,
	"MSG_ERRQUEUE": 0x2000, "MSG_NOSIGNAL": 0x4000, "MSG_MORE": 0x8000, "MSG_ZEROCOPY": 0x4000000, "MSG_FASTOPEN": 0x20000000,

	"TCP_CM_INQ": 36,
	"O_RDONLY":   0, "O_WRONLY": 1, "O_RDWR": 2, "O_NONBLOCK": 0x800, "F_GETFL": 3, "F_SETFL": 4, "F_GETFD": 1, "F_SETFD": 2, "FD_CLOEXEC": 1,
	"SHUT_RD": 0, "SHUT_WR": 1, "SHUT_RDWR": 2,
	"FIONREAD": 0x541b, "SIOCINQ": 0x541b, "FIONBIO": 0x5421, "SIOCOUTQ": 0x5411, "TIOCOUTQ": 0x5411, "SIOCOUTQNSD": 0x894b, "SIOCATMARK": 0x8905,
	"POLLIN": pollIn, "POLLPRI": pollPri, "POLLOUT": pollOut, "POLLERR": pollErr, "POLLHUP": pollHup, "POLLNVAL": 0x20,
	"POLLRDNORM": 0x40, "POLLRDBAND": 0x80, "POLLWRNORM": 0x100, "POLLWRBAND": 0x200, "POLLRDHUP": pollRdHup,
	"EPOLLIN": pollIn, "EPOLLPRI": pollPri, "EPOLLOUT": pollOut, "EPOLLERR": pollErr, "EPOLLHUP": pollHup, "EPOLLRDHUP": pollRdHup,
	"EPOLL_CLOEXEC": 0x80000, "EPOLLRDNORM": 0x40, "EPOLLWRNORM": 0x100, "EPOLLET": 1 << 31, "EPOLLONESHOT": 1 << 30, "EPOLL_CTL_ADD": 1, "EPOLL_CTL_DEL": 2, "EPOLL_CTL_MOD": 3,
}

// Bits of poll(2).
const (
	pollIn    = 1
	pollPri   = 2
	pollOut   = 4
	pollErr   = 8
	pollHup   = 16
	pollRdHup = 0x2000
)

// errnoByName returns the number of an error; EWOULDBLOCK is EAGAIN.
func errnoByName(name string) (tcp.Errno, bool) {
	if name == "EWOULDBLOCK" {
		name = "EAGAIN"
	}
	for e := tcp.Errno(1); e < 200; e++ {
		if e.Name() == name && name != "" {
			return e, true
		}
	}
	return 0, false
}

// symbol returns the value of a name that stands as a number.
func symbolValue(name string) (int64, bool) {
	if v, ok := symbols[name]; ok {
		return v, true
	}
	if e, ok := errnoByName(name); ok {
		return int64(e), true
	}
	return 0, false
}

// number returns the value of an argument that must be one.
func (e *Expr) number() (int64, error) {
	switch e.Kind {
	case Int:
		return e.Int, nil
	case Word:
		if v, ok := symbolValue(e.Text); ok {
			return v, nil
		}
		if v, ok := infoConstants[e.Text]; ok {
			return v, nil
		}
		return 0, cannot(e.Line, "the symbol %s is not known", e.Text)
	case Or:
		all := int64(0)
		for i := range e.List {
			v, err := e.List[i].number()
			if err != nil {
				return 0, err
			}
			all |= v
		}
		return all, nil
	case List: // by pointer
		if len(e.List) == 1 {
			return e.List[0].number()
		}
	case Apply:
		if (e.Text == "htons" || e.Text == "htonl") && len(e.List) == 1 { // kept in the host's order
			return e.List[0].number()
		}
		return 0, cannot(e.Line, "%s() as an argument is not there", e.Text)
	}
	return 0, cannot(e.Line, "an argument that is not a number")
}

// errnoText writes an error as a script does.
func errnoText(e tcp.Errno) string {
	if n := e.Name(); n != "" {
		return n
	}
	return strings.TrimSpace("error " + itoa(int64(e)))
}
