package view

import (
	"testing"

	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// What is empty says what it takes to fill it, which depends on the lab; the ladder says so beside its axes, not on them.
func TestTheEmptyLadderSaysWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		name    string
		lines   []string
		playing bool
		want    string
	}{
		{"nothing", nil, false, "view.ladder_unlinked"},
		{"two hosts", []string{"add host a", "add host b"}, false, "view.ladder_unlinked"},
		{"two hosts, played", []string{"add host a", "add host b"}, true, "view.ladder_unlinked"},
		{"only switches are linked", []string{"add host a", "add switch s", "add switch t", "add link s t"}, false, "view.ladder_unlinked"},
		{"idle hosts", []string{"add host a", "add host b", "add link a b 10.0.0.1/24 10.0.0.2/24"}, false, "view.ladder_idle"},
		{"about to send", nil, false, "view.ladder_play"},
		{"running", nil, true, ""},
	} {
		s := session.New()
		var err error
		if c.name == "about to send" || c.name == "running" {
			err = s.Example("home-network")
		} else {
			err = s.Blank()
		}
		for _, line := range c.lines {
			if err == nil {
				err = s.Command(line)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range words.Langs {
			m := &Model{Lang: lang, Playing: c.playing}
			m.Look(s.Lab())
			var d Ladder
			r := newRig(t, 511, 273, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
			n, _ := r.Find("ladder/nothing")
			next := ""
			if c.want != "" {
				next = m.Say(c.want)
			}
			if want := m.Say("view.ladder_empty", next); n.Name != want && n.Name+" " != want {
				t.Errorf("%s, %s: it says %q, want %q", c.name, lang, n.Name, want)
			}
			var conn Connection
			var plots Plots
			others := newRig(t, 800, 600, func(u *ui.UI, box ui.Rect) {
				conn.Draw(u, box.CutTop(300), m)
				plots.Draw(u, box, m)
			})
			for id, key := range map[string]string{"connection/nothing": "view.connection_none", "plots/nothing": "view.plots_none"} {
				n, drawn := others.Find(id)
				if listens := conn.ends[0].here || conn.ends[1].here; !drawn && id == "connection/nothing" && listens {
					continue // there is something to see
				}
				if want := m.Say(key, next); n.Name != want && n.Name+" " != want {
					t.Errorf("%s, %s: %s is %q, want %q", c.name, lang, id, n.Name, want)
				}
			}
			for _, h := range []float32{60, 120, 273, 900} {
				body := ui.R(0, 30, 511, h)
				r.Begin(&r.in, 511, 1000, 1)
				d.empty(r.UI, &body, m)
				r.End()
				if n, _ = r.Find("nothing"); body.Bottom() > n.Bounds.Y || body.H > emptyAxes || n.Bounds.Bottom() > 30+h {
					t.Errorf("%s, %s: the axes reach to %v, the words stand from %v to %v of %v", c.name, lang, body.Bottom(), n.Bounds.Y, n.Bounds.Bottom(), 30+h)
				}
			}
		}
	}
}
