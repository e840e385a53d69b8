package tcp_test

import (
	"strconv"
	"strings"
	"testing"

	"wirelab/stack/drill"
)

// What each call says in each state of a connection, twice in a row, as a Linux 6.18 kernel said it
// when it was asked the same in the same order. The peer has sent no data but where that is said, and takes all.
// Every call is non-blocking. One word stands for two that are the same.
const (
	syn    = "+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
	synAck = "+0 < S. 0:0(0) ack 1 win 65535 <mss 1000>\n"
	told   = "+0 connect(3, ..., ...) = 0\n"
	fin    = "+0 shutdown(3, SHUT_WR) = 0\n"
)

var errnoTable = []struct{ state, script, answers string }{
	{"fresh", "", "connect EINPROGRESS EALREADY, bind 0 EINVAL, listen 0, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EINPROGRESS EALREADY, recv ENOTCONN, oob EINVAL, error 0, inq 0, poll 20"},
	{"bound", "+0 bind(3, {sa_family = AF_INET, sin_port = htons(0), sin_addr = inet_addr(\"0.0.0.0\")}, ...) = 0\n", "connect EINPROGRESS EALREADY, bind EINVAL, listen 0, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EINPROGRESS EALREADY, recv ENOTCONN, oob EINVAL, error 0, inq 0, poll 20"},
	{"LISTEN", "+0 bind(3, {sa_family = AF_INET, sin_port = htons(0), sin_addr = inet_addr(\"0.0.0.0\")}, ...) = 0\n+0 listen(3, 1) = 0\n", "connect EISCONN, bind EINVAL, listen 0, accept EAGAIN, shutrd 0 ENOTCONN, shutwr 0, shutrdwr 0 ENOTCONN, send EPIPE, sendto EPIPE, fastopen EISCONN, recv ENOTCONN, oob ENOTCONN, error 0, inq EINVAL, poll 0"},
	{"SYN-SENT", syn, "connect EALREADY, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0 ENOTCONN, shutwr 0 ENOTCONN, shutrdwr 0 ENOTCONN, send EAGAIN, sendto EAGAIN, fastopen EALREADY, recv EAGAIN, oob EINVAL, error 0, inq 0, poll 0"},
	{"refused", syn + "+0 < R. 0:0(0) ack 1 win 0\n", "connect ECONNREFUSED EINPROGRESS, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send ECONNREFUSED EPIPE, sendto ECONNREFUSED EPIPE, fastopen ECONNREFUSED EINPROGRESS, recv ECONNREFUSED 0, oob EINVAL, error 111 0, inq 0, poll 8221"},
	{"refused, SO_ERROR read", syn + "+0 < R. 0:0(0) ack 1 win 0\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0\n", "connect ECONNABORTED EINPROGRESS, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen ECONNABORTED EINPROGRESS, recv 0, oob EINVAL, error 0, inq 0, poll 8213"},
	{"SYN-RECEIVED after SYN-SENT", syn + "+0 < S 0:0(0) win 65535 <mss 1000>\n", "connect EALREADY, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send EAGAIN, sendto EAGAIN, fastopen EALREADY, recv EAGAIN, oob EINVAL, error 0, inq 0, poll 0"},
	{"ESTABLISHED, connect not told", syn + synAck, "connect 0 EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send 10, sendto 10, fastopen 10 EISCONN, recv EAGAIN, oob EINVAL, error 0, inq 0, poll 4"},
	{"ESTABLISHED", syn + synAck + told, "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send 10, sendto 10, fastopen EISCONN, recv EAGAIN, oob EINVAL, error 0, inq 0, poll 4"},
	{"ESTABLISHED with data", syn + synAck + told + "+0 < P. 1:11(10) ack 1 win 65535\n", "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send 10, sendto 10, fastopen EISCONN, recv 4, oob EINVAL, error 0, inq 10, poll 5"},
	{"ESTABLISHED, SHUT_RD", syn + synAck + told + "+0 shutdown(3, SHUT_RD) = 0\n", "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send 10, sendto 10, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8197"},
	{"FIN-WAIT-1", syn + synAck + told + fin, "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send EPIPE, sendto EPIPE, fastopen EISCONN, recv EAGAIN, oob EINVAL, error 0, inq 0, poll 4"},
	{"FIN-WAIT-2", syn + synAck + told + fin + "+0 < . 1:1(0) ack 2 win 65535\n", "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send EPIPE, sendto EPIPE, fastopen EISCONN, recv EAGAIN, oob EINVAL, error 0, inq 0, poll 4"},
	{"CLOSE-WAIT", syn + synAck + told + "+0 < F. 1:1(0) ack 1 win 65535\n", "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send 10, sendto 10, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8197"},
	{"CLOSING", syn + synAck + told + fin + "+0 < F. 1:1(0) ack 1 win 65535\n", "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send EPIPE, sendto EPIPE, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8213"},
	{"LAST-ACK", syn + synAck + told + "+0 < F. 1:1(0) ack 1 win 65535\n" + fin, "connect EISCONN, bind EINVAL, listen EINVAL, accept EINVAL, shutrd 0, shutwr 0, shutrdwr 0, send EPIPE, sendto EPIPE, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8213"},
	{"TIME-WAIT", syn + synAck + told + fin + "+0 < F. 1:1(0) ack 2 win 65535\n", "connect EISCONN, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8213"},
	{"LAST-ACK over", syn + synAck + told + "+0 < F. 1:1(0) ack 1 win 65535\n" + fin + "+0 < . 2:2(0) ack 2 win 65535\n", "connect EISCONN, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8213"},
	{"reset", syn + synAck + told + "+0 < R. 1:1(0) ack 1 win 0\n", "connect EISCONN, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send ECONNRESET EPIPE, sendto ECONNRESET EPIPE, fastopen EISCONN, recv ECONNRESET 0, oob EINVAL, error 104 0, inq 0, poll 8221"},
	{"reset, SO_ERROR read", syn + synAck + told + "+0 < R. 1:1(0) ack 1 win 0\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0\n", "connect EISCONN, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EISCONN, recv 0, oob EINVAL, error 0, inq 0, poll 8213"},
	{"reset in CLOSE-WAIT", syn + synAck + told + "+0 < F. 1:1(0) ack 1 win 65535\n+0 < R. 2:2(0) ack 1 win 0\n", "connect EISCONN, bind 0 EINVAL, listen EINVAL, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EISCONN, recv 0, oob EINVAL, error 32 0, inq 0, poll 8221"},
	{"SYN-SENT, SHUT_WR", syn + fin, "connect EINPROGRESS EALREADY, bind 0 EINVAL, listen 0, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send ECONNRESET EPIPE, sendto ECONNRESET EPIPE, fastopen EINPROGRESS EALREADY, recv ECONNRESET ENOTCONN, oob EINVAL, error 104 0, inq 0, poll 28"},
	{"LISTEN, SHUT_RD", "+0 bind(3, {sa_family = AF_INET, sin_port = htons(0), sin_addr = inet_addr(\"0.0.0.0\")}, ...) = 0\n+0 listen(3, 1) = 0\n+0 shutdown(3, SHUT_RD) = 0\n", "connect EINPROGRESS EALREADY, bind 0 EINVAL, listen 0, accept EINVAL, shutrd ENOTCONN, shutwr ENOTCONN, shutrdwr ENOTCONN, send EPIPE, sendto EPIPE, fastopen EINPROGRESS EALREADY, recv ENOTCONN, oob EINVAL, error 0, inq 0, poll 20"},
}

