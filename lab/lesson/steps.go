package lesson

// Step is one step of a lesson. Its sentence in the word catalogues is "lesson." + the lab's name + "." + its number, counted from
// 1; it is true once the fact is met.
type Step struct{ Fact string } // as lab.Await reads it

// Steps returns the steps of a built-in lab, in their order; none if it has none.
func Steps(name string) []Step { return lessons[name] }

var lessons = map[string][]Step{
	"handshake-capture": {
		{`tcp.flags.syn == 1 && tcp.flags.ack == 0`},
		{`tcp.flags.syn == 1 && tcp.flags.ack == 1`},
		{`host == "A" && tcb.state == ESTABLISHED`},
		{`host == "B" && tcb.state == ESTABLISHED`},
	},
	"four-way-close": {
		{`host == "B" && tcb.state == ESTABLISHED`},
		{`host == "A" && tcb.state == FIN_WAIT_1`},
		{`host == "A" && tcb.state == FIN_WAIT_2`},
		{`host == "B" && tcb.state == LAST_ACK`},
		{`host == "A" && tcb.state == TIME_WAIT`},
		{`host == "B" && tcb.state == CLOSED`},
		{`host == "A" && tcb.state == CLOSED`},
	},
	"lost-syn": {
		{`tcp.flags.syn == 1`},
		{`tcp.flags.syn == 1 && tcp.analysis.retransmission`},
		{`tcp.flags.syn == 1 && tcp.analysis.retransmission`},
		{`tcp.flags.syn == 1 && tcp.flags.ack == 1`},
		{`host == "A" && tcb.state == ESTABLISHED`},
	},
	"home-network": {
		{`udp.dstport == 67`},
		{`udp.dstport == 68 && host == "Router"`},
		{`dns.flags.response == 0`},
		{`dns.flags.response == 1`},
		{`tcp.flags.syn == 1 && ip.src == 203.0.113.1`},
		{`tcp.len > 0 && ip.src == 203.0.113.1`},
		{`tcp.len > 0 && ip.src == 203.0.113.80`},
	},
}
