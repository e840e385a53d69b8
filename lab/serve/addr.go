//go:build !js

package serve

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// listen opens the port of addr, or a free one where that is taken.
func listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the address %q is not HOST:PORT, such as %s", addr, DefaultAddr)
	}
	if n, err := strconv.ParseUint(port, 10, 64); err != nil || n > 65535 {
		return nil, fmt.Errorf("the address %q has the port %q; a port is a number from 1 to 65535, or 0 for any that is free", addr, port)
	}
	network := "tcp"
	if host == "0.0.0.0" {
		network = "tcp4" // or Go listens on IPv6, too
	}
	listener, err := net.Listen(network, addr)
	if err != nil && !errors.Is(err, syscall.EACCES) { // systems disagree about how to say that it is taken
		if free, freeErr := net.Listen(network, net.JoinHostPort(host, "0")); freeErr == nil {
			return free, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %s", addr, whyNot(err, host))
	}
	return listener, nil
}

// whyNot says why an address cannot be listened on, and what to do.
func whyNot(err error, host string) string {
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return fmt.Sprintf("no machine is called %q here; 127.0.0.1 is for this machine alone, 0.0.0.0 for all that reach it", host)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Sprintf("%s is no address of this machine; 0.0.0.0 stands for all that it has", host)
	case errors.Is(err, syscall.EACCES):
		return "this system keeps that port for administrators; take one above 1023, such as 8017"
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	return err.Error()
}

// urls are the addresses to type into a browser. Where the lab is served on all interfaces, those in the network come first, and
// this machine's own is the last one.
func urls(listening net.Addr) []string {
	at := listening.(*net.TCPAddr).AddrPort()
	if !at.Addr().IsUnspecified() {
		return []string{"http://" + netip.AddrPortFrom(at.Addr().Unmap(), at.Port()).String() + "/"}
	}
	var list []string
	for _, a := range append(inNetwork(at.Addr().Is4()), netip.AddrFrom4([4]byte{127, 0, 0, 1})) {
		list = append(list, "http://"+netip.AddrPortFrom(a, at.Port()).String()+"/")
	}
	return list
}

// inNetwork returns the addresses under which other machines reach this one; the one that a default route leads from is the first.
func inNetwork(only4 bool) []netip.Addr {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var list []netip.Addr
	for _, a := range all {
		prefix, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		ip, _ := netip.AddrFromSlice(prefix.IP)
		// A browser takes no zone, so that link-local addresses of IPv6 are of no use.
		if ip = ip.Unmap(); ip.IsGlobalUnicast() && (ip.Is4() || !only4) {
			list = append(list, ip)
		}
	}
	first := routed()
	rank := func(a netip.Addr) int {
		switch {
		case a == first:
			return 0
		case a.Is4():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b netip.Addr) int { return cmp.Compare(rank(a), rank(b)) })
	return slices.Compact(list)
}

// routed returns the address that packets to elsewhere would come from. None is sent.
func routed() netip.Addr {
	c, err := net.Dial("udp4", "192.0.2.1:9") // RFC 5737: nobody has it
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}

// A guard refuses requests for names that are not this server's. A page from elsewhere whose name was made to point here (DNS
// rebinding) would otherwise count as ours in the browser.
type guard struct {
	next  http.Handler
	names map[string]bool
}

// guarded accepts names beside this machine's own.
func guarded(next http.Handler, names ...string) *guard {
	g := &guard{next: next, names: map[string]bool{"localhost": true}}
	if own, err := os.Hostname(); err == nil && own != "" {
		names = append(names, own, own+".local")
		if short, _, dotted := strings.Cut(own, "."); dotted {
			names = append(names, short, short+".local")
		}
	}
	for _, name := range names {
		g.names[canonical(name)] = true
	}
	return g
}

func canonical(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host := hostOf(r.Host); !g.knows(host, r) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.Error(w, fmt.Sprintf("This server is not called %q; open one of the addresses that wirelab serve prints, or start it with --host %s if that name is yours.", host, host), http.StatusMisdirectedRequest)
		return
	}
	g.next.ServeHTTP(w, r)
}

func (g *guard) knows(host string, r *http.Request) bool {
	name := canonical(host)
	if g.names[name] || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() {
		return true
	}
	// The address that this connection came to is ours, also one that the machine got after the start.
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok && at.AddrPort().Addr().Unmap().WithZone("") == ip {
		return true
	}
	return slices.Contains(inNetwork(false), ip)
}

// hostOf cuts the port off.
func hostOf(hostPort string) string {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		return host
	}
	return strings.TrimSuffix(strings.TrimPrefix(hostPort, "["), "]")
}
