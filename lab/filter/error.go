package filter

import (
	"strconv"
	"strings"
)

// Error says what is wrong with the text of a filter, and where.
type Error struct {
	At, Len int // the offending bytes of the text
	What    Problem
	Args    []string // what fills {0}, {1} … of the sentence
}

// Problem is a kind of mistake.
type Problem uint8

const (
	TooLong Problem = iota
	TooDeep
	Empty
	BadCharacter
	OpenString
	BadEscape
	Unexpected
	Missing
	NoOperand
	UnknownField
	SimilarField
	UnknownFunction
	UnknownWord
	NoValue
	NotNumber
	NotTime
	NotWhole
	NotAddress
	NotMAC
	NotBytes
	NotDomain
	NotBool
	Mismatch
	Constant
	NotComparable
	NoSlice
	BadSlice
	NoLayer
	BadRange
	NoRegexp
	BadPort
	BadNet
	HostBits
	NoNetmask
	NoSide
	BehindVLAN
	NotAsked
	NoResolve
	BadQualifier
	NoIndex
	BadSize
	DivideByZero
	nProblems
)

// problems gives each its key for the word catalogues, without "filter.", and
// the English sentence.
var problems = [nProblems]struct{ key, sentence string }{
	TooLong:         {"too_long", "the filter is {0} bytes long in full, and at most {1} are read: make it shorter"},
	TooDeep:         {"too_deep", "more than {0} expressions stand within each other: make it flatter"},
	Empty:           {"empty", "here an expression is missing, such as tcp.port == 80"},
	BadCharacter:    {"bad_character", "the character {0} means nothing here: take it out, or put text in double quotes"},
	OpenString:      {"open_string", "the text has no end: close it with a double quote"},
	BadEscape:       {"bad_escape", `{0} is no escape: write \\ for a backslash, or one of \" \n \r \t \0 \xhh`},
	Unexpected:      {"unexpected", "{0} does not fit here: compare with ==, and join two conditions with and / or"},
	Missing:         {"missing", "here {0} is missing"},
	NoOperand:       {"no_operand", "here an address or a number is missing"},
	UnknownField:    {"unknown_field", "there is no field {0}: write one such as tcp.port or ip.addr"},
	SimilarField:    {"similar_field", "there is no field {0}: did you mean {1}?"},
	UnknownFunction: {"unknown_function", "there is no function {0}: those known are len, count and uint"},
	UnknownWord:     {"unknown_word", "{0} is none of the values of {1}: write one of {2}"},
	NoValue:         {"no_value", "{0} has no value that could be compared: write it alone, to ask whether it is there"},
	NotNumber:       {"not_number", "{0} is not a number, as {1} is: write one such as 80, 0x50 or 64KiB"},
	NotTime:         {"not_time", "{0} is a time, and {1} is not: write a plain number"},
	NotWhole:        {"not_whole", "{0} is no whole number of the units of {1}: round it"},
	NotAddress:      {"not_address", "{0} is not an address, as {1} is: write one such as {2}"},
	NotMAC:          {"not_mac", "{0} is not an Ethernet address: write one such as 02:00:00:00:00:01"},
	NotBytes:        {"not_bytes", "{0} is not a row of bytes: write two hex digits for each, such as 0d:0a, or text in double quotes"},
	NotDomain:       {"not_domain", "{0} is not a name of DNS: write one such as www.example.com"},
	NotBool:         {"not_bool", "{0} is neither true nor false: compare {1} with 1 or 0"},
	Mismatch:        {"mismatch", "{0} and {1} are of different kinds: compare like with like"},
	Constant:        {"constant", "{0} is always the same: compare a field with it"},
	NotComparable:   {"not_comparable", "a condition has no value to go on with: join conditions with and / or"},
	NoSlice:         {"no_slice", "{0} is no row of bytes to take a part of: take one of its protocol, such as tcp[13:1]"},
	BadSlice:        {"bad_slice", "{0} is no part of a row of bytes: write [first:length], [first-last] or [index]"},
	NoLayer:         {"no_layer", "{0} is no number of a layer: write #1 for the outermost"},
	BadRange:        {"bad_range", "the range from {0} to {1} is empty: write the smaller one first"},
	NoRegexp:        {"no_regexp", "regular expressions are not known here: use contains"},
	BadPort:         {"bad_port", "{0} is no port: write a number up to 65535, or a name such as http"},
	BadNet:          {"bad_net", "{0} is no network: write one such as 10.0.0.0/8"},
	HostBits:        {"host_bits", "{0} has bits behind the prefix: the network is {1}"},
	NoNetmask:       {"no_netmask", "the broadcast address of the network is not known here: write dst host and the address"},
	NoSide:          {"no_side", "{0} needs a host that looks: type it at the tcpdump of a host"},
	BehindVLAN:      {"behind_vlan", "behind vlan nothing more can be asked of a frame, as no frame here has a VLAN tag: leave {0} out"},
	NotAsked:        {"not_asked", "{0} cannot be asked here: leave it out"},
	NoResolve:       {"no_resolve", "names are not looked up: write the address in place of {0}"},
	BadQualifier:    {"bad_qualifier", "{0} cannot stand before {1}: leave it out"},
	NoIndex:         {"no_index", "behind {0} a place in square brackets is missing, such as {0}[0]"},
	BadSize:         {"bad_size", "{0} bytes cannot be read as one number: write 1, 2 or 4"},
	DivideByZero:    {"divide_by_zero", "nothing can be divided by zero"},
}

// Key returns the key of the problem in the word catalogues, without "filter.".
func (p Problem) Key() string { return problems[min(p, nProblems-1)].key }

// Words returns the key of the sentence in the word catalogues, and what fills it.
func (e *Error) Words() (key string, args []any) {
	for _, a := range e.Args {
		args = append(args, a)
	}
	return "filter." + e.What.Key(), args
}

// Error returns the sentence in English.
func (e *Error) Error() string {
	text := problems[min(e.What, nProblems-1)].sentence
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if i+2 < len(text) && text[i] == '{' && text[i+2] == '}' && int(text[i+1]-'0') < len(e.Args) {
			b.WriteString(e.Args[text[i+1]-'0'])
			i += 2
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func number(n int) string { return strconv.Itoa(n) }
