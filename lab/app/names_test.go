//go:build !js

package app

import (
	"testing"

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
