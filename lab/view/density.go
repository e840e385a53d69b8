package view

// density counts packets along the time line, in at most maxBuckets buckets
// that grow with it.
type density struct {
	unit    float64 // length of a bucket
	buckets []uint32
}

const maxBuckets = 4096

// add counts a packet at a length.
func (d *density) add(at float64) {
	if d.unit == 0 {
		d.unit = 1.0 / 64
	}
	for int(at/d.unit) >= maxBuckets {
		half := d.buckets[:0]
		for i := 0; i < len(d.buckets); i += 2 {
			n := d.buckets[i]
			if i+1 < len(d.buckets) {
				n += d.buckets[i+1]
			}
			half = append(half, n)
		}
		d.buckets = half
		d.unit *= 2
	}
	i := int(at / d.unit)
	for len(d.buckets) <= i {
		d.buckets = append(d.buckets, 0)
	}
	d.buckets[i]++
}

// between returns how many packets lie between two lengths.
func (d *density) between(from, to float64) (n uint32) {
	for i := max(0, int(from/d.unit)); i < len(d.buckets) && float64(i)*d.unit < to; i++ {
		if float64(i)*d.unit >= from {
			n += d.buckets[i]
		}
	}
	return n
}
