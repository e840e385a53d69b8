package prog

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"wirelab/lab/link"
	"wirelab/lab/sim"
)

// tcChange changes what a way has without a discipline into what it has with it, and returns the settings as tc shows them.
type tcChange func(p *link.Params) (words string)

// tcKinds are the disciplines of tc(8) that a link here can do.
var tcKinds = map[string]func(w *tcWords) tcChange{
	"netem": tcNetem, "pfifo": tcPfifo, "bfifo": tcBfifo, "pfifo_fast": tcPfifoFast, "tbf": tcTbf, "fq_codel": tcCodel(link.UseFQCoDel), "codel": tcCodel(link.UseCoDel), "red": tcRed,
}

const tcKindNames = "netem, tbf, pfifo, bfifo, pfifo_fast, fq_codel, codel and red"

// tcWords are the words behind a discipline that are still to be read; err is what was wrong first.
type tcWords struct {
	kind string
	rest []string
	err  error
}

func (w *tcWords) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// next takes the next word.
func (w *tcWords) next() (word string, ok bool) {
	if w.err != nil || len(w.rest) == 0 {
		return "", false
	}
	word, w.rest = w.rest[0], w.rest[1:]
	return word, true
}

// value takes the value of a word.
func (w *tcWords) value() string {
	v, ok := w.next()
	if !ok && w.err == nil {
		w.err = errIncomplete
	}
	return v
}

// maybe takes the next word if it is a number.
func (w *tcWords) maybe() (string, bool) {
	if len(w.rest) == 0 || w.err != nil || !strings.ContainsAny(w.rest[0][:1], "0123456789.") {
		return "", false
	}
	return w.next()
}

func (w *tcWords) time(name string) int64 {
	text := w.value()
	n, ok := tcTime(text)
	if !ok {
		w.fail("Illegal \"%s\": %q is no time up to an hour, such as 10ms", name, text)
	}
	return n
}

func (w *tcWords) share(name string) uint32 {
	text := w.value()
	n, ok := tcShare(text)
	if !ok {
		w.fail("Illegal \"%s percent\": %q is no share up to 100%%", name, text)
	}
	return n
}

func (w *tcWords) number(name string, units []tcUnit) uint64 {
	text := w.value()
	n, ok := tcNumber(text, units, 1000*tcGiga)
	if !ok || n == 0 {
		w.fail("Illegal \"%s\": %q", name, text)
	}
	return n
}

func (w *tcWords) count(name string) uint32 {
	text := w.value()
	n, err := count(text, 1<<31-1)
	if err != nil {
		w.fail("Illegal \"%s\": %q is no whole number from 1 on", name, text)
	}
	return uint32(n)
}

// independent refuses a correlation: here the dice of a frame know nothing of those before.
func (w *tcWords) independent(name string) {
	if c, ok := w.maybe(); ok {
		if n, good := tcShare(c); !good || n > 0 {
			w.fail("the %s of a link here is decided for each frame alone; leave the correlation %s out", name, c)
		}
	}
}

func (w *tcWords) unknown(word string) {
	w.fail("What is \"%s\"? %s does not have it here", word, w.kind)
}

// netem is what the discipline of that name is told.
type netem struct {
	limit                             uint32
	delay, jitter                     int64
	loss, duplicate, reorder, corrupt uint32
	gilbert                           link.GilbertParams
	rate                              uint64
	ecn                               bool
}

func tcNetem(w *tcWords) tcChange {
	var n netem
	for word, ok := w.next(); ok; word, ok = w.next() {
		switch word {
		case "limit":
			n.limit = w.count(word)
		case "delay", "latency":
			n.delay = w.time(word)
			if text, ok := w.maybe(); ok {
				w.rest = append([]string{text}, w.rest...)
				n.jitter = w.time("jitter")
				w.independent("delay")
			}
		case "loss", "drop":
			w.readLoss(&n)
		case "duplicate":
			n.duplicate = w.share(word)
			w.independent(word)
		case "corrupt":
			n.corrupt = w.share(word)
			w.independent(word)
		case "reorder":
			n.reorder = w.share(word)
			w.independent(word)
		case "gap":
			if w.count(word) != 1 {
				w.fail("a link here chooses those that overtake by chance, not by their number: gap 1")
			}
		case "rate":
			n.rate = w.number(word, tcRates)
		case "distribution":
			if d := w.value(); d != "uniform" {
				w.fail("the jitter of a link here is uniform; leave \"distribution %s\" out", d)
			}
		case "ecn":
			w.fail("netem here does not mark what it loses; leave ecn out")
		default:
			w.unknown(word)
		}
	}
	switch {
	case n.reorder > 0 && n.delay == 0:
		w.fail("reordering not possible without specifying some delay")
	case n.reorder > 0 && n.jitter > 0:
		w.fail("a link here either reorders or varies its delay; leave reorder or the jitter out")
	case n.jitter > n.delay:
		w.fail("a jitter of %s would make the delay of %s less than nothing; give it at most the delay", tcTimeText(n.jitter), tcTimeText(n.delay))
	}
	return n.apply
}

