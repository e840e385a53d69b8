package save

import (
	"reflect"

	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
	"wirelab/stack/problem"
)

// In a file each input stands once, in a table; journals of the lab and of its branches are rows that point there. A branch names
// another journal that begins as it does, and has only the rest.

// row is a journal entry: an input and its place. Times and events are counted from the row before.
type row struct {
	Input  uint32 // in the table
	TimeNs int64
	Order  uint64
	Events int64
}

// branchRows is a branch.
type branchRows struct {
	Name   string
	At     lab.Position
	Parent uint32 // the journal that begins as this one does: 0 the lab's, n that of branch n, counted from 1
	Shared uint32 // as many entries of it
	Rows   []row
}

// table numbers inputs.
type table struct {
	inputs []lab.Input
	number map[lab.Input]uint32
}

func (t *table) rows(journal []lab.Entry, from int) []row {
	rows := make([]row, 0, len(journal)-from)
	var before lab.Position
	if from > 0 {
		before = journal[from-1].At
	}
	for _, e := range journal[from:] {
		n, ok := t.number[e.Input]
		if !ok {
			n = uint32(len(t.inputs))
			t.number[e.Input] = n
			t.inputs = append(t.inputs, e.Input)
		}
		rows = append(rows, row{n, e.At.TimeNs - before.TimeNs, e.At.Order, int64(e.At.Events - before.Events)})
		before = e.At
	}
	return rows
}

// branchRows returns the branches as rows. Each is compared with the lab's journal and with the branch before it.
func (f *File) branchRows(t *table) []branchRows {
	all := make([]branchRows, len(f.Branches))
	for i := range f.Branches {
		b := &f.Branches[i]
		parent, shared := 0, sharedEntries(f.Journal, b.Journal)
		if i > 0 {
			if n := sharedEntries(f.Branches[i-1].Journal, b.Journal); n > shared {
				parent, shared = i, n
			}
		}
		all[i] = branchRows{b.Name, b.At, uint32(parent), uint32(shared), t.rows(b.Journal, shared)}
	}
	return all
}

// sharedEntries returns how many entries two journals have in common from the start.
func sharedEntries(a, b []lab.Entry) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// entries appends what rows say to the beginning of a journal. Several branches may share that: it is copied.
func (d *decoder) entries(begin []lab.Entry, rows []row, inputs []lab.Input) ([]lab.Entry, error) {
	if err := d.spend(len(begin)+len(rows), reflect.TypeFor[lab.Entry]().Size()); err != nil {
		return nil, err
	}
	journal := make([]lab.Entry, len(begin), len(begin)+len(rows))
	copy(journal, begin)
	var at lab.Position
	if len(begin) > 0 {
		at = begin[len(begin)-1].At
	}
	for _, r := range rows {
		if int(r.Input) >= len(inputs) {
			return nil, problem.New("an entry of its journal is number %d of %d inputs", r.Input, len(inputs))
		}
		at = lab.Position{TimeNs: at.TimeNs + r.TimeNs, Order: r.Order, Inputs: uint64(len(journal)), Events: at.Events + uint64(r.Events)}
		journal = append(journal, lab.Entry{At: at, Input: inputs[r.Input]})
	}
	return journal, nil
}

// unpack makes journals of the rows of a document.
func (f *File) unpack(doc *document, d *decoder) (err error) {
	if f.Journal, err = d.entries(nil, doc.Journal, doc.Inputs); err != nil {
		return err
	}
	f.Branches = make([]Branch, 0, len(doc.Branches))
	for i, b := range doc.Branches {
		parent := f.Journal
		if b.Parent > uint32(i) {
			return problem.New("branch %d begins as branch %d does, which comes behind it", i+1, b.Parent)
		} else if b.Parent > 0 {
			parent = f.Branches[b.Parent-1].Journal
		}
		if int64(b.Shared) > int64(len(parent)) {
			return problem.New("branch %d shares %d entries of %d", i+1, b.Shared, len(parent))
		}
		journal, err := d.entries(parent[:b.Shared], b.Rows, doc.Inputs)
		if err != nil {
			return err
		}
		f.Branches = append(f.Branches, Branch{Name: b.Name, At: b.At, Journal: journal})
	}
	return nil
}

// encodeInput writes an input: the number of its kind, and its fields.
func encodeInput(e *msgpack.Encoder, in lab.Input) error {
	e.EncodeArrayLen(2)
	e.EncodeUint(uint64(lab.InputKind(in)))
	return encode(e, reflect.ValueOf(in))
}

func (d *decoder) input(v reflect.Value) error {
	if err := d.exactly(2); err != nil {
		return err
	}
	var kind uint8
	if err := d.value(reflect.ValueOf(&kind).Elem()); err != nil {
		return err
	}
	t := lab.InputType(kind)
	if t == nil {
		return errKind(kind)
	}
	if err := d.spend(1, t.Size()); err != nil {
		return err
	}
	in := reflect.New(t).Elem()
	if err := d.value(in); err != nil {
		return err
	}
	v.Set(in)
	return nil
}

func errKind(kind uint8) error {
	return problem.New("the journal has an entry of kind %d, which this version does not know; open it with a newer Wirelab", kind)
}
