package prog

import (
	"errors"
	"fmt"
	"strings"

	"wirelab/lab/filter"
	"wirelab/lab/trace"
)

// The command line of tcpdump.

const maxSnap = 262144 // bytes of a packet that are looked at: tcpdump's usual snapshot length

type tcpdumpArgs struct {
	trace.Options
	iface       string
	count       uint64
	snap        int
	stamp       uint8 // how often -t is given
	hex         uint8 // -x
	hexText     uint8 // -X
	text        uint8 // -A
	absolute    bool
	numbered    bool // -#
	nano        bool
	private     bool   // -p: frames for others are not looked at
	side        string // -Q: in or out
	list, types bool   // -D, -L
	help        bool
	write       string // -w
	print       bool   // with -w, too
	expression  string
	filter      *filter.Filter // nil: everything
}

// tcpdumpRefused says why options of tcpdump have no meaning here.
var tcpdumpRefused = map[byte]string{
	'r': "-r reads a capture from a file, and a host here has none; what -w writes is for Wireshark", 'F': "-F reads the filter from a file, and a host here has none; write the filter behind the options",
	'V': "-V reads names of captures from a file, and a host here has none", 'C': "-C spreads a capture over several files, and one is all that is written here",
	'G': "-G spreads a capture over several files, and one is all that is written here", 'W': "-W counts files of a capture, and one is all that is written here",
	'z': "-z runs a command on each file of a capture, and one is all that is written here", 'd': "-d shows the filter as code of BPF, and a filter is no such code here",
	'I': "-I is for wireless interfaces, and there are none here", 'E': "-E takes keys of IPsec, and nothing here is encrypted",
	'M': "-M takes the secret of TCP-MD5 signatures, and no segment here has one", 'm': "-m loads definitions for SNMP, and nothing here speaks it",
	'T': "-T says what a packet is read as, and here its ports say that", 'y': "-y takes EN10MB only: the links here are Ethernets",
}

func parseTcpdump(args []string) (tcpdumpArgs, error) {
	return parseTcpdumpAt(args, filter.Vantage{Masked: true})
}

// parseTcpdumpAt is parseTcpdump for an interface, whose network a filter may ask for.
func parseTcpdumpAt(args []string, at filter.Vantage) (a tcpdumpArgs, err error) {
	o, err := getopt(args, "#AabB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpQ:qr:s:StT:uUvV:w:W:xXy:z:Z:1245:6", "number=#", "interface=i", "snapshot-length=s", "buffer-size=B",
		"direction=Q", "dont-verify-checksums=K", "no-promiscuous-mode=p", "packet-buffered=U", "linktype=y", "absolute-tcp-sequence-numbers=S", "help=h", "print=6",
		"nano=1", "micro=2", "list-interfaces=D", "list-data-link-types=L", "no-optimize=O", "immediate-mode=4", "time-stamp-precision=5", "monitor-mode=I", "time-stamp-type=j")
	if err != nil {
		return a, err
	}
	for _, c := range []byte("rFVCGWzdIEMmT") {
		if o.on[c] {
			return a, errors.New(tcpdumpRefused[c])
		}
	}
	if o.on['y'] && !strings.EqualFold(o.val['y'], "EN10MB") {
		return a, errors.New(tcpdumpRefused['y'])
	}
	if a.count, err = o.number('c', 1, 1<<31-1, 0); err != nil {
		return a, err
	}
	snap, err := o.number('s', 0, maxSnap, maxSnap)
	if err != nil {
		return a, err
	}
	if a.snap = int(snap); snap == 0 {
		a.snap = maxSnap
	}
	a.iface, a.side, a.write = o.val['i'], o.val['Q'], o.val['w']
	switch {
	case o.on['Q'] && a.side != "in" && a.side != "out" && a.side != "inout":
		return a, fmt.Errorf("-Q takes in, out or inout, not %q", a.side)
	case o.on['5'] && o.val['5'] != "micro" && o.val['5'] != "nano":
		return a, fmt.Errorf("--time-stamp-precision takes micro or nano, not %q", o.val['5'])
	case o.times('t') > 5:
		return a, errors.New("-t can be given five times at most")
	}
	if err := checkFileName(o.on['w'], a.write); err != nil {
		return a, err
	}
	a.Verbose, a.Quiet, a.NoSums, a.Named, a.Ether = int(o.times('v')), o.on['q'], o.on['K'], !o.on['n'], o.on['e']
	a.stamp, a.hex, a.hexText, a.text = o.times('t'), o.times('x'), o.times('X'), o.times('A')
	a.Bytes = a.hex > 0 || a.hexText > 0 || a.text > 0
	a.absolute, a.numbered, a.nano, a.private = o.on['S'], o.on['#'], o.on['1'] || o.val['5'] == "nano", o.on['p'] || a.iface == "any"
	a.list, a.types, a.help, a.print = o.on['D'], o.on['L'], o.on['h'], o.on['6']
	if a.expression = strings.Join(o.rest, " "); a.expression != "" {
		a.filter, err = filter.CaptureAt(a.expression, at)
	}
	return a, err
}

// checkFileName says what is wrong with the name of a capture.
func checkFileName(given bool, name string) error {
	switch {
	case !given:
		return nil
	case name == "-":
		return errors.New("-w needs a file name: a terminal cannot show a capture")
	case name == "" || len(name) > 100 || strings.HasPrefix(name, "."):
		return fmt.Errorf("%q is no name for a capture; write one such as out.pcap", name)
	}
	for _, c := range name {
		if !(c == '-' || c == '_' || c == '.' || c >= '0' && c <= '9' || c|32 >= 'a' && c|32 <= 'z') {
			return fmt.Errorf("%q is no name for a capture: it has letters, digits, dots and dashes only, as in out.pcap", name)
		}
	}
	return nil
}
