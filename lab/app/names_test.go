//go:build !js

package app

import (
	"strings"
	"testing"

	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
)

// The cross of a dialog says what it does, not what the dialog is for.
func TestTheCrossOfADialogSaysClose(t *testing.T) {
	r := newRig(t)
	for lang, want := range map[words.Lang]string{words.English: "Close", words.Chinese: "关闭"} {
		if err := r.Session.Lang(string(lang)); err != nil {
			t.Fatal(err)
		}
		for _, dialog := range []string{"palette", "keys"} {
			r.Perform(dialog)
			r.settle()
			if n := r.find(dialog + "/close"); n.Name != want {
				t.Errorf("%s: the cross is called %q, want %q", dialog, n.Name, want)
			}
			r.do(dialog+"/close", "press", "")
		}
	}
}

// Tab goes through the bar as the eye does: from left to right, in a wide window and in one where the bar has the button of what
// to do next.
func TestTheBarIsReadFromTheLeft(t *testing.T) {
	for _, size := range [][2]float32{{1280, 720}, {1000, 300}, {390, 844}} {
		r := newRig(t)
		r.w, r.h = size[0], size[1]
		r.frames(3)
		var last ui.Node
		n := 0
		for _, node := range r.UI.Tree() {
			if !strings.HasPrefix(node.ID, "bar/") {
				continue
			}
			if n++; node.Bounds.X < last.Bounds.X {
				t.Errorf("%v: %s at %v comes after %s at %v", size, node.ID, node.Bounds.X, last.ID, last.Bounds.X)
			}
			last = node
		}
		if _, next := r.UI.Find("bar/next"); n < 5 || next != (size[1] == 300) {
			t.Errorf("%v: %d parts; what to do next is among them: %v", size, n, next)
		}
	}
}

// No two parts of the window that are there at once are called the same, and in Chinese nothing is called something in English.
func TestNamesTellThingsApart(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Chinese} {
		r := newRig(t)
		r.example("home-network")
		if err := r.Session.Lang(string(lang)); err != nil {
			t.Fatal(err)
		}
		if err := r.Session.Seek(3.1); err != nil {
			t.Fatal(err)
		}
		r.Model.Chosen = view.Target{Kind: view.OnLink}
		r.Perform("view_inspect")
		r.settle()
		names, bars := map[string]string{}, 0
		for _, n := range r.UI.Tree() {
			switch {
			case n.Role == ui.RoleTabList, n.Role == ui.RoleSplitter, n.Role == ui.RoleTextbox:
			default:
				continue
			}
			if strings.HasSuffix(n.ID, "/bar") {
				bars++
			}
			if other, twice := names[n.Name]; twice || n.Name == "" {
				t.Errorf("%s: %s and %s are both called %q", lang, other, n.ID, n.Name)
			}
			if names[n.Name] = n.ID; strings.Contains(n.Name, "croll bar") && lang == words.Chinese {
				t.Errorf("%s is called %q in Chinese", n.ID, n.Name)
			}
		}
		want := map[words.Lang]string{words.English: "Bandwidth, PC → Switch", words.Chinese: "带宽，PC → Switch"}[lang]
		if got := r.find("inspect/properties/rate-0").Name; got != want || bars == 0 {
			t.Errorf("%s: the bandwidth of a direction is called %q, want %q; %d scroll bars", lang, got, want, bars)
		}
	}
}