func (w *tcWords) readLoss(n *netem) {
	model := ""
	if len(w.rest) > 0 && !strings.ContainsAny(w.rest[0][:1], "0123456789.") {
		model, _ = w.next()
	}
	switch model {
	case "", "random":
		n.loss = w.share("loss")
		w.independent("loss")
	case "gemodel":
		g := &n.gilbert
		g.ToBadPPM = w.share("loss gemodel p")
		g.ToGoodPPM, g.LossPPM = sim.Million-g.ToBadPPM, sim.Million
		for i, to := range []*uint32{&g.ToGoodPPM, &g.LossPPM, &n.loss} {
			text, ok := w.maybe()
			if !ok {
				return
			}
			if *to, ok = tcShare(text); !ok {
				w.fail("Illegal \"loss gemodel %s\"", []string{"r", "1-h", "1-k"}[i])
			}
		}
		if g.LossPPM == 0 {
			w.fail("with 1-h at 0%% the bad state loses nothing; use loss random")
		}
	default:
		w.fail("a link here loses at random or by gemodel, not by \"%s\"", model)
	}
}

// either is the chance that one of two things happens, or both.
func either(a, b uint32) uint32 {
	return uint32(sim.Million - uint64(sim.Million-a)*uint64(sim.Million-b)/sim.Million)
}

// apply puts netem in front of the way: what it does comes on top of what the way does. Of its jitter netem says how far the
// delay goes up and down, a link how far it goes up.
func (n *netem) apply(p *link.Params) string {
	if n.limit == 0 {
		if n.limit = p.QueuePackets; n.limit == 0 {
			n.limit = 1000
		}
	}
	p.Discipline, p.QueuePackets, p.ECN = link.UseDropTail, n.limit, false
	if n.rate > 0 && (p.BitsPerSecond == 0 || n.rate < p.BitsPerSecond) {
		p.BitsPerSecond = n.rate
	}
	if n.reorder > 0 { // those that do not wait for the delay overtake the others
		p.ReorderPPM, p.ReorderNs = sim.Million-n.reorder, n.delay
	} else {
		p.DelayNs += n.delay - n.jitter
		p.JitterNs += 2 * n.jitter
	}
	p.DuplicatePPM, p.CorruptPPM = either(p.DuplicatePPM, n.duplicate), either(p.CorruptPPM, n.corrupt)
	p.LossPPM = either(p.LossPPM, n.loss)
	if n.gilbert.ToBadPPM > 0 {
		p.Gilbert = n.gilbert
	}
	return n.words()
}

func (n *netem) words() string {
	words := fmt.Sprintf("limit %d", n.limit)
	if n.delay > 0 {
		words += " delay " + tcTimeText(n.delay)
		if n.jitter > 0 {
			words += "  " + tcTimeText(n.jitter)
		}
	}
	if g := &n.gilbert; g.ToBadPPM > 0 {
		words += fmt.Sprintf(" loss gemodel p %s r %s 1-h %s 1-k %s", tcShareText(g.ToBadPPM), tcShareText(g.ToGoodPPM), tcShareText(g.LossPPM), tcShareText(n.loss))
	} else if n.loss > 0 {
		words += " loss " + tcShareText(n.loss)
	}
	for _, part := range []struct {
		name string
		ppm  uint32
	}{{"duplicate", n.duplicate}, {"reorder", n.reorder}, {"corrupt", n.corrupt}} {
		if part.ppm > 0 {
			words += " " + part.name + " " + tcShareText(part.ppm)
		}
	}
	if n.rate > 0 {
		words += " rate " + tcRateText(n.rate)
	}
	if n.reorder > 0 {
		words += " gap 1"
	}
	return words
}

func tcPfifo(w *tcWords) tcChange {
	limit := w.onlyLimit(nil)
	return func(p *link.Params) string {
		n := uint32(limit)
		if n == 0 {
			if n = p.QueuePackets; n == 0 {
				n = 1000
			}
		}
		p.Discipline, p.QueuePackets, p.QueueBytes, p.ECN = link.UseDropTail, n, 0, false
		return fmt.Sprintf("limit %dp", n)
	}
}

func tcBfifo(w *tcWords) tcChange {
	limit := w.onlyLimit(tcSizes)
	return func(p *link.Params) string {
		n := limit
		if n == 0 {
			n = 1000 * 1514
		}
		p.Discipline, p.QueuePackets, p.QueueBytes, p.ECN = link.UseDropTail, 0, uint32(n), false
		return "limit " + tcSizeText(n)
	}
}

// onlyLimit reads the options of a queue that knows "limit N" alone: N counts packets, or bytes if units are given.
func (w *tcWords) onlyLimit(units []tcUnit) (limit uint64) {
	for word, ok := w.next(); ok; word, ok = w.next() {
		switch {
		case word != "limit":
			w.unknown(word)
		case units == nil:
			limit = uint64(w.count(word))
		default:
			limit = w.number(word, units)
		}
	}
	return limit
}

const priomap = "bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1"

