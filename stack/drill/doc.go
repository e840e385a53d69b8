// Package drill runs packetdrill scripts against the stack in virtual time. A
// script says which system calls a program makes, which packets arrive and
// which must leave, and when; Parse reads it, Script.Run plays it on one host
// with one interface and gives a verdict: ok, fail with the line and what
// differs, or cannot with the construct that stands in the way. A script is
// never passed over in silence.
//
// It may import stack and what lies below it. Start reading at Script, then
// runner in run.go. The language: lex.go, strings.go and parse.go (file, events),
// packet.go, segment.go, options.go, icmp.go and icmp_names.go (packets),
// syscall_parse.go (arguments). The run: calls.go and syscalls.go (calls, also
// those that block), address.go, transfer.go and message.go (where to, and how
// much), inject.go (what arrives), ip.go (both versions of IP), flow.go (numbers
// of the script and of the wire), outbound.go and compare.go (what leaves),
// code.go (the assertions between %{ and }%), shell_words.go and arithmetic.go
// (how a shell reads a line), shell.go, shell_net.go and sysctls.go (the few
// commands that mean something here). Times are nanoseconds.
//
// The runner refuses what it cannot honour, with construct and line. Where it
// accepts something without effect, a comment in the code gives the reason.
//
// What the stack learns is made known here: a socket option in the host's own
// table, or in netopt.go if its value is no number, a field of TCP_INFO in tcp.InfoFields, a flag of send or
// recv in sendFlags or recvFlags (transfer.go). Settings come from the host's
// own table. Until then a script that needs it cannot be run.
package drill
