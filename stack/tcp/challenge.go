package tcp

// Challenges are how many challenge ACKs a host may still send in this second, over all its
// connections (RFC 5961 §7).
type Challenges struct {
	Second int64
	Left   uint32
	Key    uint64
}

// take reports whether one more may go. How many may is different each second, around limit, so that a
// stranger learns nothing from counting what is left (CVE-2016-5696; Linux).
func (k *Challenges) take(now int64, limit uint32) bool {
	if limit == unlimited {
		return true
	}
	if second := now / secondNs; k.Second != second {
		k.Second = second
		half := (limit + 1) / 2
		dice := (k.Key ^ uint64(second)) * 0x9e3779b97f4a7c15
		k.Left = half + uint32((dice^dice>>32)%uint64(max(limit, 1)))
	}
	if k.Left == 0 {
		return false
	}
	k.Left--
	return true
}
