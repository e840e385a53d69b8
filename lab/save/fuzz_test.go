package save

import (
	"bytes"
	"maps"
	"slices"
	"testing"
)

// Whatever a file holds, it opens as a lab that saves and opens again the same, or it is refused with a sentence, for little memory.
func FuzzDecode(f *testing.F) {
	for version, body := range bodies(f) {
		f.Add(byte(version), body)
		f.Add(byte(version), body[:len(body)/2])
	}
	f.Fuzz(func(t *testing.T, version byte, body []byte) { // what stands inside the compression, behind the checksum
		judge(t, wrapAs(uint16(version), body))
	})
}

func judge(t *testing.T, data []byte) {
	t.Helper()
	err, cost := open(data)
	if err == nil {
		opensAgain(t, data)
	} else if err.Error() == "" {
		t.Error("refused without a word")
	}
	if cost > maxCost {
		t.Errorf("%d bytes allocated (%v)", cost, err)
	}
}

// FuzzStructure changes a body as a tree of values: a value takes the place of another, is repeated, becomes a bomb, or is announced to be
// longer than it is. Each change is three bytes of the input.
func FuzzStructure(f *testing.F) {
	whole := bodies(f)
	f.Add(byte(1), []byte{0, 1, 2})
	f.Add(byte(2), []byte{1, 7, 200, 2, 9, 3, 3, 30, 4})
	names := slices.Sorted(maps.Keys(bombs()))
	f.Fuzz(func(t *testing.T, version byte, changes []byte) {
		body := whole[1+uint16(version)%Version]
		for n := 0; n < 6 && len(changes) >= 3 && len(body) < 100_000; n++ {
			all := values(t, body)
			pick := func(b byte) value { return all[int(b)*len(all)/256] }
			v := pick(changes[1])
			own := body[v.from:v.to]
			switch changes[0] % 4 {
			case 0:
				o := pick(changes[2])
				body = replaced(body, v, body[o.from:o.to])
			case 1:
				n := int(changes[2])
				body = replaced(body, v, append([]byte{0xdc, byte(n >> 8), byte(n)}, bytes.Repeat(own, n)...))
			case 2:
				body = replaced(body, v, bombs()[names[int(changes[2])%len(names)]])
			case 3:
				body = replaced(body, v, append([]byte{0xdd, 0, changes[2], 0, 0}, own...))
			}
			if changes = changes[3:]; scan(body) != nil {
				break
			}
		}
		judge(t, wrapAs(1+uint16(version)%Version, body))
	})
}
