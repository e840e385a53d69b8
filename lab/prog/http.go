package prog

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// HTTP/1.1 as far as httpd, curl and browser need it (RFC 9112): heads, and bodies of a known length,
// in chunks, or up to the end of the connection.

const (
	maxHead  = 16 << 10 // bytes of a request or the head of a response
	httpPort = 80
)

// request is the head of a request.
type request struct {
	method, target string
	minor          uint8 // HTTP/1.minor
	close          bool  // the connection, after the answer
}

// headEnd returns the length of a head up to and with its empty line, or -1 if that is not here yet. A line may
// end in LF alone (RFC 9112 §2.2), as people type it.
func headEnd(b []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(b[at:], '\n')
		if n < 0 {
			return -1
		}
		at += n + 1
		if n == 0 || n == 1 && b[at-2] == '\r' {
			return at
		}
	}
}

// headLines returns the lines of a head without their ends and without the empty one.
func headLines(head []byte) []string {
	text := strings.ReplaceAll(string(head), "\r\n", "\n")
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}

// parseRequest reads a request off the front of b; n is its length, zero if there is more to come.
func parseRequest(b []byte) (r request, n int, err error) {
	skip := len(b) - len(bytes.TrimLeft(b, "\r\n")) // RFC 9112 §2.2
	end := headEnd(b[skip:])
	if end < 0 {
		if len(b) > maxHead {
			err = errors.New("the request is too long")
		}
		return r, 0, err
	}
	n = skip + end
	lines := headLines(b[skip:n])
	words := strings.Split(lines[0], " ")
	if len(words) != 3 || words[0] == "" || !strings.HasPrefix(words[1], "/") || len(words[2]) != 8 || !strings.HasPrefix(words[2], "HTTP/1.") {
		return r, n, errors.New("that is no request")
	}
	r = request{method: words[0], target: words[1], minor: words[2][7] - '0'}
	r.close = r.minor == 0
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t") { // RFC 9112 §5.1
			return r, n, errors.New("that is no header")
		}
		if strings.EqualFold(name, "Connection") {
			switch strings.ToLower(strings.TrimSpace(value)) {
			case "close":
				r.close = true
			case "keep-alive":
				r.close = false
			}
		}
	}
	return r, n, nil
}

// Stages of a response that is being read.
const (
	readHead uint8 = iota
	readBody
	readChunkSize
	readChunk
	readChunkEnd
	readTrailer
	readToEnd
	readDone
)

// Response is a response, as far as it is read.
type Response struct {
	Stage         uint8
	Minor         uint8
	Status        uint16
	Close, NoBody bool
	Chunked       bool
	Length        int64  // as announced; -1: not
	Left          uint64 // of the body or chunk
	Got           uint64 // of the body
	Line          []byte // the head, or a line, as far as it is here
	Head          []byte // once it is complete
}

var errHTTP = errors.New("Received HTTP/0.9 when not allowed")

// feed takes bytes of a connection and returns how many it used, and the piece of the body among them. It
// stops behind the head and at the end.
func (r *Response) feed(b []byte) (used int, body []byte, err error) {
	switch r.Stage {
	case readHead:
		at := len(r.Line)
		r.Line = append(r.Line, b...)
		end := headEnd(r.Line)
		switch {
		case end >= 0:
			r.Head, r.Line = r.Line[:end], nil
			return len(r.Head) - at, nil, r.head()
		case len(r.Line) > maxHead, len(r.Line) >= 5 && string(r.Line[:5]) != "HTTP/":
			return len(b), nil, errHTTP
		}
		return len(b), nil, nil
	case readBody, readChunk:
		n := int(min(uint64(len(b)), r.Left))
		r.Left -= uint64(n)
		r.Got += uint64(n)
		if r.Left == 0 {
			if r.Stage++; r.Stage == readChunkSize {
				r.Stage = readDone
			}
		}
		return n, b[:n], nil
	case readChunkSize, readChunkEnd, readTrailer:
		return r.feedLine(b)
	case readToEnd:
		r.Got += uint64(len(b))
		return len(b), b, nil
	}
	return 0, nil, nil
}

