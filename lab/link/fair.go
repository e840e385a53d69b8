package link

import (
	"slices"

	"github.com/cespare/xxhash/v2"

	"wirelab/lab/sim"
	"wirelab/stack/wire"
)

// FQ-CoDel (RFC 8290): a CoDel queue for each flow, served in turns; flows that have just begun to
// send go first.

// bucket returns the queue that a frame belongs to, by its addresses, protocol and ports. The seed moves
// collisions about.
func (d *Direction) bucket(env *Env, k dice, e *Entry) uint32 {
	if d.Discipline != UseFQCoDel {
		return 0
	}
	k.ordinal = xxhash.Sum64(flowKey(env.Pool.Data(e.Frame)))
	return uint32(k.throw(sim.Flow) % uint64(orDefault(d.Params.CoDel.Flows, 1024)))
}

// flow returns the queue of a bucket, a new one if there was none.
func (b *Backlog) flow(bucket uint32) *Flow {
	for i := range b.Flows {
		if b.Flows[i].Bucket == bucket {
			return &b.Flows[i]
		}
	}
	b.Flows = append(b.Flows, Flow{Bucket: bucket})
	return &b.Flows[len(b.Flows)-1]
}

// enlist gives a flow that was silent a turn (RFC 8290 §4.1).
func (d *Direction) enlist(f *Flow) {
	b := &d.Backlog
	if !slices.Contains(b.New, f.Bucket) && !slices.Contains(b.Old, f.Bucket) {
		f.Deficit = int32(d.quantum())
		b.New = append(b.New, f.Bucket)
	}
}

func (d *Direction) quantum() uint32 { return orDefault(d.Params.CoDel.Quantum, 1514) }

// dequeueFair takes the next frame by turns (RFC 8290 §4.2).
func (d *Direction) dequeueFair(env *Env) (Entry, bool) {
	b := &d.Backlog
	for len(b.New)+len(b.Old) > 0 {
		list := &b.New
		if len(b.New) == 0 {
			list = &b.Old
		}
		bucket := (*list)[0]
		f := b.flow(bucket)
		if f.Deficit <= 0 {
			f.Deficit += int32(d.quantum())
			*list = slices.Delete(*list, 0, 1)
			b.Old = append(b.Old, bucket)
			continue
		}
		e, ok := d.dequeue(env, f)
		if ok {
			f.Deficit -= int32(e.Bytes)
			return e, true
		}
		fresh := list == &b.New
		*list = slices.Delete(*list, 0, 1)
		if fresh && len(b.Old) > 0 { // so that it cannot jump the queue by falling silent (RFC 8290 §4.2)
			b.Old = append(b.Old, bucket)
		} else {
			d.forgetFlow(env, bucket)
		}
	}
	return Entry{}, false
}

// forgetFlow drops what is remembered of a flow that is silent, unless it was dropped from lately.
func (d *Direction) forgetFlow(env *Env, bucket uint32) {
	b := &d.Backlog
	b.Flows = slices.DeleteFunc(b.Flows, func(f Flow) bool {
		silent := f.Queue.Len() == 0 && !slices.Contains(b.New, f.Bucket) && !slices.Contains(b.Old, f.Bucket)
		return silent && (f.Drops.Count == 0 || env.Now-f.Drops.DropNext >= 16*d.codelInterval())
	})
}

// dropFattest makes room: the flow with the most bytes loses its oldest frame (RFC 8290 §4.1.3).
func (d *Direction) dropFattest(env *Env) {
	b := &d.Backlog
	fattest := &b.Flows[0]
	for i := range b.Flows {
		if b.Flows[i].Bytes > fattest.Bytes {
			fattest = &b.Flows[i]
		}
	}
	e := fattest.Queue.Pop()
	fattest.Bytes -= e.Bytes
	b.Frames--
	b.Bytes -= e.Bytes
	d.drop(env, &e, Dropped)
}

// flowKey returns the bytes of a frame that tell its flow.
func flowKey(frame []byte) []byte {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return nil
	}
	var key []byte
	b := eth.Payload()
	switch {
	case eth.Type() == wire.TypeIPv4 && len(b) >= 24:
		key = append(append(key, b[9]), b[12:20]...)
		if header := int(b[0]&15) * 4; (b[6]&0x1f|b[7]) == 0 && b[6]&0x20 == 0 && len(b) >= header+4 && hasPorts(b[9]) {
			key = append(key, b[header:header+4]...)
		}
	case eth.Type() == wire.TypeIPv6 && len(b) >= 44:
		key = append(append(key, b[6]), b[8:40]...)
		if hasPorts(b[6]) {
			key = append(key, b[40:44]...)
		}
	default:
		key = append(key, frame[:wire.EthernetLen]...)
	}
	return key
}

func hasPorts(protocol byte) bool { return protocol == wire.ProtoTCP || protocol == wire.ProtoUDP }

// marked marks a frame as having met congestion, if the link does that and the frame can be marked
// (RFC 3168 §5): it reports whether it did.
func (d *Direction) marked(env *Env, e *Entry) bool {
	if !d.ECN || !canMark(env.Pool.Data(e.Frame)) {
		return false
	}
	e.Frame = env.Pool.Own(e.Frame)
	mark(env.Pool.Data(e.Frame))
	d.Counters.Marked++
	env.Record.Mark(e.Crossing)
	return true
}

// canMark reports whether both ends understand marks: ECT(0), ECT(1), or marked already.
func canMark(frame []byte) bool {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return false
	}
	switch b := eth.Payload(); {
	case eth.Type() == wire.TypeIPv4 && len(b) >= wire.IPv4Len:
		return b[1]&3 != 0
	case eth.Type() == wire.TypeIPv6 && len(b) >= wire.IPv6Len:
		return b[1]>>4&3 != 0
	}
	return false
}

// Congested reports whether a frame is marked as having met congestion.
func Congested(frame []byte) bool {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return false
	}
	switch b := eth.Payload(); {
	case eth.Type() == wire.TypeIPv4 && len(b) >= wire.IPv4Len:
		return b[1]&3 == 3
	case eth.Type() == wire.TypeIPv6 && len(b) >= wire.IPv6Len:
		return b[1]>>4&3 == 3
	}
	return false
}

// mark sets both bits of ECN and mends the header's checksum (RFC 1624).
func mark(frame []byte) {
	eth, _ := wire.ParseEthernet(frame)
	b := eth.Payload()
	if eth.Type() == wire.TypeIPv6 {
		b[1] |= 0x30
		return
	}
	before := b[1]
	b[1] |= 3
	sum := uint32(^(uint16(b[10])<<8 | uint16(b[11]))) + uint32(^uint16(before)) + uint32(b[1])
	sum = sum&0xffff + sum>>16
	sum = sum&0xffff + sum>>16
	b[10], b[11] = byte(^sum>>8), byte(^sum)
}
