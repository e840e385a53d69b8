package ring

// List is what records are kept in: it grows at the end without moving what
// stands in it. It is not plain state. The zero value is empty.
type List[T any] struct {
	chunks []*[chunk]T
	n      int
}

const chunk = 1024

// Len returns how many elements there are.
func (l *List[T]) Len() int { return l.n }

// At returns element i. The pointer stays good.
func (l *List[T]) At(i int) *T { return &l.chunks[uint(i)/chunk][uint(i)%chunk] }

// Push adds v at the end.
func (l *List[T]) Push(v T) { *l.Grow() = v }

// Grow adds an element at the end, whose contents the caller must write, and
// returns it.
func (l *List[T]) Grow() *T {
	at := uint(l.n)
	if at/chunk == uint(len(l.chunks)) {
		l.chunks = append(l.chunks, new([chunk]T))
	}
	l.n++
	return &l.chunks[at/chunk][at%chunk]
}

// Truncate forgets all but the first n elements.
func (l *List[T]) Truncate(n int) {
	if n < l.n {
		l.n = n
		kept := (n + chunk - 1) / chunk
		clear(l.chunks[kept:])
		l.chunks = l.chunks[:kept]
	}
}