// callsAsked are the calls of the table: what stands around the result.
var callsAsked = map[string][2]string{
	"connect":  {"connect(3, ..., ...) = ", ""},
	"bind":     {"bind(3, ..., ...) = ", ""},
	"listen":   {"listen(3, 1) = ", ""},
	"accept":   {"accept(3, ..., ...) = ", ""},
	"shutrd":   {"shutdown(3, SHUT_RD) = ", ""},
	"shutwr":   {"shutdown(3, SHUT_WR) = ", ""},
	"shutrdwr": {"shutdown(3, SHUT_RDWR) = ", ""},
	"send":     {"send(3, ..., 10, MSG_NOSIGNAL) = ", ""},
	"sendto":   {"sendto(3, ..., 10, MSG_NOSIGNAL, ..., ...) = ", ""},
	"fastopen": {"sendto(3, ..., 10, MSG_FASTOPEN, ..., ...) = ", ""},
	"recv":     {"recv(3, ..., 4, 0) = ", ""},
	"oob":      {"recv(3, ..., 1, MSG_OOB) = ", ""},
	"error":    {"getsockopt(3, SOL_SOCKET, SO_ERROR, [", "], [4]) = 0"},
	"inq":      {"ioctl(3, SIOCINQ, [", "]) = 0"},
	"poll":     {"poll([{fd=3, events=POLLIN|POLLPRI|POLLOUT|POLLRDHUP, revents=", "}], 1, 0) = "},
}

func TestErrno(t *testing.T) {
	for _, row := range errnoTable {
		t.Run(row.state, func(t *testing.T) {
			for _, cell := range strings.Split(row.answers, ", ") {
				words := strings.Fields(cell)
				script := "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n" + row.script +
					asked(words[0], words[1]) + asked(words[0], words[len(words)-1])
				s, err := drill.Parse(row.state, script)
				if err != nil {
					t.Fatal(err, script)
				}
				if r := s.Run(drill.Options{}); r.Verdict != drill.OK {
					t.Errorf("%s: %s: %v", row.state, cell, r)
				}
			}
		})
	}
}

// asked is the line of a script that makes a call and expects an answer.
func asked(call, answer string) string {
	around := callsAsked[call]
	_, err := strconv.Atoi(answer)
	switch {
	case call == "inq" && err != nil:
		return "+0 ioctl(3, SIOCINQ, ...) = -1 " + answer + "\n"
	case call == "poll" && answer != "0":
		return "+0 " + around[0] + answer + around[1] + "1\n"
	case call == "poll":
		return "+0 " + around[0] + answer + around[1] + "0\n"
	case around[1] != "":
		return "+0 " + around[0] + answer + around[1] + "\n"
	case err != nil:
		answer = "-1 " + answer
	}
	return "+0 " + around[0] + answer + "\n"
}