// feedLine takes bytes up to the end of a line between chunks (RFC 9112 §7.1).
func (r *Response) feedLine(b []byte) (used int, body []byte, err error) {
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		if r.Line = append(r.Line, b...); len(r.Line) > maxHead {
			return len(b), nil, errors.New("Illegal or missing hexadecimal sequence in chunked-encoding")
		}
		return len(b), nil, nil
	}
	r.Line = append(r.Line, b[:end]...)
	line := strings.TrimSpace(string(r.Line))
	r.Line = r.Line[:0]
	switch {
	case r.Stage == readChunkEnd:
		r.Stage = readChunkSize
	case r.Stage == readTrailer && line == "":
		r.Stage = readDone
	case r.Stage == readChunkSize:
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 48)
		if err != nil {
			return end + 1, nil, errors.New("Illegal or missing hexadecimal sequence in chunked-encoding")
		}
		if r.Left, r.Stage = n, readChunk; n == 0 {
			r.Stage = readTrailer
		}
	}
	return end + 1, nil, nil
}

// head reads the head that is now complete, and finds how the body ends (RFC 9112 §6.3).
func (r *Response) head() error {
	lines := headLines(r.Head)
	words := strings.SplitN(lines[0], " ", 3)
	if len(words) < 2 || len(words[0]) != 8 || !strings.HasPrefix(words[0], "HTTP/1.") {
		return errHTTP
	}
	status, err := strconv.ParseUint(words[1], 10, 16)
	if err != nil || status < 100 || status > 999 {
		return errHTTP
	}
	r.Status, r.Minor, r.Length = uint16(status), words[0][7]-'0', -1
	r.Close = r.Minor == 0
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		value = strings.ToLower(strings.TrimSpace(value))
		switch strings.ToLower(name) {
		case "content-length":
			n, err := strconv.ParseUint(value, 10, 48)
			if err != nil {
				return errors.New("Invalid Content-Length: value")
			}
			r.Length = int64(n)
		case "transfer-encoding":
			r.Chunked = value == "chunked"
		case "connection":
			r.Close = value == "close" || r.Minor == 0 && value != "keep-alive"
		}
	}
	switch {
	case r.NoBody || r.Status < 200 || r.Status == 204 || r.Status == 304:
		r.Stage = readDone
	case r.Chunked:
		r.Stage = readChunkSize
	case r.Length > 0:
		r.Stage, r.Left = readBody, uint64(r.Length)
	case r.Length == 0:
		r.Stage = readDone
	default:
		r.Stage, r.Close = readToEnd, true
	}
	return nil
}

// ended reports whether the response may end where the connection does.
func (r *Response) ended() bool { return r.Stage == readDone || r.Stage == readToEnd }

// url is http://host:port/path.
type url struct {
	host string
	port uint16
	path string
}

// parseURL reads an address of the web; http:// and the path may be missing.
func parseURL(text string) (u url, err error) {
	rest, schemed := strings.CutPrefix(text, "http://")
	if !schemed && strings.Contains(text, "://") {
		return u, fmt.Errorf("%q is not an address such as http://server/; other protocols are not spoken here", text)
	}
	u.port = httpPort
	at := strings.IndexByte(rest, '/')
	if u.path = "/"; at >= 0 {
		rest, u.path = rest[:at], rest[at:]
	}
	if strings.ContainsAny(u.path, " \t\r\n") {
		return u, fmt.Errorf("%q has blanks in its path", text)
	}
	u.path, _, _ = strings.Cut(u.path, "#")
	if strings.HasPrefix(rest, "[") { // [2001:db8::1]:80
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return u, fmt.Errorf("%q lacks a bracket", text)
		}
		u.host, rest = rest[1:end], rest[end+1:]
	} else if at := strings.IndexByte(rest, ':'); at >= 0 {
		u.host, rest = rest[:at], rest[at:]
	} else {
		u.host, rest = rest, ""
	}
	if rest != "" {
		if u.port, err = port(strings.TrimPrefix(rest, ":")); err != nil {
			return u, err
		}
	}
	return u, checkHost(u.host)
}

// name is the value of the header Host.
func (u *url) name() string {
	host := u.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.port != httpPort {
		host += ":" + portText(u.port)
	}
	return host
}
