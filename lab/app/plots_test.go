//go:build !js

package app

import (
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
)

// What the plots make is saved under names that are free.
func TestPlotsAreSaved(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	if err := r.Session.Seek(0.3); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.key(false, ebiten.KeyDigit8)
	for _, item := range []string{"csv", "csv", "svg"} {
		r.do("plots/area", "menu", "")
		r.do("plots/menu/"+item, "press", "")
	}
	for name, begins := range map[string]string{
		"closing-takes-four-segments-plots.csv": "time_s,series,value\n", "closing-takes-four-segments-plots-2.csv": "time_s,series,value\n",
		"closing-takes-four-segments-plots.svg": "<svg ",
	} {
		if data := string(r.disk["/home/"+name]); !strings.HasPrefix(data, begins) {
			t.Errorf("%s begins with %.20q", name, data)
		}
	}
	if !r.says("/home/closing-takes-four-segments-plots.svg") {
		t.Error("nothing says where the picture is")
	}
}

// A future that was compared is laid over the plots, until another lab is opened.
func TestPlotsShowAnotherFuture(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	for _, at := range []float64{0.5, 0.2} {
		if err := r.Session.Seek(at); err != nil {
			t.Fatal(err)
		}
		r.settle()
	}
	p := r.Session.Lab().LinkAt(0).Dir[0].Params
	p.DelayNs *= 3
	if err := r.Session.Do(lab.SetLink{Params: p}); err != nil {
		t.Fatal(err)
	}
	if err := r.Session.Seek(0.5); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if err := r.compare(0); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		r.settle()
	}
	r.key(false, ebiten.KeyEscape)
	r.key(false, ebiten.KeyDigit8)
	if n := r.find("plots/sequence"); len(r.Model.Futures) != 1 || !strings.Contains(n.Value, "B ack") {
		t.Errorf("the plots tell of %q", n.Value)
	}
	r.example("lost-syn")
	if len(r.Model.Futures) > 0 {
		t.Error("it lies over another lab")
	}
}

// Who knows nothing of the menu of a chart saves the plots by key, by the palette or by the menu of their pane, even if something
// else is shown at first.
func TestPlotsAreSavedByVerb(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	if err := r.Session.Seek(0.3); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.in.Shift = true
	r.key(false, ebiten.KeyV, ebiten.KeyE)
	r.in.Shift = false
	r.do("upper-pane/more", "press", "")
	r.do("upper-pane/menu/save_csv", "press", "")
	for name, begins := range map[string]string{
		"closing-takes-four-segments-plots.svg": "<svg ", "closing-takes-four-segments-plots.csv": "time_s,series,value\n",
		"closing-takes-four-segments-plots-2.csv": "time_s,series,value\n",
	} {
		if data := string(r.disk["/home/"+name]); !strings.HasPrefix(data, begins) || len(data) < 200 {
			t.Errorf("%s holds %d bytes and begins with %.20q", name, len(data), data)
		}
	}
	for _, words := range []string{"svg", "保存 数据"} {
		if found := r.choices(words); len(found) == 0 || found[0].key == "" {
			t.Errorf("the palette finds %v for %q", found, words)
		}
	}
}
