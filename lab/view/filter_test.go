package view

import (
	"reflect"
	"testing"
)

func TestFilterTerms(t *testing.T) {
	rows := []string{
		"a → b syn flags [s], seq 1000",
		"b → a syn·ack flags [s.], seq 7000",
		"a → b ack flags [.], ack 1",
		"a → b data flags [p.], length 6 × lost",
	}
	for _, c := range []struct {
		typed string
		want  []int
	}{
		{"", []int{0, 1, 2, 3}},
		{"  ", []int{0, 1, 2, 3}},
		{"-", []int{0, 1, 2, 3}},
		{"SYN", []int{0, 1}},
		{"syn -syn·ack", []int{0}},
		{"-syn", []int{2, 3}},
		{"→ lost", []int{3}},
		{"ack 7000", []int{1}},
		{"syn lost", nil},
		{"-syn -", []int{2, 3}},
	} {
		f := packetFilter{terms: parseTerms(nil, c.typed)}
		var got []int
		for i, row := range rows {
			if f.matches(row) {
				got = append(got, i)
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q shows rows %v, want %v", c.typed, got, c.want)
		}
	}
}

func TestFilterPlaces(t *testing.T) {
	all := packetFilter{}
	some := packetFilter{terms: parseTerms(nil, "syn"), rows: []int32{2, 5, 9}}
	for _, c := range []struct {
		f     *packetFilter
		row   int
		place int
		shown bool
	}{
		{&all, 4, 4, true},
		{&all, -1, -1, false},
		{&some, 2, 0, true},
		{&some, 5, 1, true},
		{&some, 6, 2, false},
		{&some, 10, 3, false},
		{&some, -1, 0, false},
	} {
		if i, shown := c.f.place(c.row); i != c.place || shown != c.shown {
			t.Errorf("row %d of %v: %d, %v, want %d, %v", c.row, c.f.rows, i, shown, c.place, c.shown)
		}
	}
	for i, row := range some.rows {
		if got := some.row(i); got != int(row) {
			t.Errorf("place %d shows row %d, want %d", i, got, row)
		}
	}
}
