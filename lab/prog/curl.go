package prog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Curl is the variables of curl.
type Curl struct {
	Addrs                               []wire.Addr // of the host, the one to try next first
	Next, Asked                         uint32      // the transfer under way; requests that were sent
	Conns, Number                       uint32      // connections that were opened; number of this one
	Opened                              uint32      // by this transfer
	Binary, Failed                      bool
	BeganAt, NamesAt, ConnectAt, ConnAt int64
	SentAt, FirstAt                     int64
	Res                                 Response
}

var curlSource = []string{
	`getaddrinfo(host, port, &hints, &ai);`,
	`fd = socket(ai->ai_family, SOCK_STREAM, 0);`,
	`connect(fd, ai->ai_addr, ai->ai_addrlen);`,
	`send(fd, request, len, 0);`,
	`while ((n = recv(fd, buf, sizeof buf, 0)) > 0) parse(buf, n);`,
	`close(fd);`,
}

// longOnly are the options without a letter that can be typed.
const longOnly = "\x01:\x02\x03"

type curlArgs struct {
	urls                                         []url
	verbose, head, include, silent, drop, oldest bool
	pipeline, fail                               bool
	format, method, agent                        string
	headers                                      []string
	family                                       uint8
	maxNs, connectNs                             int64 // zero: no limit, and Linux's
}