func tcPfifoFast(w *tcWords) tcChange {
	if word, ok := w.next(); ok {
		w.unknown(word)
	}
	return func(p *link.Params) string {
		p.Discipline, p.QueueBytes, p.ECN = link.UseDropTail, 0, false
		return priomap
	}
}

const largestBurst = 2048 // a bucket of one frame

func tcTbf(w *tcWords) tcChange {
	var rate, burst, limit uint64
	var latency int64
	for word, ok := w.next(); ok; word, ok = w.next() {
		switch word {
		case "rate":
			rate = w.number(word, tcRates)
		case "burst", "buffer", "maxburst":
			burst = w.number(word, tcSizes)
		case "limit":
			limit = w.number(word, tcSizes)
		case "latency":
			latency = w.time(word)
		default:
			w.unknown(word)
		}
	}
	switch {
	case rate == 0:
		w.fail("tbf: the \"rate\" parameter is mandatory.")
	case burst == 0:
		w.fail("tbf: the \"burst\" parameter is mandatory.")
	case limit == 0 && latency == 0:
		w.fail("tbf: either \"limit\" or \"latency\" is required.")
	case limit > 0 && latency > 0:
		w.fail("tbf: only one of \"limit\" and \"latency\" can be given.")
	case burst > largestBurst:
		w.fail("a link here sends at its rate from the first bit on, so the bucket holds one frame: burst %d at most, not %s", largestBurst, tcSizeText(burst))
	}
	return func(p *link.Params) string {
		if limit == 0 {
			limit = rate/8*uint64(latency)/1_000_000_000 + burst
		}
		if p.BitsPerSecond == 0 || rate < p.BitsPerSecond {
			p.BitsPerSecond = rate
		}
		p.Discipline, p.QueuePackets, p.QueueBytes = link.UseDropTail, 0, uint32(min(limit, 1<<31))
		high, low := bits.Mul64(limit-min(limit, burst), 8*tcGiga)
		late, _ := bits.Div64(high%rate, low, rate)
		return fmt.Sprintf("rate %s burst %s lat %s ", tcRateText(rate), tcSizeText(burst), tcTimeText(int64(late)))
	}
}

func tcCodel(d link.Discipline) func(w *tcWords) tcChange {
	return func(w *tcWords) tcChange {
		var limit uint32
		var c link.CoDelParams
		ecn := d == link.UseFQCoDel // Linux marks there unless told not to
		for word, ok := w.next(); ok; word, ok = w.next() {
			switch {
			case word == "limit":
				limit = w.count(word)
			case word == "target":
				c.TargetNs = w.time(word)
			case word == "interval":
				c.IntervalNs = w.time(word)
			case word == "ecn" || word == "noecn":
				ecn = word == "ecn"
			case word == "flows" && d == link.UseFQCoDel:
				c.Flows = w.count(word)
			case word == "quantum" && d == link.UseFQCoDel:
				c.Quantum = w.count(word)
			default:
				w.unknown(word)
			}
		}
		return func(p *link.Params) string {
			if limit == 0 {
				if limit = 1000; d == link.UseFQCoDel {
					limit = 10240
				}
			}
			p.Discipline, p.QueuePackets, p.QueueBytes, p.ECN, p.CoDel = d, limit, 0, ecn, c
			return disciplineWords(p)
		}
	}
}

func tcRed(w *tcWords) tcChange {
	var limit, low, high, avpkt uint64 = 0, 0, 0, 1000
	var most uint32
	ecn := false
	for word, ok := w.next(); ok; word, ok = w.next() {
		switch word {
		case "limit":
			limit = w.number(word, tcSizes)
		case "min":
			low = w.number(word, tcSizes)
		case "max":
			high = w.number(word, tcSizes)
		case "avpkt":
			avpkt = w.number(word, tcSizes)
		case "probability":
			text := w.value()
			n, ok := tcNumber(text, []tcUnit{{"", sim.Million}}, sim.Million)
			if most = uint32(n); !ok {
				w.fail("Illegal \"probability\": %q is none from 0 to 1", text)
			}
		case "ecn":
			ecn = true
		default:
			w.unknown(word)
		}
	}
	if w.err == nil && (limit == 0 || low == 0 || high == 0) {
		w.err = errors.New("RED: Required parameter (limit, min, max) is missing; they are in bytes")
	}
	if w.err == nil && (low%avpkt != 0 || high%avpkt != 0) {
		w.fail("RED here counts packets, so min and max are multiples of avpkt, which is %d bytes", avpkt)
	}
	return func(p *link.Params) string {
		p.Discipline, p.QueuePackets, p.QueueBytes, p.ECN = link.UseRED, 0, uint32(min(limit, 1<<31)), ecn
		p.RED = link.REDParams{MinPackets: uint32(low / avpkt), MaxPackets: uint32(high / avpkt), MaxPPM: most}
		words := fmt.Sprintf("limit %s min %s max %s ", tcSizeText(limit), tcSizeText(low), tcSizeText(high))
		if ecn {
			words += "ecn "
		}
		return words
	}
}
