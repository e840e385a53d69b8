package view

import (
	"strconv"

	"wirelab/lab/words"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// texts keeps strings that every frame asks for again: putting them together
// sixty times a second is most of what a still picture would cost.
type texts[K comparable] map[K]string

const maxTexts = 4096

// get returns the string of a key, made once.
func (m texts[K]) get(k K, make func() string) string {
	s, ok := m[k]
	if !ok {
		if len(m) >= maxTexts {
			clear(m)
		}
		s = make()
		m[k] = s
	}
	return s
}

type numberedKey struct {
	before, after string
	n             uint32
}

var (
	numberedMemo = texts[numberedKey]{}
	gluedMemo    = texts[[2]string]{}
	addressMemo  = texts[wire.Addr]{}
	portsMemo    = texts[[2]uint16]{}
	sayMemo      = texts[sayKey]{}
)

// numbered is an id such as conn3.menu.
func numbered(before string, n uint32, after string) string {
	return numberedMemo.get(numberedKey{before, after, n}, func() string { return before + strconv.FormatUint(uint64(n), 10) + after })
}

// glued is two strings, one after the other.
func glued(a, b string) string {
	return gluedMemo.get([2]string{a, b}, func() string { return a + b })
}

func addressWords(a wire.Addr) string { return addressMemo.get(a, a.String) }

func ports(c *tcp.Conn) string {
	key := [2]uint16{c.Local.Port, c.Remote.Port}
	if c.State == tcp.Listen {
		key[1] = 0
	}
	return portsMemo.get(key, func() string {
		words := ":" + strconv.Itoa(int(key[0]))
		if key[1] != 0 {
			words += " ↔ :" + strconv.Itoa(int(key[1]))
		}
		return words
	})
}

type sayKey struct {
	lang words.Lang
	key  string
	a, b string
}

// sayStrings is Say for what is said in every frame, of one string or two.
func (m *Model) sayStrings(key, a, b string) string {
	return sayMemo.get(sayKey{m.Lang, key, a, b}, func() string { return words.Get(m.Lang, key, a, b) })
}
