package view

import (
	"reflect"
	"testing"

	"wirelab/lab/ui"
	"wirelab/stack/wire"
)

// segmentFields is a cut from the decode tree of a TCP segment.
var segmentFields = []wire.Field{
	{Key: "eth", Start: 0, End: 14},
	{Key: "eth.dst", Depth: 1, Start: 0, End: 6},
	{Key: "eth.dst.lg", Depth: 2, Start: 0, End: 1},
	{Key: "eth.dst.ig", Depth: 2, Start: 0, End: 1},
	{Key: "eth.type", Depth: 1, Start: 12, End: 14},
	{Key: "ip", Start: 14, End: 34},
	{Key: "ip.version", Depth: 1, Start: 14, End: 15},
	{Key: "ip.hdr_len", Depth: 1, Start: 14, End: 15},
	{Key: "ip.flags", Depth: 1, Start: 20, End: 21},
	{Key: "ip.flags.df", Depth: 2, Start: 20, End: 21},
	{Key: "ip.flags.mf", Depth: 2, Start: 20, End: 21},
	{Key: "ip.frag_offset", Depth: 1, Start: 20, End: 22},
	{Key: "tcp", Start: 34, End: 58},
	{Key: "tcp.len", Depth: 1, Start: 38, End: 38},
	{Key: "tcp.hdr_len", Depth: 1, Start: 46, End: 47},
	{Key: "tcp.flags", Depth: 1, Start: 46, End: 48},
	{Key: "tcp.flags.res", Depth: 2, Start: 46, End: 47},
	{Key: "tcp.flags.ae", Depth: 2, Start: 46, End: 47},
	{Key: "tcp.flags.syn", Depth: 2, Start: 47, End: 48},
	{Key: "tcp.flags.fin", Depth: 2, Start: 47, End: 48},
	{Key: "tcp.checksum", Depth: 1, Start: 50, End: 52, Bad: true},
	{Key: "tcp.checksum.status", Depth: 2, Start: 50, End: 52, Bad: true},
	{Key: "tcp.options", Depth: 1, Start: 54, End: 58},
	{Key: "tcp.options.mss", Depth: 2, Start: 54, End: 58},
	{Key: "tcp.options.mss_val", Depth: 3, Start: 56, End: 58},
}

func fieldAt(key string) int {
	for i := range segmentFields {
		if segmentFields[i].Key == key {
			return i
		}
	}
	return -1
}

func TestByteBelongsToTheInnermostField(t *testing.T) {
	for at, want := range map[int]string{
		0: "eth.dst", 5: "eth.dst", 8: "eth", 13: "eth.type", 14: "ip.version", 20: "ip.flags", 21: "ip.frag_offset",
		38: "tcp", 46: "tcp.hdr_len", 47: "tcp.flags", 50: "tcp.checksum", 54: "tcp.options", 57: "tcp.options.mss_val", 58: "",
	} {
		if got := byteOwner(segmentFields, at); got != fieldAt(want) {
			t.Errorf("byte %d belongs to field %d, want %q", at, got, want)
		}
	}
}

func TestShownFields(t *testing.T) {
	open := map[string]bool{"tcp": true, "tcp.options": true}
	rows := shownFields(nil, segmentFields, func(f *wire.Field) bool { return open[f.Key] })
	var keys []string
	for _, i := range rows {
		keys = append(keys, segmentFields[i].Key)
	}
	want := []string{"eth", "ip", "tcp", "tcp.len", "tcp.hdr_len", "tcp.flags", "tcp.checksum", "tcp.options", "tcp.options.mss"}
	if !reflect.DeepEqual(keys, want) {
		t.Errorf("shown: %v\n want: %v", keys, want)
	}
	for field, row := range map[string]string{"eth.dst.lg": "eth", "ip": "ip", "tcp.flags.fin": "tcp.flags", "tcp.options.mss_val": "tcp.options.mss"} {
		if got := keys[rowOf(rows, fieldAt(field))]; got != row {
			t.Errorf("%s is shown by %s, want %s", field, got, row)
		}
	}
	if !hidesBad(segmentFields, fieldAt("tcp"), false) || hidesBad(segmentFields, fieldAt("tcp"), true) || hidesBad(segmentFields, fieldAt("ip"), false) {
		t.Error("only a folded layer hides the bad checksum inside it")
	}
}

func TestHexLines(t *testing.T) {
	frame := []byte("\x00\x01E\xff....hello\n")
	for _, c := range []struct {
		width int
		want  []hexLine
	}{
		{8, []hexLine{{"0000", "00 01 45 ff 2e 2e 2e 2e", "··E·...."}, {"0008", "68 65 6c 6c 6f 0a      ", "hello·"}}},
		{16, []hexLine{{"0000", "00 01 45 ff 2e 2e 2e 2e  68 65 6c 6c 6f 0a      ", "··E·....hello·"}}},
	} {
		if got := hexLines(nil, frame, c.width); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%d in a line: %q", c.width, got)
		}
	}
	if got := hexLines(nil, nil, 16); got != nil {
		t.Errorf("of no bytes: %q", got)
	}
}

func TestByteAtFindsWhatIsDrawn(t *testing.T) {
	for _, width := range []int{8, 16} {
		for i := range width {
			for _, column := range []float32{float32(hexFrom + hexColumn(i)), float32(hexFrom+hexColumn(i)) + 1.9, float32(asciiFrom(width)+i) + 0.5} {
				if got := byteAt(column, width); got != i {
					t.Errorf("%d in a line: at column %v there is byte %d, want %d", width, column, got, i)
				}
			}
		}
		for _, column := range []float32{-3, 0, 4, float32(hexChars(width)) + 1} {
			if got := byteAt(column, width); got != -1 {
				t.Errorf("%d in a line: at column %v there is byte %d, want none", width, column, got)
			}
		}
	}
}

func TestDecodePlaces(t *testing.T) {
	for _, c := range []struct {
		w, h   float32
		width  int
		beside bool
		dump   bool
	}{
		{511, 162, 8, true, true},
		{511, 500, 16, false, true},
		{900, 200, 16, true, true},
		{400, 300, 8, false, true},
		{400, 90, 8, false, false},
		{100, 0, 8, false, false},
	} {
		p := decodePlaces(ui.R(0, 0, c.w, c.h), 490, 267, 16, 1, 60)
		if p.width != c.width || p.beside != c.beside || p.hex.Empty() == c.dump {
			t.Errorf("%vx%v: %+v", c.w, c.h, p)
		}
		if whole := p.tree.Intersect(p.hex); !whole.Empty() {
			t.Errorf("%vx%v: tree and dump overlap: %+v", c.w, c.h, p)
		}
	}
}
