package session

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// A file of tcpdump -w is handed over once: not again when its past is played again, nor when the lab is saved and opened.
func TestCapturesAreHandedOverOnce(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.Seek(10)
	finish(t, s)
	for _, line := range []string{"tcpdump -w x.pcap icmp &", "ping -c 2 192.168.1.123"} {
		if err := s.Exec("A", line); err != nil {
			t.Fatal(err)
		}
	}
	s.Seek(13)
	finish(t, s)
	if list, err := s.TakeCaptures(); len(list) > 0 || err != nil {
		t.Errorf("while tcpdump runs, %v and %v are handed over", list, err)
	}
	if list, err := s.Captures(); len(list) != 1 || list[0].Packets != 4 || err != nil {
		t.Errorf("while tcpdump runs, the files are %v, %v", list, err)
	}
	if err := s.Exec("A", "kill %1"); err != nil {
		t.Fatal(err)
	}
	s.Seek(14)
	finish(t, s)
	list, err := s.TakeCaptures()
	if err != nil || len(list) != 1 || list[0].Name != "x.pcap" || list[0].Host != "A" || list[0].Packets != 4 {
		t.Fatalf("handed over: %+v, %v", list, err)
	}
	const header, record, ping = 24, 16, 98
	if data := list[0].Data; len(data) != header+4*(record+ping) || !bytes.Equal(data[:4], []byte{0xd4, 0xc3, 0xb2, 0xa1}) || binary.LittleEndian.Uint32(data[header:]) != 10 {
		t.Errorf("the file is %x", data)
	}
	for _, at := range []float64{9, 14} {
		s.Seek(at)
		finish(t, s)
		if again, _ := s.TakeCaptures(); len(again) > 0 {
			t.Errorf("handed over again at %v s", at)
		}
	}
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	o := opened(t, saved)
	if again, _ := o.TakeCaptures(); len(again) > 0 {
		t.Error("handed over again when the lab was opened")
	}
	if kept, err := o.Captures(); err != nil || len(kept) != 1 || !bytes.Equal(kept[0].Data, list[0].Data) {
		t.Errorf("the file of the opened lab differs: %v", err)
	}
}
