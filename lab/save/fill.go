package save

import (
	"reflect"

	"wirelab/lab"
)

// Fill is how much of what a file may hold something takes.
type Fill struct {
	Body, Memory int // bytes
	Branches     int
}

// Plus returns the sum.
func (f Fill) Plus(o Fill) Fill {
	return Fill{f.Body + o.Body, f.Memory + o.Memory, f.Branches + o.Branches}
}

// Percent returns the part of a file that is taken: above 100, Encode and Decode refuse it.
func (f Fill) Percent() int {
	return max(percent(f.Body, maxBody), percent(f.Memory, maxDecoded), percent(f.Branches, MaxBranches))
}

// percent rounds up, so that 101 is too much.
func percent(n, of int) int { return int((int64(n)*100 + int64(of) - 1) / int64(of)) }

// Fill returns how much the file takes.
func (f *File) Fill() Fill {
	doc := f.document()
	body, err := f.encodeBody(doc)
	if err != nil {
		return Fill{Body: maxBody + 1}
	}
	return Fill{Body: len(body), Memory: f.memory(doc), Branches: len(f.Branches)}
}

// CostOf returns what an input adds at most, with so many journal entries; more than one are those of a branch that is kept.
func CostOf(in lab.Input, rows int) Fill {
	const rowBytes, fieldBytes = 40, 10
	t := reflect.TypeOf(in)
	own := int(t.Size()) + memoryOf(reflect.ValueOf(in))
	cost := Fill{Body: rows*rowBytes + own*fieldBytes/8 + 2*fieldBytes, Memory: own + rows*int(reflect.TypeFor[lab.Entry]().Size()+reflect.TypeFor[row]().Size())}
	if rows > 1 {
		cost.Branches = 1
		cost.Memory += int(reflect.TypeFor[branchRows]().Size())
	}
	return cost
}
