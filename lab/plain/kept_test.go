package plain

import (
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/block"
	"wirelab/stack/seeds"
)

type extent struct {
	Data     block.Handle
	Off, Len uint32
}

type many struct {
	Name  string
	Parts []part
	Last  []int64
}

type part struct {
	Ends  [2][]extent
	Names []string
}

// However state changes between copies, each gives back what it was made of, and the blocks of all are released in the end.
func TestKeptIsACopy(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		p := block.NewPool()
		var v many
		var kept []*Kept[many]
		var want []uint64
		for range rapid.IntRange(1, 12).Draw(t, "copies") {
			alter(t, p, &v)
			var before *Kept[many]
			if len(kept) > 0 {
				before = kept[len(kept)-1]
			}
			kept, want = append(kept, Keep(p, &v, before)), append(want, Hash(p, &v))
		}
		for i, k := range kept {
			got := k.Value(p)
			if Hash(p, &got) != want[i] {
				t.Fatalf("copy %d is another value", i)
			}
			Release(p, &got)
		}
		if first := kept[0]; first.Beyond(nil) < first.Beyond(first) {
			t.Error("what is shared counts")
		}
		Release(p, &v)
		for _, k := range kept {
			k.Release(p)
		}
		if n, _ := p.Live(); n != 0 {
			t.Errorf("%d blocks left over", n)
		}
	})
}

// alter makes a few parts, empties one, and changes some extents.
func alter(t *rapid.T, p *block.Pool, v *many) {
	for range rapid.IntRange(0, 2).Draw(t, "parts") {
		v.Parts = append(v.Parts, part{Names: []string{"x"}})
	}
	v.Last = make([]int64, rapid.IntRange(0, longLen+1).Draw(t, "last"))
	for i := range v.Parts {
		end := &v.Parts[i].Ends[rapid.IntRange(0, 1).Draw(t, "end")]
		switch rapid.IntRange(0, 4).Draw(t, "deed") {
		case 0:
			Release(p, &part{Ends: [2][]extent{*end}})
			*end = nil
		case 1:
			*end = append(*end, make([]extent, longLen/2)...)
		case 2:
			if n := len(*end); n > 0 {
				e := &(*end)[rapid.IntRange(0, n-1).Draw(t, "at")]
				p.Release(e.Data)
				*e = extent{p.From([]byte("data")), 1, 4}
			}
		}
	}
}

// What did not change takes no memory a second time.
func TestKeptShares(t *testing.T) {
	p := block.NewPool()
	v := many{Parts: []part{{Ends: [2][]extent{make([]extent, 64*pieceLen)}}}}
	for i := range v.Parts[0].Ends[0] {
		v.Parts[0].Ends[0][i].Len = uint32(i) + 1
	}
	first := Keep(p, &v, nil)
	v.Parts[0].Ends[0][70].Off++
	second := Keep(p, &v, first)
	if a, b := first.Beyond(nil), second.Beyond(first); a < 64*pieceLen*12 || b > a/10 {
		t.Errorf("%d bytes, then %d more", a, b)
	}
}
