package view

import "wirelab/lab/ui"

// rooms remembers what stands where on the stage in a frame, so that no words are put upon others. It looks only at the rows that
// something touches: there may be a thousand packets.
type rooms struct {
	top, height float32 // of the first row; all are of this height
	rows        [][]ui.Rect
}

// clear makes all of an area free, with rows of about the height of what will stand there.
func (x *rooms) clear(area ui.Rect, height float32) {
	x.top, x.height = area.Y, max(height, 1)
	for i := range x.rows {
		x.rows[i] = x.rows[i][:0]
	}
	for n := int(area.H/x.height) + 1; len(x.rows) < n; {
		x.rows = append(x.rows, nil)
	}
}

// span returns the rows that a rectangle touches; what is outside of the area counts as in the row next to it.
func (x *rooms) span(r ui.Rect) (from, to int) {
	row := func(y float32) int { return min(max(int((y-x.top)/x.height), 0), len(x.rows)-1) }
	return row(r.Y), row(r.Bottom())
}

// take notes that something stands in r.
func (x *rooms) take(r ui.Rect) {
	for i, to := x.span(r); i <= to; i++ {
		x.rows[i] = append(x.rows[i], r)
	}
}

// taken says whether something stands in r.
func (x *rooms) taken(r ui.Rect) bool {
	right, bottom := r.Right(), r.Bottom()
	for i, to := x.span(r); i <= to; i++ {
		for j := range x.rows[i] {
			if o := &x.rows[i][j]; o.X < right && r.X < o.X+o.W && o.Y < bottom && r.Y < o.Y+o.H {
				return true
			}
		}
	}
	return false
}
