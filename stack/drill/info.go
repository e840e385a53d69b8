package drill

import (
	"wirelab/stack/tcp"
)

// notSent returns the bytes that were written and never sent.
func (r *runner) notSent(c *tcp.Conn) int64 {
	v, _ := c.Info("tcpi_notsent_bytes", &r.host.Conf, r.now)
	return v
}

// infoConstants are the names beside the variables.
var infoConstants = map[string]int64{
	"TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2, "TCP_SYN_RECV": 3, "TCP_FIN_WAIT1": 4, "TCP_FIN_WAIT2": 5, "TCP_TIME_WAIT": 6,
	"TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8, "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11, "TCP_NEW_SYN_RECV": 12,
	"TCP_CA_Open": 0, "TCP_CA_Disorder": 1, "TCP_CA_CWR": 2, "TCP_CA_Recovery": 3, "TCP_CA_Loss": 4,
	"TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2, "TCPI_OPT_WSCALE": 4, "TCPI_OPT_ECN": 8, "TCPI_OPT_ECN_SEEN": 16,
	"TCPI_OPT_SYN_DATA": 32, "TCPI_OPT_USEC_TS": 64, "TCPI_OPT_TFO_CHILD": 128,
}

// snapshot is a snippet of code with what the connection looked like when it
// was reached. The code itself runs when the script is over.
type snapshot struct {
	code   *Shell
	values []int64 // by index in tcp.InfoFields
}

// snapshot takes down the variables of the connection under test.
func (r *runner) snapshot(code *Shell) error {
	c := r.underTest()
	if c == nil {
		return cannot(code.Line, "code when there is no socket to ask for TCP_INFO")
	}
	s := snapshot{code: code}
	for i := range tcp.InfoFields {
		s.values = append(s.values, tcp.InfoFields[i].Value(c, &r.host.Conf, r.now))
	}
	r.snapshots = append(r.snapshots, s)
	return nil
}

// underTest returns the connection of the descriptor that the script means:
// that of the flow, else the one opened last.
func (r *runner) underTest() *tcp.Conn {
	if r.flow != nil && r.flow.fd >= 0 {
		if c := r.host.Conn(r.flow.fd); c != nil {
			return c
		}
	}
	for i := len(r.fds) - 1; i >= 0; i-- {
		if c := r.host.Conn(r.fds[i].live); c != nil {
			return c
		}
	}
	return nil
}

// lookup returns the value of a name that the snapshot or Linux gives.
func (s *snapshot) lookup(name string) (int64, bool) {
	for i := range tcp.InfoFields {
		if tcp.InfoFields[i].Name == name {
			return s.values[i], true
		}
	}
	v, ok := infoConstants[name]
	return v, ok
}
