package prog

import (
	"errors"
	"fmt"
	"slices"

	"wirelab/stack/tcp"
)

// HTTPD is the variables of httpd.
type HTTPD struct{ Conns []HTTPConn }

// HTTPConn is a connection to httpd.
type HTTPConn struct {
	FD              int32
	Peer            tcp.Endpoint
	In              []byte // requests that are not answered yet, at most maxHead
	Out             []byte // of the answer, not written yet
	Path            string // of the page being sent
	Off, Size       uint64
	Chunked         bool
	Close, ReadDone bool  // afterwards
	Until           int64 // an idle connection is kept so long
}

const (
	maxHTTPConns = 256
	keepAliveNs  = 65_000_000_000
)

var httpdSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(fd, INADDR_ANY, port);`,
	`listen(fd, 511);`,
	`n = poll(fds, nfds, timeout);`,
	`conn = accept(fd, &peer);`,
	`n = read(conn, request, sizeof request);`,
	`writev(conn, response, 2);  // head and body`,
	`close(conn);`,
}

type httpdArgs struct {
	port        uint16
	keepAliveNs int64
	quiet       bool
}

func parseHTTPD(args []string) (a httpdArgs, err error) {
	o, err := getopt(args, "k:q")
	if err != nil {
		return a, err
	}
	if a.keepAliveNs, err = o.seconds('k', keepAliveNs); err != nil {
		return a, err
	}
	a.port, a.quiet = httpPort, o.on['q']
	switch {
	case len(o.rest) > 1:
		return a, errors.New("one port is enough")
	case len(o.rest) == 1:
		a.port, err = port(o.rest[0])
	}
	return a, err
}

// stepHTTPD serves many connections at once: whichever can go on does.
func stepHTTPD(s *Sys, p *Proc) bool {
	a, _ := parseHTTPD(p.Args)
	if p.Line < 4 {
		return s.listen(p, a.port, 511, 4)
	}
	if len(p.HTTPD) == 0 {
		p.HTTPD = []HTTPD{{}}
	}
	d := &p.HTTPD[0]
	for len(d.Conns) < maxHTTPConns {
		p.Line = 5
		fd, peer, err := s.Accept(p.FD)
		if err != 0 {
			break
		}
		d.Conns = append(d.Conns, HTTPConn{FD: fd, Peer: peer, Until: s.Now + a.keepAliveNs})
	}
	for i := range d.Conns {
		c := &d.Conns[i]
		p.Line = 6
		for s.serve(c, &a, p) {
		}
	}
	gone := func(c HTTPConn) bool { return c.FD < 0 }
	if slices.ContainsFunc(d.Conns, gone) {
		d.Conns = slices.DeleteFunc(d.Conns, gone)
	}
	p.Line, p.WakeAt = 4, tcp.Never
	p.Files = p.Files[:0]
	for i := range d.Conns {
		p.Files = append(p.Files, d.Conns[i].FD)
		if d.Conns[i].idle() {
			p.WakeAt = min(p.WakeAt, d.Conns[i].Until)
		}
	}
	return false
}

func (c *HTTPConn) idle() bool { return len(c.Out) == 0 && c.Off == c.Size }

