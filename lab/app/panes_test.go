//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
	"wirelab/lab/view"
)

// A view goes to another pane, fills the window, is closed and comes back; a file remembers all of it.
func TestPanes(t *testing.T) {
	r := newRig(t)
	r.do("upper-pane/more", "press", "")
	r.do("upper-pane/menu/decode", "press", "")
	if r.panes[0].shown != "decode" || slices.Contains(r.panes[1].holds, "decode") {
		t.Fatalf("%+v", r.panes)
	}
	r.do("upper-pane/full", "press", "")
	if _, ok := r.UI.Find("stage"); ok {
		t.Error("a view that has all the room leaves some to the stage")
	}
	r.key(false, ebiten.KeyM)
	r.do("lower-pane/more", "press", "")
	r.do("lower-pane/menu/close", "press", "")
	if _, ok := r.UI.Find("lower-pane"); ok {
		t.Error("a pane cannot be closed")
	}
	r.do("across", "set", "0.5")
	data, err := r.Session.Save()
	if err != nil {
		t.Fatal(err)
	}
	again := newRig(t)
	if err := again.Session.Open(data); err != nil {
		t.Fatal(err)
	}
	again.settle()
	if p := again.panes; p[0].shown != "decode" || !p[1].closed || again.across != 0.5 {
		t.Errorf("opened again, the window is %+v, %v", p, again.across)
	}
	again.key(false, ebiten.Key3)
	if p := again.panes[1]; p.closed || p.shown != "connection" {
		t.Errorf("its key does not bring a view back: %+v", p)
	}
}

// What a file says of the window may be nonsense.
func TestArrangeNonsense(t *testing.T) {
	r := newRig(t)
	for _, s := range []lab.Setting{{Name: "upper", Value: ""}, {Name: "upper", Value: "nobody ladder ladder -"}, {Name: "lower", Value: "-ladder ladder packets why connection decode timers program"},
		{Name: "across", Value: "-5"}, {Name: "down", Value: "1e9"}, {Name: "colour", Value: "pink"}} {
		r.arrange([]lab.Setting{s})
		r.settle()
		for _, k := range []ebiten.Key{ebiten.Key1, ebiten.Key7} {
			r.key(false, k)
		}
	}
}

// The list takes a display filter, proposes how it goes on, and says what is wrong where.
func TestDisplayFilter(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	r.Session.SeekNs(100e9)
	r.settle()
	r.key(false, ebiten.Key2)
	r.do("packets/filter", "set", "tcp.flags.fin == 1 && ip.src == 192.168.1.116")
	r.settle()
	if got := r.find("packets/count").Name; !strings.HasPrefix(got, "1 ") && !strings.HasPrefix(got, "2 ") {
		t.Errorf("the filter shows %q", got)
	}
	r.do("packets/filter", "set", "tcp.flags.fin == 1 && ip.src == 192.168.1")
	if !strings.Contains(r.find("packets/nothing").Name, "192.168.1 is not an address") {
		t.Error("nothing says what is wrong")
	}
	r.do("packets/filter", "focus", "")
	r.do("packets/filter", "set", "tcp.window_size_v")
	r.settle()
	r.key(false, ebiten.KeyTab)
	if got := r.find("packets/filter").Value; got != "tcp.window_size_value" {
		t.Errorf("Tab completes to %q", got)
	}
}

// Properties are edited in place; what is wrong is said below the field, and the field keeps what was written.
func TestPropertiesAreEdited(t *testing.T) {
	r := newRig(t)
	r.Model.Choose(view.Target{Kind: view.OnLink})
	r.settle()
	r.key(false, ebiten.KeyP)
	edit := func(field, text string) {
		r.do("inspect/properties/"+field, "focus", "")
		r.do("inspect/properties/"+field, "set", text)
		r.key(false, ebiten.KeyEnter)
		r.settle()
	}
	edit("delay-1", "25ms")
	if k := r.Session.Lab().LinkAt(0); k.Dir[1].DelayNs != 25e6 || k.Dir[0].DelayNs == 25e6 {
		t.Errorf("the delays are %d and %d", k.Dir[0].DelayNs, k.Dir[1].DelayNs)
	}
	r.Perform("full") // more of them can be seen
	r.settle()
	edit("loss-0", "often")
	if !strings.Contains(r.find("inspect/properties/problem").Name, "often") || r.find("inspect/properties/loss-0").Value != "often" {
		t.Error("nothing says what is wrong, or what was written is gone")
	}
	r.Model.Choose(view.Target{Kind: view.OnNode})
	r.settle()
	r.do("inspect/search", "set", "tcp_sack")
	edit("net.ipv4.tcp_sack", "0")
	if got, _ := r.Session.Lab().Host(0).SysctlText("net.ipv4.tcp_sack"); got != "0" {
		t.Errorf("tcp_sack is %s", got)
	}
	edit("name", "alice")
	if r.Model.NodeName(0) != "alice" {
		t.Error("it has no new name")
	}
}
