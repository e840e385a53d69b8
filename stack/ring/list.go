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

// Grow adds a zero element at the end and returns it.
func (l *List[T]) Grow() *T {
	at := uint(l.n)
	if at/chunk == uint(len(l.chunks)) {
		l.reserve()
	}
	l.n++
	return &l.chunks[at/chunk][at%chunk]
}

// reserve adds a quarter of what there is at once: under wasm each time that
// memory grows costs milliseconds.
func (l *List[T]) reserve() {
	for room := make([]T, chunk*(1+len(l.chunks)/4)); len(room) > 0; room = room[chunk:] {
		l.chunks = append(l.chunks, (*[chunk]T)(room))
	}
}

// Truncate forgets all but the first n elements.
func (l *List[T]) Truncate(n int) {
	if n >= l.n {
		return
	}
	l.n = n
	kept := (n + chunk - 1) / chunk
	clear(l.chunks[kept:])
	l.chunks = l.chunks[:kept]
	if n%chunk > 0 {
		clear(l.chunks[kept-1][n%chunk:])
	}
}
