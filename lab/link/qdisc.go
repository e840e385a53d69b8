package link

// Qdisc is what a program put in front of the way with tc(8).
type Qdisc struct {
	Kind   string // netem, pfifo …; empty: nothing
	Words  string // its settings, as tc shows them
	Handle uint32 // its major number
	Given  uint32 // how many numbers were given away
	Before Params // what the way had without it
	With   Params // and has with it
}

// keepQdisc forgets the discipline if somebody gives the way other parameters than those it had with it.
func (q *Qdisc) keepQdisc(p *Params) {
	if q.Kind != "" && *p != q.With {
		*q = Qdisc{Given: q.Given}
	}
}
