//go:build !js

package filter_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/filter"
	"wirelab/lab/lesson"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// recorded is what all labs sent, and then the frames made by hand. Frame number
// i is one of second i: a table of seconds is one of frames.
type recorded struct {
	packets []filter.Packet
	fromLab int // how many of them hosts sent
	path    string
}

const second = 1_000_000_000

// record runs labs and writes what they send into a file.
func record(t *testing.T, tagged bool) *recorded {
	t.Helper()
	r := &recorded{path: filepath.Join(t.TempDir(), "frames.pcap")}
	var frames [][]byte
	for _, l := range labs(t) {
		if err := l.Frames(20*second, func(_ int64, frame []byte) { frames = append(frames, bytes.Clone(frame)) }); err != nil {
			t.Fatal(err)
		}
	}
	r.fromLab = len(frames)
	frames = append(frames, filter.Frames...)
	if tagged {
		for _, f := range frames[:40] { // with the tag of VLAN 5
			frames = append(frames, append(append(bytes.Clone(f[:12]), 0x81, 0, 0x20, 5), f[12:]...))
		}
	}
	streams := map[string]*stream{}
	for i, frame := range frames {
		p := filter.Packet{Frame: frame, TimeNs: int64(i) * second, Number: uint64(i + 1)}
		follow(streams, &p)
		r.packets = append(r.packets, p)
	}
	r.write(t, append(frames, frames[0])) // the last one is there for the table of seconds
	return r
}

// write writes frames into the file, one a second.
func (r *recorded) write(t *testing.T, frames [][]byte) {
	t.Helper()
	file := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	for _, word := range []uint32{2 | 4<<16, 0, 0, 1 << 16, 1} {
		file = binary.LittleEndian.AppendUint32(file, word)
	}
	for i, frame := range frames {
		for _, word := range []int{i, 0, len(frame), len(frame)} {
			file = binary.LittleEndian.AppendUint32(file, uint32(word))
		}
		file = append(file, frame...)
	}
	if err := os.WriteFile(r.path, file, 0o644); err != nil {
		t.Fatal(err)
	}
}