// serve does the next thing for a connection; false if it would block, or is closed.
func (s *Sys) serve(c *HTTPConn, a *httpdArgs, p *Proc) bool {
	switch {
	case c.Chunked && c.Off < c.Size && len(c.Out) < chunkSize:
		c.addChunk(s)
		return true
	case len(c.Out) > 0, !c.Chunked && c.Off < c.Size:
		p.Line = 7
		return s.sendPage(c)
	case c.Close:
		return s.hangUp(c)
	}
	r, n, err := parseRequest(c.In)
	switch {
	case err != nil:
		c.Out, c.Close, c.In = []byte("HTTP/1.1 400 Bad Request\r\nServer: wirelab\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), true, nil
		return true
	case n > 0:
		c.In = append(c.In[:0:0], c.In[n:]...)
		s.respond(c, &r, a)
		return true
	case c.ReadDone || s.Now >= c.Until:
		return s.hangUp(c)
	}
	room := s.scratch[:maxHead+1-len(c.In)]
	got, errno := s.Read(c.FD, room)
	switch {
	case errno == tcp.EAGAIN:
		return false
	case errno != 0:
		return s.hangUp(c)
	case got == 0:
		c.ReadDone = true
	}
	c.In = append(c.In, room[:got]...)
	c.Until = s.Now + a.keepAliveNs
	return true
}

func (s *Sys) hangUp(c *HTTPConn) bool {
	s.Close(c.FD)
	c.FD = -1
	return false
}

// respond writes the head of the answer to a request and begins with its body.
func (s *Sys) respond(c *HTTPConn, r *request, a *httpdArgs) {
	g, found := findPage(r.target)
	status := "200 OK"
	switch {
	case r.method != "GET" && r.method != "HEAD":
		status, g = "501 Not Implemented", page{kind: "text/plain"}
	case !found:
		status = "404 Not Found"
	}
	c.Close, c.Chunked = r.close, g.chunked && r.minor > 0
	out := fmt.Sprintf("HTTP/1.1 %s\r\nDate: %s\r\nServer: wirelab\r\nContent-Type: %s\r\n", status, httpDate(s.Now), g.kind)
	switch {
	case c.Chunked:
		out += "Transfer-Encoding: chunked\r\n"
	case g.chunked: // HTTP/1.0 knows no chunks: the end of the connection is the end of the body
		c.Close = true
	default:
		out += fmt.Sprintf("Content-Length: %d\r\n", g.size)
	}
	if c.Close {
		out += "Connection: close\r\n"
	} else if r.minor == 0 {
		out += "Connection: keep-alive\r\n"
	}
	c.Out = []byte(out + "\r\n")
	c.Path, c.Off, c.Size = r.target, 0, g.size
	if r.method == "HEAD" {
		c.Size = 0
	}
	c.Until = s.Now + a.keepAliveNs
	if !a.quiet {
		s.printf(StyleOut, "%s \"%s %s HTTP/1.%d\" %s %d", c.Peer.Addr, r.method, shown([]byte(r.target)), r.minor, status[:3], g.size)
	}
}

// addChunk puts the next chunk of a body behind what is to be written.
func (c *HTTPConn) addChunk(s *Sys) {
	g, _ := findPage(c.Path)
	n := min(chunkSize, c.Size-c.Off)
	b := s.scratch[:n]
	g.fill(b, c.Off)
	c.Off += n
	c.Out = append(fmt.Appendf(c.Out, "%x\r\n", n), b...)
	if c.Out = append(c.Out, '\r', '\n'); c.Off == c.Size {
		c.Out = append(c.Out, "0\r\n\r\n"...)
	}
}

// sendPage writes what is left of the head and the next piece of the body at once, as writev does: a short
// answer leaves in one segment, and Nagle's algorithm holds no part of it back.
func (s *Sys) sendPage(c *HTTPConn) bool {
	b := s.scratch[:copy(s.scratch[:], c.Out)]
	if !c.Chunked && c.Off < c.Size {
		g, _ := findPage(c.Path)
		n := min(len(s.scratch)-len(b), int(min(c.Size-c.Off, uint64(len(s.scratch)))))
		g.fill(s.scratch[len(b):len(b)+n], c.Off)
		b = s.scratch[:len(b)+n]
	}
	n, err := s.Write(c.FD, b)
	if err != 0 && err != tcp.EAGAIN {
		return s.hangUp(c)
	}
	head := min(n, len(c.Out))
	c.Out = append(c.Out[:0:0], c.Out[head:]...)
	c.Off += uint64(n - head)
	return n > 0
}

// httpDate prints a time as RFC 9110 §5.6.7 wants it.
func httpDate(ns int64) string { return strftime("%a, %d %b %Y %H:%M:%S GMT", ns) }
