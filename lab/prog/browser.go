package prog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// browser loads a page with its parts over several connections, as browsers do, and shows when what
// happened. It knows pages as httpd makes them: parts stand in src="…" and in href="…" of a link.

// Browser is the variables of browser.
type Browser struct {
	Addrs            []wire.Addr
	BeganAt, NamesAt int64
	HTML             []byte // of the page, at most maxHTML
	Parts            []Part
	Conns            []BrowserConn
	Opened           uint32
}

// Part is one thing that is loaded. Times are zero until they come.
type Part struct {
	Path                                        string
	Status                                      uint16
	Conn                                        uint32 // counted from 1
	Bytes                                       uint64
	FoundAt, ConnectAt, SentAt, FirstAt, DoneAt int64
	Failed                                      bool
}

// BrowserConn is a connection of the browser, busy with one part at a time.
type BrowserConn struct {
	FD, Part  int32
	Number    uint32
	Up, Dead  bool
	ConnectAt int64
	Out       []byte
	Res       Response
}

const (
	maxHTML      = 64 << 10
	maxParts     = 64
	browserConns = 6 // to one server, as browsers do over HTTP/1.1
)

var browserSource = []string{
	`getaddrinfo(host, port, &hints, &ai);`,
	`n = poll(fds, nfds, -1);`,
	`fd[i] = socket(AF_INET, SOCK_STREAM, 0); connect(fd[i], ai->ai_addr, len);`,
	`send(fd[i], request, len, 0);`,
	`n = recv(fd[i], buf, sizeof buf, 0);  // parts that the page names wait for a free connection`,
}

type browserArgs struct {
	url    url
	conns  uint64
	oldest bool
}

func parseBrowser(args []string) (a browserArgs, err error) {
	o, err := getopt(args, "n:0", "http1.0=0")
	if err != nil {
		return a, err
	}
	if a.conns, err = o.number('n', 1, 32, browserConns); err != nil {
		return a, err
	}
	if len(o.rest) != 1 {
		return a, errors.New("an address such as http://server/ is needed")
	}
	a.oldest = o.on['0']
	a.url, err = parseURL(o.rest[0])
	return a, err
}

func stepBrowser(s *Sys, p *Proc) bool {
	a, _ := parseBrowser(p.Args)
	if len(p.Browser) == 0 {
		p.Browser = []Browser{{BeganAt: s.Now}}
	}
	b := &p.Browser[0]
	if p.Line == 1 {
		addrs, why, done := s.resolve(p, a.url.host, 0)
		if !done {
			return false
		}
		if len(addrs) == 0 {
			s.printf(StyleError, "browser: %s: %s", a.url.host, why)
			s.exit()
			return false
		}
		b.Addrs, b.NamesAt, p.Line = addrs, s.Now, 2
		b.Parts = []Part{{Path: a.url.path, FoundAt: s.Now}}
	}
	for again := true; again; {
		again = s.browserAssign(p, &a)
		for i := range b.Conns {
			for c := &b.Conns[i]; c.Part >= 0 && s.browserConn(p, &a, c); {
				again = true
			}
		}
		b.Conns = slices.DeleteFunc(b.Conns, func(c BrowserConn) bool { return c.Dead })
	}
	p.Line, p.Files = 2, p.Files[:0]
	for i := range b.Conns {
		p.Files = append(p.Files, b.Conns[i].FD)
	}
	if !slices.ContainsFunc(b.Parts, func(t Part) bool { return t.DoneAt == 0 }) {
		s.waterfall(b, &a)
		s.exit()
	}
	return false
}

// browserAssign gives parts that wait to connections that are free, and opens more; false if nothing changed.
func (s *Sys) browserAssign(p *Proc, a *browserArgs) bool {
	b := &p.Browser[0]
	for i := range b.Parts {
		t := &b.Parts[i]
		if t.Conn != 0 || t.DoneAt != 0 {
			continue
		}
		for j := range b.Conns {
			if c := &b.Conns[j]; c.Part < 0 && !c.Dead {
				c.Part, t.Conn = int32(i), c.Number
				return true
			}
		}
		if uint64(len(b.Conns)) >= a.conns {
			return false
		}
		p.Line = 3
		fd, err := s.Socket(stack.SockTCP)
		if err != 0 {
			return false
		}
		b.Opened++
		b.Conns = append(b.Conns, BrowserConn{FD: fd, Part: int32(i), Number: b.Opened, ConnectAt: s.Now})
		t.Conn, t.ConnectAt = b.Opened, s.Now
		return true
	}
	return false
}