// labs returns the built-in ones, and one with losses, echoes and fragments.
func labs(t *testing.T) (labs []*lab.Lab) {
	for _, name := range lesson.Names() {
		l, err := lesson.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		labs = append(labs, l)
	}
	p := link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 12}
	l, err := lab.New(lab.Scenario{
		Seed:  1,
		Nodes: []lab.Node{{Name: "A"}, {Name: "B", Startup: []string{"sink 7 &", "dns-server 53 www.example=10.9.0.7 www.example=2001:db8::7 web.example=www.example &"}}},
		Links: []lab.Link{{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 9, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 9, 0, 2), Prefix: 24}}, Params: [2]link.Params{p, p}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range []string{"ping -c 2 10.9.0.2", "ping -c 1 -s 3000 10.9.0.2", "source 10.9.0.2 7 200000", "source 10.9.0.2 99 10", "dig @10.9.0.2 www.example", "dig @10.9.0.2 no.example", "dig @10.9.0.2 web.example", "dig @10.9.0.2 www.example AAAA"} {
		if err := l.SeekTo(int64(i) * 2 * second); err != nil {
			t.Fatal(err)
		}
		if err := l.Do(lab.Exec{Line: line}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SeekTo(20 * second); err != nil {
		t.Fatal(err)
	}
	return append(labs, l)
}

// stream is what is known of a connection; first and shift are those of one
// direction, and of the other.
type stream struct {
	number uint32
	first  map[uint16]uint32
	shift  map[uint16]uint8
	scaled map[uint16]bool
}

// follow tells a packet what those before it said, as Wireshark does it.
func follow(streams map[string]*stream, p *filter.Packet) {
	eth, ok := wire.ParseEthernet(p.Frame)
	if !ok || eth.Type() != wire.TypeIPv4 {
		return
	}
	ip, ok := wire.ParseIPv4(eth.Payload())
	if !ok || ip.Protocol() != wire.ProtoTCP {
		return
	}
	s := wire.TCP(ip.Payload())
	from, to := s.SrcPort(), s.DstPort()
	key := strconv.Itoa(int(min(from, to))) + " " + strconv.Itoa(int(max(from, to))) + " " + strconv.Itoa(int(ip.Src().As4()^ip.Dst().As4()))
	known := streams[key]
	if known == nil || s.Flags()&(wire.SYN|wire.ACK) == wire.SYN && known.first[from] != s.Seq() {
		known = &stream{uint32(len(streams)), map[uint16]uint32{}, map[uint16]uint8{}, map[uint16]bool{}}
		if streams[key] != nil {
			streams[key+" old"+strconv.Itoa(len(streams))] = streams[key]
			known.number = uint32(len(streams)) - 1
		}
		streams[key] = known
	}
	if s.Flags()&wire.SYN != 0 {
		known.first[from] = s.Seq()
		for at := 0; ; {
			o, next, ok := wire.NextOption(s.Options(), at)
			if !ok {
				break
			}
			if at = next; o.Kind == wire.OptWindowScale {
				known.shift[from], known.scaled[from] = o.Data[0], true
			}
		}
	}
	if _, seen := known.first[from]; !seen {
		known.first[from] = s.Seq() - 1
	}
	p.Flow = filter.Flow{Known: true, Stream: known.number, Seq: known.first[from], Ack: known.first[to]}
	if known.scaled[from] && known.scaled[to] {
		p.Flow.Shift = known.shift[from]
	}
}

// numbers returns those of the packets that match.
func (r *recorded) numbers(t *testing.T, f *filter.Filter, most int) (list []int) {
	for i := range r.packets[:most] {
		if f.Match(&r.packets[i]) {
			list = append(list, i+1)
		}
	}
	return list
}

// expressions are read the same by Wireshark 4.0. Those with a "~" in front
// depend on what went before: there only what hosts sent is compared.
var expressions = strings.Split(strings.TrimSpace(`
tcp
udp
ip
ipv6
arp
icmp
icmpv6
eth
frame
!tcp
not ip or icmp
tcp and not tcp.flags.syn == 1
tcp.flags.syn == 1
tcp.flags.syn == 1 && tcp.flags.ack == 0
tcp.flags.syn
tcp.flags.fin == True
tcp.flags & 0x02
tcp.flags & 0x12 == 0x10
tcp.flags == 0x018
tcp.flags.reset == 1 or tcp.flags.push == 1
tcp.port == 7788
tcp.port != 7788
tcp.port !== 7788
tcp.port === 7788
!(tcp.port == 7788)
all tcp.port > 80
any tcp.port > 5000
tcp.srcport > tcp.dstport
tcp.dstport in {7, 80, 90..7788}
not tcp.port in {1..7}
tcp.port not in {7, 80}
tcp.len > 0
tcp.len == 1460
tcp.len >= 5 && tcp.len <= 7
~tcp.seq == 1
~tcp.seq > 10000 and tcp.len > 0
~tcp.ack == 1
~tcp.nxtseq == 1
~tcp.stream == 1
~tcp.window_size > 60000
tcp.seq_raw == 3626544836
tcp.ack_raw > 1739326486
tcp.hdr_len > 20
tcp.window_size_value < 30000
tcp.options
tcp.options.mss
tcp.options.mss_val == 1460
tcp.options.wscale.shift >= 7
tcp.options.sack_perm
tcp.options.sack
~tcp.options.sack_le > 1000
~tcp.options.sack_re - tcp.options.sack_le > 2000
tcp.options.timestamp.tsval > 1000
tcp.options.timestamp.tsecr == 0
count(tcp.options.nop) == 1
tcp.option_kind == 5
tcp.payload contains "hello"
tcp contains "HTTP"
tcp.payload[0:2] == "he"
len(tcp.payload) > 5
tcp[13:1] == 02
tcp[13] & 2
tcp[2:2] == 00:50
tcp[20:1] == 02
tcp[-4:2] == 03:03
tcp.checksum.status == 1
ip.addr == 192.168.1.0/24
ip.src == 10.9.0.1
ip.dst != 10.9.0.2
ip.addr in {10.9.0.0/24, 192.168.1.116}
ip.src > 10.0.0.1
ip.src == ip.dst
ip.addr#2 == 10.0.0.2
ip.ttl == 64
ip.id > 5 and ip.id < 100
ip.len > 1000
ip.hdr_len == 20
ip.proto == 1
ip.proto == TCP
ip.flags.df == 1
ip.flags.mf
ip.flags.mf == 1
ip.frag_offset > 0
ip.frag_offset == 185
ip.version == 4 and ip.dsfield.dscp == 0
ip.src[0:2] == 0a:09
ipv6.src == fe80::/10
ipv6.dst == ff02::1
ipv6.hlim == 255
ipv6.fraghdr.ident == 77
ipv6.nxt == 58
icmp.type == 8
icmp.type == 3 && icmp.code == 3
icmp.seq == 2
icmp.ident > 0
icmpv6.type == 135
icmpv6.nd.ns.target_address == fe80::2
udp.port == 53
udp.srcport > 1000 or arp
udp.length > 10
udp.payload contains "hel"
udp.port#1 == 99
~dns
dns.flags.response == 1
dns.qry.name == "www.example"
dns.qry.name == "no.example"
dns.qry.type == 1
dns.flags.rcode == 3
dns.count.answers == 1
~dns.id > 100
dns.flags.recdesired == 1
dns.flags.recavail == 0
dns.flags.authoritative
dns.flags.opcode == 0
dns.qry.name contains "example"
dns.qry.class == 1
dns.resp.name == "web.example"
dns.resp.name contains "www"
dns.resp.type == 5
dns.resp.type == 28
dns.resp.ttl >= 3600
dns.resp.len > 4
dns.a == 10.9.0.7
dns.a in {203.0.113.0/24}
dns.aaaa == 2001:db8::7
dns.cname == "www.example"
dns.cname contains "www"
dhcp
dhcp.type == 2
dhcp.hw.type == 1 and dhcp.hw.len == 6
dhcp.hops == 0 && dhcp.secs == 0
dhcp.id > 0
dhcp.flags.bc == 1
dhcp.ip.your == 192.168.1.0/24
dhcp.ip.client == 0.0.0.0
dhcp.hw.mac_addr == 02:00:00:00:00:00
dhcp.option.type == 50
dhcp.option.type == 255
dhcp.option.end == 255
dhcp.option.length == 3
dhcp.option.dhcp == 1
dhcp.option.dhcp == Offer
dhcp.option.dhcp in {3..5}
dhcp.option.subnet_mask == 255.255.255.0
dhcp.option.router == 192.168.1.1
dhcp.option.domain_name_server
dhcp.option.hostname == "PC"
dhcp.option.hostname contains "Ph"
dhcp.option.requested_ip_address == 192.168.1.101
dhcp.option.ip_address_lease_time == 600
dhcp.option.dhcp_server_id == 192.168.1.1
dhcp.option.request_list_item == 6
dhcp.option.renewal_time_value < 301
dhcp.option.rebinding_time_value == 525
arp.opcode == 1
arp.src.proto_ipv4 == 10.9.0.1
arp.dst.hw_mac == 00:00:00:00:00:00
eth.addr == 02-00-00-00-00-01
eth.src[0:3] == 02:00:00
eth.dst == ff:ff:ff:ff:ff:ff
eth.dst.ig == 1
eth.type == 0x0806
eth.type == IPv6
frame.len > 100
frame.number < 10
frame.number in {1, 5..9}
frame.time_relative > 3.5
frame contains 68:65:6c:6c:6f
frame[12:2] == 08:06
eth[12-13] == 08:06
{tcp.len + 10} * 2 > 100
tcp.srcport % 2 == 1
-tcp.len < -100
tcp.dstport - 1 == 79
tcp or udp and arp
tcp && ip.len > 60 || arp
`), "\n")

func TestWiresharkMatchesTheSame(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed; ./build.sh test installs it where it may")
	}
	r := record(t, false)
	// One run answers all, but a comma begins the next filter there.
	args, asked := "io,stat,1", 0
	for _, e := range expressions {
		if !strings.Contains(e, ",") {
			args += "," + strings.TrimPrefix(e, "~")
			asked++
		}
	}
	together := columns(t, r.tshark(t, "-q", "-z", args), asked, len(r.packets))
	empty := 0
	for _, e := range expressions {
		text, most := e, len(r.packets)
		if rest, relative := strings.CutPrefix(e, "~"); relative {
			text, most = rest, r.fromLab
		}
		f, err := filter.Display(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var theirs []int
		if strings.Contains(e, ",") {
			for line := range strings.Lines(r.tshark(t, "-Y", text, "-T", "fields", "-e", "frame.number")) {
				n, _ := strconv.Atoi(strings.TrimSpace(line))
				theirs = append(theirs, n)
			}
		} else {
			theirs, together = together[0], together[1:]
		}
		compare(t, text, r.numbers(t, f, most), theirs, most)
		if len(theirs) == 0 {
			empty++
		}
	}
	t.Logf("%d expressions over %d frames; %d match none", len(expressions), len(r.packets), empty)
	if empty > 8 {
		t.Errorf("%d expressions match nothing and prove nothing", empty)
	}
}

// tshark returns what Wireshark says of the frames.
func (r *recorded) tshark(t *testing.T, args ...string) string {
	t.Helper()
	args = append([]string{"-n", "-r", r.path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"}, args...)
	out, err := exec.Command("tshark", args...).Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("tshark: %v\n%s", err, exit.Stderr)
	}
	return string(out)
}

// columns reads tshark's table: for each filter the numbers of the frames that match.
func columns(t *testing.T, table string, filters, frames int) [][]int {
	lists := make([][]int, filters)
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 2*filters+2 || !strings.Contains(cells[1], "<>") {
			continue
		}
		rows++
		for i := range lists {
			if n := strings.TrimSpace(cells[2+2*i]); n != "0" && rows <= frames {
				lists[i] = append(lists[i], rows)
			}
		}
	}
	if rows < frames {
		t.Fatalf("%d rows for %d frames:\n%s", rows, frames, table[:min(len(table), 2000)])
	}
	return lists
}

func compare(t *testing.T, text string, ours, theirs []int, most int) {
	t.Helper()
	for len(theirs) > 0 && theirs[len(theirs)-1] > most {
		theirs = theirs[:len(theirs)-1]
	}
	for i := range max(len(ours), len(theirs)) {
		if i >= len(ours) || i >= len(theirs) || ours[i] != theirs[i] {
			t.Errorf("%s: %d frames match here and %d there; at %d: %v, %v", text, len(ours), len(theirs), i, ours[min(i, len(ours)):min(i+3, len(ours))], theirs[min(i, len(theirs)):min(i+3, len(theirs))])
			return
		}
	}
}
