//go:build !js

package app

import (
	"strings"
	"testing"

	"wirelab/lab/ui"
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
