package ui

import (
	"strconv"
	"strings"
)

// ID is the hash of the path to a widget: ids that were pushed, then its own.
type ID uint64

const hashPrime = 1099511628211

func (u *UI) id(s string) ID {
	h := uint64(u.ids[len(u.ids)-1])*hashPrime + 14695981039346656037
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return u.named(ID(h), s, -1)
}

// indexID names one of many: a row by its number. It builds no string unless somebody asks for its name first.
func (u *UI) indexID(i int) ID {
	h := (uint64(u.ids[len(u.ids)-1])+0x9e3779b97f4a7c15)*hashPrime ^ uint64(i)*0xff51afd7ed558ccd
	return u.named(ID(h*hashPrime), "", i)
}

// naming is the path of an id, in the one place where it may stand: most are asked for in every frame.
type naming struct {
	id   ID
	path string
}

func (u *UI) recentName(id ID) *naming { return &u.recent[id*0x9e3779b97f4a7c15>>(64-10)] }

// nameOf returns the path of an id.
func (u *UI) nameOf(id ID) string {
	if k := u.recentName(id); k.id == id {
		return k.path
	}
	return u.names[id]
}

// named remembers the path of an id the first time that it is met.
func (u *UI) named(id ID, s string, index int) ID {
	k := u.recentName(id)
	if k.id == id {
		return id
	}
	if path, ok := u.names[id]; ok {
		*k = naming{id, path}
		return id
	}
	if index >= 0 {
		s = strconv.Itoa(index)
	}
	if parent, ok := u.names[u.ids[len(u.ids)-1]]; ok {
		s = parent + "/" + s
	}
	*k = naming{id, strings.Clone(s)} // so that ids may be put together on the stack
	u.names[id] = k.path
	return id
}

// popID ends the group.
func (u *UI) popID() { u.ids = u.ids[:len(u.ids)-1] }

// pushRaw makes an id that exists already the path.
func (u *UI) pushRaw(id ID) { u.ids = append(u.ids, id) }
