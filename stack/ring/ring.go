// Package ring is a queue in a slice, as plain state: its fields are numbers
// and one slice, so that a lab can clone, hash and save it. It imports nothing.
package ring

// Ring is a first-in, first-out queue of T that can also be indexed. The zero
// value is empty. Slots that hold no element are zero.
type Ring[T any] struct {
	Buf  []T // its length is zero or a power of two
	Head uint32
	Size uint32
}

// Len returns how many elements are queued.
func (r *Ring[T]) Len() int { return int(r.Size) }

// At returns element i, counted from the front. The pointer is good until the
// next Push.
func (r *Ring[T]) At(i int) *T { return &r.Buf[(r.Head+uint32(i))&uint32(len(r.Buf)-1)] }

// Front returns the first element; Back the last.
func (r *Ring[T]) Front() *T { return &r.Buf[r.Head] }

// Back returns the last element.
func (r *Ring[T]) Back() *T { return r.At(int(r.Size) - 1) }

// Push adds v at the back.
func (r *Ring[T]) Push(v T) {
	if int(r.Size) == len(r.Buf) {
		r.grow()
	}
	r.Size++
	*r.Back() = v
}

// Pop takes the first element out.
func (r *Ring[T]) Pop() T {
	var zero T
	v := r.Buf[r.Head]
	r.Buf[r.Head] = zero
	r.Size--
	if r.Size == 0 {
		r.Head = 0
	} else {
		r.Head = (r.Head + 1) & uint32(len(r.Buf)-1)
	}
	return v
}

// Insert puts v before element i; i may be Len.
func (r *Ring[T]) Insert(i int, v T) {
	r.Push(v)
	for j := int(r.Size) - 1; j > i; j-- {
		*r.At(j) = *r.At(j - 1)
	}
	*r.At(i) = v
}

// Remove takes element i out.
func (r *Ring[T]) Remove(i int) {
	for ; i+1 < int(r.Size); i++ {
		*r.At(i) = *r.At(i + 1)
	}
	var zero T
	*r.Back() = zero
	r.Size--
}

// Clear drops all elements and the memory.
func (r *Ring[T]) Clear() { *r = Ring[T]{} }

func (r *Ring[T]) grow() {
	buf := make([]T, max(4, 2*len(r.Buf)))
	for i := range int(r.Size) {
		buf[i] = *r.At(i)
	}
	r.Buf, r.Head = buf, 0
}
