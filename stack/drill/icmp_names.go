package drill

import (
	"fmt"
	"strconv"
)

// icmpKind is a type of ICMP message with the words that scripts have for it
// and for its codes. Of several words for one number the first is written.
type icmpKind struct {
	number uint8
	words  []string
	codes  []named
}

// named is a name and its number.
type named struct {
	name  string
	value uint8
}

var icmpKinds = []icmpKind{
	{0, []string{"echo_reply"}, nil},
	{3, []string{"unreachable"}, []named{{"net_unreachable", 0}, {"host_unreachable", 1}, {"protocol_unreachable", 2}, {"port_unreachable", 3},
		{"frag_needed", 4}, {"source_route_failed", 5}, {"net_unknown", 6}, {"host_unknown", 7}, {"source_host_isolated", 8},
		{"net_prohibited", 9}, {"host_prohibited", 10}, {"net_unreachable_for_tos", 11}, {"host_unreachable_for_tos", 12},
		{"packet_filtered", 13}, {"precedence_violation", 14}, {"precedence_cutoff", 15}}},
	{4, []string{"source_quench"}, nil},
	{5, []string{"redirect"}, []named{{"net_redirect", 0}, {"host_redirect", 1}, {"net_redirect_for_tos", 2}, {"host_redirect_for_tos", 3}}},
	{8, []string{"echo_request", "echo"}, nil},
	{11, []string{"time_exceeded"}, []named{{"ttl_exceeded", 0}, {"exceeded_in_transit", 0}, {"ttl", 0}, {"frag_time_exceeded", 1}, {"reassembly", 1}}},
	{12, []string{"parameter_problem"}, []named{{"bad_pointer", 0}, {"missing_option", 1}, {"bad_length", 2}}},
	{icmpTimestamp, []string{"timestamp", "timestamp_request"}, nil},
	{icmpTimestamp + 1, []string{"timestamp_reply"}, nil},
}

// icmp6Kinds are those of ICMPv6 (RFC 4443).
var icmp6Kinds = []icmpKind{
	{1, []string{"unreachable"}, []named{{"no_route", 0}, {"net_unreachable", 0}, {"admin_prohibited", 1}, {"beyond_scope", 2}, {"not_neighbour", 2},
		{"address_unreachable", 3}, {"addr_unreachable", 3}, {"host_unreachable", 3}, {"port_unreachable", 4}, {"source_policy", 5}, {"reject_route", 6}}},
	{2, []string{"packet_too_big"}, nil},
	{3, []string{"time_exceeded"}, []named{{"hop_limit", 0}, {"exceed_hop_limit", 0}, {"ttl_exceeded", 0}, {"exceeded_in_transit", 0}, {"frag_time_exceeded", 1}, {"reassembly", 1}}},
	{4, []string{"parameter_problem"}, []named{{"header_field", 0}, {"bad_header", 0}, {"next_header", 1}, {"unknown_next_header", 1}, {"option", 2}, {"unknown_option", 2}}},
	{128, []string{"echo_request", "echo"}, nil},
	{129, []string{"echo_reply"}, nil},
}

// icmpTimestamp is the type of a request for the time of day, icmpTimestamp+1 that of its answer; three times stand in both.
const icmpTimestamp = 13

// counted reports whether a message has an identifier and a number, rather than what an error has in that place.
func counted(typ uint8, v6 bool) bool {
	if v6 {
		return typ == 128 || typ == 129
	}
	return typ == 0 || typ == 8 || typ >= icmpTimestamp
}

func kindsOf(v6 bool) []icmpKind {
	if v6 {
		return icmp6Kinds
	}
	return icmpKinds
}

// numberOf returns what a word of a script is: itself, if it is a number.
func numberOf(word string, names []named) (uint8, bool) {
	for _, n := range names {
		if n.name == word {
			return n.value, true
		}
	}
	v, err := strconv.ParseUint(word, 0, 8)
	return uint8(v), err == nil
}

// numbers returns type and code of a message in a version of IP; an error if
// that has no such message.
func (m *Message) numbers(v6 bool) (typ, code uint8, err error) {
	v := map[bool]string{false: "IPv4", true: "IPv6"}[v6]
	typ, ok := numberOf(m.Type, nil)
	var codes []named
	for _, k := range kindsOf(v6) {
		for _, w := range k.words {
			if w == m.Type || ok && k.number == typ {
				typ, codes = k.number, k.codes
				ok = true
			}
		}
	}
	if !ok {
		return 0, 0, fmt.Errorf("there is no ICMP type %q for %s", m.Type, v)
	}
	if m.Code == "" {
		return typ, 0, nil
	}
	if code, ok = numberOf(m.Code, codes); !ok {
		return 0, 0, fmt.Errorf("there is no ICMP code %q of %s for %s", m.Code, m.Type, v)
	}
	return typ, code, nil
}

// icmpWords writes a type and a code as scripts do; without a word for the code
// its number stands there, if it is not the only one.
func icmpWords(typ, code uint8, v6 bool) (string, string) {
	for _, k := range kindsOf(v6) {
		if k.number != typ {
			continue
		}
		for _, n := range k.codes {
			if n.value == code {
				return k.words[0], n.name
			}
		}
		if code == 0 && k.codes == nil {
			return k.words[0], ""
		}
		return k.words[0], strconv.Itoa(int(code))
	}
	return strconv.Itoa(int(typ)), strconv.Itoa(int(code))
}

// valid reports whether some version of IP has such a message.
func (m *Message) valid() bool {
	_, _, err := m.numbers(false)
	if err != nil {
		_, _, err = m.numbers(true)
	}
	return err == nil
}
