// Package sim is what all of a simulation's randomness comes from: a keyed hash
// of who asks, what for, and how often it was asked before. Turning one kind of
// fault on does not move the dice of another, so the same faults meet whatever
// is being compared. It imports nothing of the project; the event queue is timer.Queue.
package sim

import "math/bits"

// Purpose keeps the dice of one question apart from those of another.
type Purpose uint8

// What dice are thrown for.
const (
	Loss Purpose = iota + 1
	Duplicate
	Jitter
	Corrupt
	Reorder
	Early   // random early detection
	Gilbert // the state of a wire
	Flow    // the queue of a flow
	Rule    // somebody's rule for packets
)

// Million is the scale of probabilities: they are counted in parts per million.
const Million = 1_000_000

// Dice returns 64 random bits for the n-th question of a purpose on one
// direction of a link.
func Dice(seed uint64, link uint32, direction uint8, p Purpose, n uint64) uint64 {
	x := mix(seed + 0x9e3779b97f4a7c15*(uint64(link)<<16|uint64(direction)<<8|uint64(p)))
	return mix(x ^ n*0xd1342543de82ef95)
}

// Happens reports whether an event of probability ppm in a million happens.
func Happens(dice uint64, ppm uint32) bool {
	return dice>>32*Million>>32 < uint64(ppm)
}

// Upto returns a number from 0 to most, all as likely as each other.
func Upto(dice, most uint64) uint64 {
	n, _ := bits.Mul64(dice, most+1)
	return n
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