// browserConn does the next thing on a connection; false if it would block. Without a part it is free.
func (s *Sys) browserConn(p *Proc, a *browserArgs, c *BrowserConn) bool {
	b := &p.Browser[0]
	t := &b.Parts[c.Part]
	if !c.Up {
		err := s.Connect(c.FD, tcp.Endpoint{Addr: b.Addrs[0], Port: a.url.port})
		if err == tcp.EINPROGRESS || err == tcp.EALREADY {
			return false
		}
		if err != 0 && err != tcp.EISCONN {
			return s.browserLost(c, t, err.Error())
		}
		c.Up = true
	}
	if t.SentAt == 0 && len(c.Out) == 0 {
		version := "1.1"
		if a.oldest {
			version = "1.0"
		}
		c.Out = fmt.Appendf(nil, "GET %s HTTP/%s\r\nHost: %s\r\nUser-Agent: wirelab\r\nAccept: */*\r\n\r\n", t.Path, version, a.url.name())
		t.SentAt, c.Res = s.Now, Response{}
	}
	if len(c.Out) > 0 {
		p.Line = 4
		n, err := s.Write(c.FD, c.Out)
		if err != 0 && err != tcp.EAGAIN {
			return s.browserLost(c, t, err.Error())
		}
		c.Out = append(c.Out[:0:0], c.Out[n:]...)
		return n > 0
	}
	p.Line = 5
	buf := s.scratch[:]
	n, err := s.Read(c.FD, buf)
	switch {
	case err == tcp.EAGAIN:
		return false
	case err != 0:
		return s.browserLost(c, t, err.Error())
	case n == 0 && !c.Res.ended():
		return s.browserLost(c, t, "the server closed the connection in the middle")
	case n == 0:
		return s.browserDone(b, c, t)
	case t.FirstAt == 0:
		t.FirstAt = s.Now
	}
	for rest := buf[:n]; len(rest) > 0 && c.Res.Stage != readDone; {
		used, body, err := c.Res.feed(rest)
		if err != nil {
			return s.browserLost(c, t, err.Error())
		}
		rest = rest[used:]
		if len(body) > 0 && c.Part == 0 {
			b.find(body, s.Now)
			t = &b.Parts[c.Part] // the list may have moved
		}
	}
	if c.Res.Stage == readDone {
		return s.browserDone(b, c, t)
	}
	return true
}

func (s *Sys) browserDone(b *Browser, c *BrowserConn, t *Part) bool {
	t.Status, t.Bytes, t.DoneAt = c.Res.Status, c.Res.Got, s.Now
	c.Part = -1
	if c.Res.Close {
		s.Close(c.FD)
		c.Dead = true
	}
	return true
}

func (s *Sys) browserLost(c *BrowserConn, t *Part, why string) bool {
	s.printf(StyleError, "browser: %s: %s", t.Path, why)
	t.Failed, t.DoneAt = true, s.Now
	s.Close(c.FD)
	c.Part, c.Dead = -1, true
	return true
}

// find looks for parts in the page; what is cut in the middle is found when the rest is here.
func (b *Browser) find(body []byte, now int64) {
	room := maxHTML - len(b.HTML)
	b.HTML = append(b.HTML, body[:min(len(body), room)]...)
	text := string(b.HTML)
	for _, mark := range []string{`<link rel="stylesheet" href="`, `src="`} {
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, mark)
			if !ok {
				break
			}
			path, more, ok := strings.Cut(after, `"`)
			if rest = more; !ok {
				break
			}
			known := slices.ContainsFunc(b.Parts, func(t Part) bool { return t.Path == path })
			if strings.HasPrefix(path, "/") && !strings.ContainsAny(path, " \r\n") && !known && len(b.Parts) < maxParts {
				b.Parts = append(b.Parts, Part{Path: path, FoundAt: now})
			}
		}
	}
}

const waterfallWidth = 40

// waterfall shows each part as a bar over the time of the whole.
func (s *Sys) waterfall(b *Browser, a *browserArgs) {
	end := b.BeganAt + 1
	for i := range b.Parts {
		end = max(end, b.Parts[i].DoneAt)
	}
	column := func(at int64) int { return int((at - b.BeganAt) * waterfallWidth / (end - b.BeganAt)) }
	first := &b.Parts[0]
	s.printf(StyleOut, "http://%s%s from %s", a.url.name(), a.url.path, b.Addrs[0])
	s.printf(StyleOut, "names %s ms, connect %s ms, first byte %s ms, page %s ms, all %s ms", ms1(b.NamesAt-b.BeganAt), ms1(max(first.SentAt-first.ConnectAt, 0)),
		ms1(max(first.FirstAt-first.SentAt, 0)), ms1(first.DoneAt-b.BeganAt), ms1(end-b.BeganAt))
	s.printf(StyleOut, "%-20s %4s %6s %9s %8s %8s  0%*s", "part", "conn", "status", "bytes", "from ms", "to ms", waterfallWidth, ms1(end-b.BeganAt)+" ms")
	var bytes uint64
	for i := range b.Parts {
		t := &b.Parts[i]
		bar := []byte(strings.Repeat(" ", waterfallWidth+1))
		paint := func(from, to int64, c byte) {
			for x := column(from); from > 0 && x <= column(max(to, from)) && x < len(bar); x++ {
				bar[x] = c
			}
		}
		sent := t.SentAt
		if sent == 0 {
			sent = t.DoneAt
		}
		paint(t.FoundAt, sent, '.')
		if t.ConnectAt > 0 {
			paint(t.ConnectAt, sent, '-')
		}
		paint(t.SentAt, t.DoneAt, '=')
		paint(t.FirstAt, t.DoneAt, '#')
		status := fmt.Sprint(t.Status)
		if t.Failed {
			status = "lost"
		}
		bytes += t.Bytes
		s.printf(StyleOut, "%-20s %4d %6s %9d %8s %8s  %s", t.Path, t.Conn, status, t.Bytes, ms1(t.FoundAt-b.BeganAt), ms1(t.DoneAt-b.BeganAt), strings.TrimRight(string(bar), " "))
	}
	s.printf(StyleOut, ". waits for a connection  - connects  = waits for the first byte  # receives")
	s.printf(StyleOut, "%d parts, %d bytes, %d connections", len(b.Parts), bytes, b.Opened)
}

// ms1 prints ns as ms with one digit behind the point.
func ms1(ns int64) string { return fmt.Sprintf("%d.%d", ns/1_000_000, ns/100_000%10) }
