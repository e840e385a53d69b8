package view

import (
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/ui"
)

// What a program in the background writes stands above the prompt, which keeps the line that is half typed; a line that is typed
// while a program runs is asked for as well.
func TestOutputKeepsThePromptAndWhatIsTyped(t *testing.T) {
	m := openLab(t, "four-way-close", 10_000*ms)
	var d Terminal
	r := newRig(t, 700, 300, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	const field = "terminal/of-A/input"
	find := func(id string) ui.Node {
		t.Helper()
		for _, n := range r.Tree() {
			if n.ID == id {
				return n
			}
		}
		t.Fatalf("there is no %s", id)
		return ui.Node{}
	}
	type_ := func(line string) {
		t.Helper()
		if err := m.Lab.Do(lab.Exec{Node: m.Node, Line: line}); err != nil {
			t.Fatal(err)
		}
		r.frame()
	}
	type_("ping 192.168.1.123 &")
	r.do(t, field, "set", "ss -t")
	for until := int64(10_500 * ms); until < 14_000*ms; until += 500 * ms {
		lines := len(m.Lab.Machine(m.Node).Lines)
		if err := m.Lab.SeekTo(until); err != nil {
			t.Fatal(err)
		}
		r.frame()
		n := find(field)
		if n.Value != "ss -t" || n.Name != "A$ " {
			t.Fatalf("%d lines later the prompt is %q and the line %q", len(m.Lab.Machine(m.Node).Lines)-lines, n.Name, n.Value)
		}
		if last := find("terminal/of-A"); until > 11_000*ms && !strings.Contains(last.Value, "bytes from") {
			t.Errorf("the last line above the prompt is %q", last.Value)
		}
		if rows, line := find("terminal/of-A").Bounds, n.Bounds; line.Bottom() > rows.Bottom()+1 || line.Y < rows.Y+rows.H/2 {
			t.Errorf("the prompt is at %v of %v", line, rows)
		}
	}
	type_("kill %1")
	type_("ping 192.168.1.123")
	r.do(t, field, "set", "hostname")
	if n := find(field); n.Value != "hostname" || strings.Contains(n.Name, "$") {
		t.Errorf("while ping runs, the prompt is %q and the line %q", n.Name, n.Value)
	}
}
