// Package ring is a queue in a slice, as plain state: its fields are numbers
// and one slice, so that a lab can clone, hash and save it. Beside it stands
// Packed, for records, which are not state. It imports nothing.
package ring

// Ring is a first-in, first-out queue of T that can also be indexed. The zero
// value is empty. Slots that hold no element are zero.
type Ring[T any] struct {
	Buf  []T // its length is zero or a power of two
	Head uint32
	Size uint32
	Idle uint32 // elements taken out since more than a quarter of Buf was in use
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
func (r *Ring[T]) Push(v T) { *r.Extend() = v }

// Extend adds a zero element at the back and returns it.
func (r *Ring[T]) Extend() *T {
	if int(r.Size) == len(r.Buf) {
		r.resize(max(1, 2*r.Size))
	}
	r.Size++
	return r.Back()
}

// Pop takes the first element out and returns it.
func (r *Ring[T]) Pop() T {
	v := *r.Front()
	r.Drop()
	return v
}

// Drop takes the first element out.
func (r *Ring[T]) Drop() {
	var zero T
	r.Buf[r.Head] = zero
	r.Size--
	if r.Size == 0 {
		r.Head = 0
	} else {
		r.Head = (r.Head + 1) & uint32(len(r.Buf)-1)
	}
	r.settle()
}

// settle gives half of the memory back once it was not needed for a while: not
// at once, since a queue that fills and empties would allocate all the time.
func (r *Ring[T]) settle() {
	n := uint32(len(r.Buf))
	if r.Size > n/4 || n <= 16 {
		r.Idle = 0
	} else if r.Idle++; r.Idle > 4*n {
		r.resize(n / 2)
	}
}

// Insert puts v before element i; i may be Len.
func (r *Ring[T]) Insert(i int, v T) {
	r.Push(v)
	if j := int(r.Size) - 1; j > i {
		for ; j > i; j-- {
			*r.At(j) = *r.At(j - 1)
		}
		*r.At(i) = v
	}
}

// Remove takes element i out.
func (r *Ring[T]) Remove(i int) {
	for ; i+1 < int(r.Size); i++ {
		*r.At(i) = *r.At(i + 1)
	}
	var zero T
	*r.Back() = zero
	r.Size--
	r.settle()
}

// Clear drops all elements and the memory.
func (r *Ring[T]) Clear() { *r = Ring[T]{} }

// resize moves the elements to a buffer of n, which has room for them.
func (r *Ring[T]) resize(n uint32) {
	buf := make([]T, n)
	for i := range int(r.Size) {
		buf[i] = *r.At(i)
	}
	r.Buf, r.Head, r.Idle = buf, 0, 0
}
