package view

import (
	"slices"
	"strings"
	"testing"

	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack"
)

// What lessons are about comes first and is explained in both languages; all else stands somewhere, once.
func TestSettingsOfAHostAreInGroups(t *testing.T) {
	var all []string
	for _, g := range sysctlGroups {
		all = append(all, g.names...)
	}
	slices.Sort(all)
	if !slices.Equal(all, stack.Sysctls()) {
		t.Errorf("the groups hold %d settings, and there are %d", len(all), len(stack.Sysctls()))
	}
	for _, lang := range []words.Lang{words.English, words.Chinese} {
		m := openLab(t, "four-way-close", 250*ms)
		m.Lang = lang
		for _, key := range explained {
			if text := sysctlWords(m, key); strings.Contains(text, "[") || len(text) < 20 {
				t.Errorf("%s: %s is explained by %q", lang, key, text)
			}
		}
		if text := sysctlWords(m, "net.ipv4.tcp_syn_retries"); !strings.Contains(text, "127") {
			t.Errorf("%q does not say how many there may be", text)
		}
	}
}

// Resting on a setting, or on its name, says what it is for.
func TestASettingIsExplained(t *testing.T) {
	m := openLab(t, "four-way-close", 250*ms)
	m.Chosen = Target{Kind: OnNode}
	var d Inspect
	r := newRig(t, 511, 400, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	r.do(t, "inspect/search", "set", "tcp_")
	n, ok := r.Find("inspect/properties/net.ipv4.tcp_sack.name")
	if want := m.Say("sysctl.tcp_sack"); !ok || n.Value != want {
		t.Errorf("the name says %q, want %q", n.Value, want)
	}
	r.do(t, n.ID, "press", "")
	if n, _ := r.Find("inspect/properties/net.ipv4.tcp_sack"); n.Flags&ui.Focused == 0 {
		t.Error("pressing the name does not lead into the field")
	}
}

// What takes one of few words is chosen from a menu.
func TestFewWordsAreChosenFromAMenu(t *testing.T) {
	m := openLab(t, "four-way-close", 250*ms)
	var d Inspect
	r := newRig(t, 511, 900, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	for _, c := range []struct {
		target     Target
		id, choice string
		was, want  string
	}{
		{Target{Kind: OnLink}, "queue-1", "codel", "droptail", "link 0 queue codel dir 1"}, {Target{Kind: OnLink}, "ecn-0", "on", "off", "link 0 ecn on dir 0"},
		{Target{Kind: OnNode}, "net.ipv4.tcp_congestion_control", "reno", "cubic", "sysctl A net.ipv4.tcp_congestion_control reno"},
	} {
		m.Chosen, m.Asks = c.target, nil
		r.frame()
		r.frame()
		id := "inspect/properties/" + c.id
		if n, _ := r.Find(id); n.Role != ui.RoleButton || n.Value != c.was || n.Name == c.was {
			t.Errorf("%s is a %s called %q with %q", id, n.Role, n.Name, n.Value)
		}
		r.do(t, id, "press", "")
		r.do(t, id+".menu/"+c.choice, "press", "")
		if len(m.Asks) != 1 || m.Asks[0].Text != c.want {
			t.Errorf("%s: %v was asked for, want %q", c.id, m.Asks, c.want)
		}
	}
}