func parseCurl(args []string) (a curlArgs, err error) {
	o, err := getopt(args, "vIiso:w:0H:m:46SfNX:A:"+longOnly, "verbose=v", "head=I", "include=i", "silent=s", "output=o", "write-out=w", "http1.0=0", "http1.1=\x03", "header=H", "pipeline=\x02", "max-time=m", "ipv4=4", "ipv6=6",
		"show-error=S", "fail=f", "no-buffer=N", "request=X", "user-agent=A", "connect-timeout=\x01")
	if err != nil {
		return a, err
	}
	a.verbose, a.head, a.include, a.oldest, a.pipeline, a.fail = o.on['v'], o.on['I'], o.on['i'], o.on['0'], o.on[2], o.on['f']
	a.silent = o.on['s'] && !o.on['S']
	a.family, a.method, a.agent, a.headers = familyOf(&o), o.val['X'], "curl/7.88.1", o.values('H')
	if o.on['o'] {
		if a.drop = o.val['o'] == "/dev/null"; !a.drop && o.val['o'] != "-" {
			return a, errors.New("there are no files here: -o takes /dev/null")
		}
	}
	a.format = strings.NewReplacer(`\n`, "\n", `\t`, "  ").Replace(o.val['w'])
	for _, h := range a.headers {
		if !strings.Contains(h, ":") {
			return a, errors.New("-H takes a header such as 'Connection: close'")
		}
	}
	if o.on['A'] {
		a.agent = o.val['A']
	}
	if o.on['X'] && (a.method == "" || strings.Trim(a.method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return a, fmt.Errorf("-X takes a method such as GET or HEAD, not %q", a.method)
	}
	if a.maxNs, err = o.seconds('m', 0); err != nil {
		return a, err
	}
	if a.connectNs, err = o.seconds(1, 0); err != nil {
		return a, fmt.Errorf("--connect-timeout takes a number of seconds, not %q", o.val[1])
	}
	if len(o.rest) == 0 {
		return a, errors.New("an address such as http://server/ is needed")
	}
	for _, w := range o.rest {
		u, err := parseURL(w)
		if err != nil {
			return a, err
		}
		a.urls = append(a.urls, u)
	}
	return a, nil
}

func stepCurl(s *Sys, p *Proc) bool {
	a, _ := parseCurl(p.Args)
	if len(p.Curl) == 0 {
		p.Curl = []Curl{{BeganAt: s.Now, SentAt: -1}}
	}
	c := &p.Curl[0]
	if code, why := c.late(s.Now, p.Line, &a); code > 0 {
		return s.curlFails(p, code, why)
	}
	u := &a.urls[c.Next]
	going := s.curlLine(p, &a, u)
	if p.Done {
		return going
	}
	if a.maxNs > 0 {
		p.WakeAt = min(p.WakeAt, c.BeganAt+a.maxNs)
	}
	if a.connectNs > 0 && p.Line <= 3 {
		p.WakeAt = min(p.WakeAt, c.BeganAt+a.connectNs)
	}
	return going
}

// late reports which time is over, if one is, with the number that curl exits with.
func (c *Curl) late(now int64, line uint16, a *curlArgs) (code int, why string) {
	took := now - c.BeganAt
	ms := took / 1_000_000
	switch {
	case a.maxNs > 0 && took >= a.maxNs:
		switch {
		case line == 1:
			return 28, fmt.Sprintf("Resolving timed out after %d milliseconds", ms)
		case line <= 3:
			return 28, fmt.Sprintf("Connection timed out after %d milliseconds", ms)
		case line == 5 && c.Res.Stage != readHead && c.Res.Length >= 0:
			return 28, fmt.Sprintf("Operation timed out after %d milliseconds with %d out of %d bytes received", ms, c.Res.Got, c.Res.Length)
		}
		return 28, fmt.Sprintf("Operation timed out after %d milliseconds with %d bytes received", ms, c.Res.Got)
	case a.connectNs > 0 && took >= a.connectNs && line == 1:
		return 28, fmt.Sprintf("Resolving timed out after %d milliseconds", ms)
	case a.connectNs > 0 && took >= a.connectNs && line <= 3:
		u := &a.urls[c.Next]
		return 28, fmt.Sprintf("Failed to connect to %s port %d after %d ms: Timeout was reached", u.host, u.port, ms)
	}
	return 0, ""
}

func (s *Sys) curlLine(p *Proc, a *curlArgs, u *url) bool {
	c := &p.Curl[0]
	switch p.Line {
	case 1:
		addrs, _, done := s.resolve(p, u.host, a.family)
		if !done {
			return false
		}
		if c.NamesAt = s.Now; len(addrs) == 0 {
			return s.curlFails(p, 6, "Could not resolve host: "+u.host)
		}
		c.Addrs, p.Line, c.ConnectAt = addrs, 2, s.Now
	case 2:
		p.FD, _ = s.Socket(stack.SockTCP)
		if a.verbose {
			s.printf(StyleCall, "*   Trying %s...", hostPort(c.Addrs[0], u.port))
		}
		p.Line = 3
	case 3:
		return s.curlConnect(p, a, u)
	case 4:
		return s.curlSend(p, a)
	case 5:
		return s.curlReceive(p, a, u)
	case 6:
		if a.verbose {
			s.printf(StyleCall, "* Closing connection %d", c.Number)
		}
		s.Close(p.FD)
		p.FD = -1
		return s.curlNext(p, a)
	}
	return true
}

func hostPort(addr wire.Addr, port uint16) string {
	if addr.Is4() {
		return fmt.Sprintf("%s:%d", addr, port)
	}
	return fmt.Sprintf("[%s]:%d", addr, port)
}

func (s *Sys) curlConnect(p *Proc, a *curlArgs, u *url) bool {
	c := &p.Curl[0]
	err := s.Connect(p.FD, tcp.Endpoint{Addr: c.Addrs[0], Port: u.port})
	switch err {
	case tcp.EINPROGRESS, tcp.EALREADY:
		return false
	case 0, tcp.EISCONN:
		c.Number, c.Conns, c.Opened, c.ConnAt = c.Conns, c.Conns+1, c.Opened+1, s.Now
		if a.verbose {
			s.printf(StyleCall, "* Connected to %s (%s) port %d (#%d)", u.host, c.Addrs[0], u.port, c.Number)
		}
		p.Line, c.Asked = 4, c.Next
		return true
	}
	if a.verbose {
		s.printf(StyleCall, "* connect to %s port %d failed: %s", c.Addrs[0], u.port, err.Error())
	}
	s.Close(p.FD)
	p.FD, p.Line = -1, 2
	if c.Addrs = c.Addrs[1:]; len(c.Addrs) > 0 {
		return true
	}
	return s.curlFails(p, 7, fmt.Sprintf("Failed to connect to %s port %d after %d ms: Couldn't connect to server", u.host, u.port, (s.Now-c.BeganAt)/1_000_000))
}

// curlSend sends the request, or with --pipeline all that go to this server (RFC 9112 §9.3.2).
func (s *Sys) curlSend(p *Proc, a *curlArgs) bool {
	c := &p.Curl[0]
	if len(p.Buf) == 0 {
		for int(c.Asked) < len(a.urls) && (c.Asked == c.Next || a.pipeline && a.urls[c.Asked].sameServer(&a.urls[c.Next])) {
			head := a.request(&a.urls[c.Asked])
			p.Buf = append(p.Buf, head...)
			if c.Asked++; a.verbose {
				s.printLines("> ", head)
			}
		}
	}
	_, err := s.flush(p.FD)
	switch {
	case err == tcp.EAGAIN:
		return false
	case err != 0:
		return s.curlFails(p, 55, "Send failure: "+err.Error())
	}
	c.SentAt, c.Res = s.Now, Response{NoBody: a.head}
	p.Line = 5
	return true
}

func (u *url) sameServer(o *url) bool { return u.host == o.host && u.port == o.port }

func (a *curlArgs) request(u *url) string {
	method, version := "GET", "1.1"
	if a.head {
		method = "HEAD"
	}
	if a.method != "" {
		method = a.method
	}
	if a.oldest {
		version = "1.0"
	}
	text := fmt.Sprintf("%s %s HTTP/%s\r\n", method, u.path, version)
	if host := a.header("Host"); host != "" {
		text += host + "\r\n"
	}
	usual := []string{"Host: " + u.name(), "User-Agent: " + a.agent, "Accept: */*"}
	for _, h := range usual {
		if name, value, _ := strings.Cut(h, ": "); value != "" && a.header(name) == "" {
			text += h + "\r\n"
		}
	}
	for _, h := range a.headers {
		name, value, _ := strings.Cut(h, ":")
		if strings.TrimSpace(value) != "" && !strings.EqualFold(name, "Host") { // without a value it only takes the usual one away
			text += h + "\r\n"
		}
	}
	return text + "\r\n"
}

// header returns the line that -H gives for a header, or nothing.
func (a *curlArgs) header(name string) string {
	for _, h := range a.headers {
		if n, _, _ := strings.Cut(h, ":"); strings.EqualFold(n, name) {
			return h
		}
	}
	return ""
}

// printLines prints a head, a mark in front of each line.
func (s *Sys) printLines(mark, head string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(head, "\r\n"), "\r\n") {
		s.printf(StyleCall, "%s%s", mark, shown([]byte(line)))
	}
}

