package drill

import (
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// address reads a sockaddr, or returns the usual one for ... and nothing.
func (r *runner) address(k *Call, at int, usual tcp.Endpoint) (tcp.Endpoint, error) {
	if at >= len(k.Args) || k.Args[at].Kind == Ellipsis {
		return usual, nil
	}
	e := &k.Args[at]
	if e.Kind != Struct {
		return usual, cannot(e.Line, "an address that is neither ... nor {sa_family=…}")
	}
	if f := e.field("sa_family"); f != nil && f.Kind != Ellipsis {
		if v, err := f.number(); err != nil || v != symbols["AF_INET"] && v != symbols["AF_INET6"] {
			return usual, orCannot(err, e.Line, "addresses of a family other than AF_INET and AF_INET6")
		}
	}
	for _, name := range []string{"sin_port", "sin6_port"} {
		if f := e.field(name); f != nil && f.Kind != Ellipsis {
			v, err := f.number()
			if err != nil {
				return usual, err
			}
			usual.Port = uint16(v)
		}
	}
	for _, name := range []string{"sin_addr", "sin6_addr"} {
		if f := e.field(name); f != nil && f.Kind != Ellipsis {
			if err := f.addr(&usual.Addr); err != nil {
				return usual, err
			}
		}
	}
	for i := range e.List { // inet_pton(AF_INET6, "…", &sin6_addr) stands there without a name
		if err := e.List[i].addr(&usual.Addr); err != nil {
			return usual, err
		}
	}
	return usual, nil
}

// addr reads inet_addr("192.0.2.1"), or inet_pton with a family in front.
func (e *Expr) addr(to *wire.Addr) error {
	text := ""
	for i := range e.List {
		if e.List[i].Kind == String {
			text = e.List[i].Text
		}
	}
	if e.Kind != Apply || e.Text != "inet_addr" && e.Text != "inet_pton" || text == "" {
		return cannot(e.Line, "an address that is neither inet_addr(\"…\") nor inet_pton(…, \"…\")")
	}
	a, err := wire.ParseAddr(text)
	if err != nil || e.Text == "inet_addr" && !a.Is4() {
		return cannot(e.Line, "the address %q", text)
	}
	*to = a
	return nil
}
