package lab

import "wirelab/lab/prog"

// Watch is who looks over a lab's shoulder while it runs, to check what it
// does: it is no state and changes nothing. What it is shown is good only
// during the call.
type Watch struct {
	Sends func(node uint32, frame []byte) // a host hands it to its link
	Takes func(node uint32, frame []byte) // it has reached a host, which looks at it next
	Spy   prog.Spy
	Wrote func(node, pid uint32, record []byte) // tcpdump -w adds a record to its file
}

// Watch shows all that happens from now on to w.
func (l *Lab) Watch(w Watch) {
	l.watch = w
	l.sys.Spy = w.Spy
}
