package link

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/seeds"
)

func TestSettings(t *testing.T) {
	for _, c := range []struct{ name, value, reads string }{
		{"rate", "10mbit", "10mbit"}, {"rate", "1.5Mbit", "1500kbit"}, {"rate", "800", "800bit"}, {"rate", "unlimited", "unlimited"},
		{"delay", "20ms", "20ms"}, {"delay", "0.25s", "250ms"}, {"delay", "1500us", "1500us"}, {"jitter", "7ns", "7ns"},
		{"loss", "1%", "1%"}, {"loss", "0.01%", "0.01%"}, {"loss", "100%", "100%"}, {"queue", "fq_codel", "fq_codel"}, {"ecn", "on", "on"},
		{"state", "down", "down"}, {"limit", "100", "100"}, {"mtu", "600", "600"}, {"red-weight", "7", "7"}, {"loss-filter", "tcp.flags.syn", "tcp.flags.syn"},
	} {
		var p Params
		s, err := FindSetting(c.name)
		if err == nil {
			err = s.Set(&p, c.value)
		}
		if err != nil || s.Get(&p) != c.reads {
			t.Errorf("%s %s: %v, reads %q", c.name, c.value, err, s.Get(&p))
		}
	}
	for _, c := range []struct{ name, value, says string }{
		{"rate", "fast", "something like 10mbit"}, {"delay", "10", "the unit is missing"}, {"loss", "101%", "more than all"}, {"loss", "0.5", "per cent"},
		{"queue", "pie", "droptail, red, codel, fq_codel"}, {"limit", "-1", "whole number"}, {"rate", "99999999999999gbit", "too much"}, {"delay", "1.x5s", "no number"},
	} {
		var p Params
		s, _ := FindSetting(c.name)
		if err := s.Set(&p, c.value); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %s: %v, want %q", c.name, c.value, err, c.says)
		}
	}
	if _, err := FindSetting("speed"); err == nil || !strings.Contains(err.Error(), "rate, delay") {
		t.Error(err)
	}
}

// What a setting shows it also reads.
func TestSettingsReadWhatTheyShow(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		p := anyParams.Draw(t, "params")
		q := Params{}
		for i := range Settings {
			if err := Settings[i].Set(&q, Settings[i].Get(&p)); err != nil {
				t.Fatal(err)
			}
		}
		if p != q {
			t.Fatalf("%+v became %+v", p, q)
		}
	})
}
