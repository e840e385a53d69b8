package prog

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

// The control connection of iperf3: single bytes that say what comes next, and texts in JSON behind their length.

const (
	iperfTestStart        byte = 1
	iperfTestRunning      byte = 2
	iperfTestEnd          byte = 4
	iperfParamExchange    byte = 9
	iperfCreateStreams    byte = 10
	iperfServerTerminates byte = 11
	iperfClientTerminates byte = 12
	iperfExchangeResults  byte = 13
	iperfDisplayResults   byte = 14
	iperfDone             byte = 16
	iperfAccessDenied     byte = 255

	maxIperfText = 64 << 10
)

// Stages of the control connection.
const (
	iperfCookie     uint8 = iota // the server waits for the cookie; the client for what comes next
	iperfParams                  // the server waits for the parameters
	iperfConnecting              // the streams are made
	iperfTesting
	iperfResults // a side waits for the figures of the other one
	iperfShowing // and for the last byte
)

// iperfSay sends bytes over the control connection.
func (s *Sys) iperfSay(p *Proc, what ...byte) {
	p.Buf = append(p.Buf, what...)
	s.flush(p.Conn)
}

// iperfTell sends a text.
func (s *Sys) iperfTell(p *Proc, text string) {
	s.iperfSay(p, append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)...)
}

// takeText takes a whole text that came; false if it is not here yet.
func (f *Iperf) takeText() (string, bool) {
	if len(f.In) < 4 {
		return "", false
	}
	n := binary.BigEndian.Uint32(f.In)
	if n > maxIperfText {
		f.In = f.In[:0]
		return "", true
	}
	if len(f.In) < 4+int(n) {
		return "", false
	}
	text := string(f.In[4 : 4+n])
	f.In = append(f.In[:0:0], f.In[4+n:]...)
	return text, true
}

// iperfTalk reads what came over the control connection and does it; false if the program, or at the server the test, is over.
func (s *Sys) iperfTalk(p *Proc, a *iperfArgs) bool {
	f := &p.Iperf[0]
	for {
		_, err := s.flush(p.Conn)
		n := 0
		if err == 0 || err == tcp.EAGAIN {
			n, err = s.Read(p.Conn, s.scratch[:4096])
		}
		switch {
		case err == tcp.EAGAIN:
			return true
		case err != 0 || n == 0:
			return s.iperfLost(p, a)
		}
		f.In = append(f.In, s.scratch[:n]...)
		hear := s.clientHears
		if a.server {
			hear = s.serverHears
		}
		for len(f.In) > 0 && hear(p, a) {
		}
		if p.Done || p.Conn < 0 {
			return false
		}
	}
}

// iperfLost is the end of a test whose control connection is gone.
func (s *Sys) iperfLost(p *Proc, a *iperfArgs) bool {
	if !a.server {
		return s.iperfFails(p, "error - control socket has closed unexpectedly")
	}
	s.printf(StyleError, "iperf3: the client has unexpectedly closed the connection")
	s.iperfNext(p, a)
	return false
}

// clientHears does the next thing that the server said; false if it is not all here.
func (s *Sys) clientHears(p *Proc, a *iperfArgs) bool {
	f := &p.Iperf[0]
	if f.Stage == iperfResults {
		text, ok := f.takeText()
		if ok {
			f.peerResults(text)
			f.Stage = iperfShowing
		}
		return ok
	}
	what := f.In[0]
	f.In = append(f.In[:0:0], f.In[1:]...)
	switch what {
	case iperfParamExchange:
		how := fmt.Sprintf(`"tcp":true,"len":%d`, pageLen)
		if f.UDP {
			how = fmt.Sprintf(`"udp":true,"len":%d,"bandwidth":%d`, f.Length, a.rate)
		}
		s.iperfTell(p, fmt.Sprintf(`{%s,"omit":0,"time":%d,"parallel":%d,"reverse":%t}`, how, a.timeNs/1_000_000_000, a.streams, a.reverse))
		s.printf(StyleOut, "Connecting to host %s, port %d", a.host, a.port)
		if a.reverse {
			s.printf(StyleOut, "Reverse mode, remote host %s is sending", a.host)
		}
	case iperfCreateStreams:
		f.Stage = iperfConnecting
	case iperfTestStart:
		end := s.Now + a.timeNs
		if a.bytes > 0 || a.timeNs == 0 { // until that is sent, or until ^C
			end = tcp.Never
		}
		f.begin(s.Now, end)
		s.iperfHead(f, !a.reverse)
	case iperfExchangeResults:
		s.iperfTell(p, f.results())
		f.Stage = iperfResults
	case iperfDisplayResults:
		s.iperfSummary(f, a)
		s.iperfSay(p, iperfDone)
		s.iperfClose(f)
		s.printf(StyleOut, "")
		s.printf(StyleOut, "iperf Done.")
		s.exit()
	case iperfServerTerminates:
		if f.Running {
			s.iperfOver(f, a)
			s.iperfSummary(f, a)
		}
		s.iperfClose(f)
		s.iperfFails(p, "error - the server has terminated")
	case iperfAccessDenied:
		s.iperfFails(p, "error - the server is busy running a test. try again later")
	}
	return !p.Done
}

// results are the figures of this side.
func (f *Iperf) results() string {
	var b strings.Builder
	b.WriteString(`{"streams":[`)
	for i := range f.Streams {
		t := &f.Streams[i]
		if i > 0 {
			b.WriteByte(',')
		}
		us := (f.OverAt - f.BeganAt) / 1000
		fmt.Fprintf(&b, `{"id":%d,"bytes":%d,"retransmits":%d,"jitter":%d.%09d,"errors":%d,"packets":%d,"start_time":0,"end_time":%d.%06d}`, i+1, t.Bytes, t.Retr,
			t.JitterNs/1_000_000_000, t.JitterNs%1_000_000_000, t.Lost, t.Packets, us/1_000_000, us%1_000_000)
	}
	return b.String() + "]}"
}

// peerResults reads the figures of the other side.
func (f *Iperf) peerResults(text string) {
	parts := strings.Split(text, `{"id":`)
	for i, part := range parts[1:] {
		if i >= len(f.Streams) {
			return
		}
		t := &f.Streams[i]
		t.PeerBytes, _ = strconv.ParseUint(jsonValue(part, "bytes"), 10, 63)
		retr, _ := strconv.ParseUint(jsonValue(part, "retransmits"), 10, 32)
		t.PeerRetr = uint32(retr)
		lost, _ := strconv.ParseUint(jsonValue(part, "errors"), 10, 32)
		packets, _ := strconv.ParseUint(jsonValue(part, "packets"), 10, 32)
		t.PeerCounted.Lost, t.PeerCounted.Packets = int64(lost), uint32(packets)
		t.PeerCounted.JitterNs, _ = parseSeconds(jsonValue(part, "jitter"))
		t.PeerNs, _ = parseSeconds(jsonValue(part, "end_time"))
	}
}

// jsonValue returns the number or word behind a name in a flat object.
func jsonValue(object, name string) string {
	_, rest, _ := strings.Cut(object, `"`+name+`":`)
	if end := strings.IndexAny(rest, ",}"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}
