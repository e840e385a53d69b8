package drill

import (
	"slices"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Names of the fields of sockaddr_in and sockaddr_in6, by what they are.
var (
	familyFields = []string{"sa_family", "sin_family", "sin6_family"}
	portFields   = []string{"sin_port", "sin6_port"}
	addrFields   = []string{"sin_addr", "sin6_addr"}
	zeroFields   = []string{"sin6_flowinfo", "sin6_scope_id"} // for addresses of a link, which no script has
)

// sockaddr is an address as a call gives it.
type sockaddr struct {
	tcp.Endpoint
	unspec bool // AF_UNSPEC: connect() then gives the connection up
	six    bool // sockaddr_in6
	short  bool // the length that stands behind it does not hold it
}

// address reads a sockaddr, or returns the usual one for ... and nothing.
func address(e *Expr, usual tcp.Endpoint) (a sockaddr, err error) {
	a.Endpoint = usual
	if e == nil || e.Kind == Ellipsis {
		return a, nil
	}
	if e = only(e); e.Kind != Struct {
		return a, cannot(e.Line, "an address that is neither ... nor {sa_family=…}")
	}
	family := symbols["AF_INET"]
	for i := range e.Fields {
		f := &e.Fields[i]
		if f.Value.Kind == Ellipsis {
			continue
		}
		v := int64(0)
		switch {
		case slices.Contains(familyFields, f.Name):
			family, err = f.Value.number()
			a.unspec, a.six = family == symbols["AF_UNSPEC"], family == symbols["AF_INET6"]
			if err == nil && !a.unspec && family != symbols["AF_INET"] && family != symbols["AF_INET6"] {
				err = cannot(e.Line, "addresses of a family other than AF_INET and AF_INET6")
			}
		case slices.Contains(portFields, f.Name):
			v, err = f.Value.number()
			a.Port = uint16(v)
		case slices.Contains(addrFields, f.Name):
			err = f.Value.addr(&a.Addr)
		case slices.Contains(zeroFields, f.Name):
			if v, err = f.Value.number(); err == nil && v != 0 {
				err = cannot(e.Line, "an address with %s=%s", f.Name, f.Value)
			}
		default:
			err = cannot(e.Line, "the field %s of an address", f.Name)
		}
		if err != nil {
			return a, err
		}
	}
	for i := range e.List { // inet_pton(AF_INET6, "…", &sin6_addr) stands there without a name
		if err := e.List[i].addr(&a.Addr); err != nil {
			return a, err
		}
	}
	return a, nil
}

// addressAt reads the address that is argument at of a call, and the length that stands behind it.
func (k *Call) addressAt(at int, usual tcp.Endpoint) (a sockaddr, err error) {
	if at >= len(k.Args) {
		return address(nil, usual)
	}
	if a, err = address(&k.Args[at], usual); err != nil || at+1 >= len(k.Args) || k.Args[at+1].Kind == Ellipsis {
		return a, err
	}
	n, err := k.Args[at+1].number()
	least := int64(16) // struct sockaddr_in; of sockaddr_in6 what RFC 2133 had
	if a.six {
		least = 24
	}
	if a.unspec {
		least = 2
	}
	a.short = k.Args[at].Kind == Struct && n < least
	return a, err
}

// addr reads inet_addr("192.0.2.1"), or inet_pton with a family in front, or INADDR_ANY and the like.
func (e *Expr) addr(to *wire.Addr) error {
	text := ""
	for i := range e.List {
		if e.List[i].Kind == String {
			text = e.List[i].Text
		}
	}
	if e.Kind == Word && e.Text == "INADDR_ANY" || e.Kind == Apply && e.Text == "htonl" && len(e.List) == 1 && e.List[0].Text == "INADDR_ANY" {
		*to = wire.Addr{}
		return nil
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

// supplied refuses an argument that the runner supplies, or that would have to be compared with what a
// call stores there: it is ..., NULL, or nothing.
func (k *Call) supplied(at ...int) error {
	for _, i := range at {
		if i >= len(k.Args) {
			continue
		}
		e := only(&k.Args[i])
		if v, err := e.number(); e.Kind != Ellipsis && !(e.Kind == List && len(e.List) == 0) && (err != nil || v != 0) {
			return cannot(e.Line, "%s() with %s in the place of ...", k.Name, k.Args[i])
		}
	}
	return nil
}