func (s *Sys) curlReceive(p *Proc, a *curlArgs, u *url) bool {
	c := &p.Curl[0]
	if len(p.Buf) == 0 {
		b := s.scratch[:]
		n, err := s.Read(p.FD, b)
		switch {
		case err == tcp.EAGAIN:
			return false
		case err != 0:
			return s.curlFails(p, 56, "Recv failure: "+err.Error())
		case n == 0 && c.Res.Stage == readHead && len(c.Res.Line) == 0:
			return s.curlFails(p, 52, "Empty reply from server")
		case n == 0 && !c.Res.ended():
			return s.curlFails(p, 18, fmt.Sprintf("transfer closed with %d bytes remaining to read", c.Res.Left))
		case n == 0:
			return s.curlDone(p, a, u)
		}
		if c.FirstAt == 0 {
			c.FirstAt = s.Now
		}
		return s.curlTake(p, a, u, b[:n])
	}
	rest := bytes.Clone(p.Buf) // of an answer that came with the one before
	p.Buf = nil
	return s.curlTake(p, a, u, rest)
}

func (s *Sys) curlTake(p *Proc, a *curlArgs, u *url, b []byte) bool {
	c := &p.Curl[0]
	for len(b) > 0 && c.Res.Stage != readDone {
		was := c.Res.Stage
		used, body, err := c.Res.feed(b)
		if err != nil {
			return s.curlFails(p, 1, ""+err.Error())
		}
		b = b[used:]
		if was == readHead && c.Res.Stage != readHead {
			s.curlHead(a, &c.Res)
			if a.fail && c.Res.Status >= 400 {
				return s.curlFails(p, 22, fmt.Sprintf("The requested URL returned error: %d", c.Res.Status))
			}
		}
		s.curlBody(a, c, body)
	}
	if c.Res.Stage == readDone {
		p.Buf = append(p.Buf[:0], b...)
		return s.curlDone(p, a, u)
	}
	return true
}

// curlDone ends a transfer: the next one may have the connection.
func (s *Sys) curlDone(p *Proc, a *curlArgs, u *url) bool {
	c := &p.Curl[0]
	if a.format != "" {
		s.machine.Open = s.machine.Open && len(s.machine.Lines) > 0
		s.write([]byte(s.curlFormat(a, c, 0, "")))
	}
	if c.Res.Close {
		p.Buf, p.Line = nil, 6
		return true
	}
	if a.verbose {
		s.printf(StyleCall, "* Connection #%d to host %s left intact", c.Number, u.host)
	}
	return s.curlNext(p, a)
}

func (s *Sys) curlNext(p *Proc, a *curlArgs) bool {
	c := &p.Curl[0]
	old := &a.urls[c.Next]
	if c.Next++; int(c.Next) == len(a.urls) {
		s.exit()
		return false
	}
	u := &a.urls[c.Next]
	c.BeganAt, c.NamesAt, c.ConnectAt, c.ConnAt, c.FirstAt, c.Opened, c.Binary = s.Now, s.Now, s.Now, s.Now, 0, 0, false
	switch {
	case p.FD >= 0 && u.sameServer(old):
		if a.verbose {
			s.printf(StyleCall, "* Re-using existing connection #%d with host %s", c.Number, u.host)
		}
		if p.Line = 4; c.Asked > c.Next { // asked already
			p.Line, c.Res = 5, Response{NoBody: a.head}
		}
	default:
		if p.FD >= 0 {
			s.Close(p.FD)
			p.FD = -1
		}
		p.Buf, p.Sent, p.Line = nil, 0, 1
	}
	return true
}

// curlFails ends a transfer that went wrong, with the number that curl exits with; the next one begins.
func (s *Sys) curlFails(p *Proc, code int, why string) bool {
	a, _ := parseCurl(p.Args)
	c := &p.Curl[0]
	if p.Line <= 3 { // also an attempt has a number
		c.Number, c.Conns = c.Conns, c.Conns+1
	}
	if a.verbose {
		s.printf(StyleCall, "* %s", why)
		s.printf(StyleCall, "* Closing connection %d", c.Number)
	}
	if !a.silent {
		s.printf(StyleError, "curl: (%d) %s", code, why)
	}
	if a.format != "" {
		s.write([]byte(s.curlFormat(&a, c, code, why)))
	}
	s.endLookup(p)
	if p.FD >= 0 {
		s.Close(p.FD)
	}
	p.FD, p.Buf, p.Sent, c.Asked, c.Res = -1, nil, 0, 0, Response{}
	return s.curlNext(p, &a)
}
