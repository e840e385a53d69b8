package view

import (
	"reflect"
	"strings"
	"testing"

	"wirelab/lab/ui"
)

// The line at which each program stands can be read whole, however many stand side by side: it is broken, not cut off, and scrolled to.
func TestTheLineAProgramStandsAtIsSeenWhole(t *testing.T) {
	for _, c := range []struct {
		lab   string
		at    int64
		w, h  float32
		stand []string
	}{
		{"four-way-close", 250 * ms, 511, 206, []string{"fgets(line, sizeof line, stdin);", "n = read(conn, buf, sizeof buf);"}},
		{"four-way-close", 250 * ms, 300, 400, []string{"fgets(line, sizeof line, stdin);", "n = read(conn, buf, sizeof buf);"}}, // below each other
		{"home-network", 3100 * ms, 511, 206, []string{"while ((n = recv(fd, buf, sizeof buf, 0)) > 0) parse(buf, n);", "n = poll(fds, nfds, -1);"}},
		{"home-network", 3100 * ms, 511, 110, []string{"while ((n = recv(fd, buf, sizeof buf, 0)) > 0) parse(buf, n);", "n = poll(fds, nfds, -1);"}},
	} {
		m := openLab(t, c.lab, c.at)
		var d Program
		r := newRig(t, c.w, c.h, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
		for range 4 {
			r.frame()
		}
		columns := r.Width("0", ui.CodeSmall)
		var stand []string
		for _, n := range r.Tree() {
			if n.Value == "" || n.Role != ui.RoleText {
				continue
			}
			stand = append(stand, n.Name)
			inner := n.Bounds.W - 3*ui.Space2 - r.Width("00", ui.CodeTiny) - ui.Space2
			lines := len(wrapCode(nil, n.Name, int(inner/columns)))
			if want := float32(lines)*r.LineHeight(ui.CodeSmall) + 3; n.Bounds.H < want-0.1 {
				t.Errorf("%s, %vx%v: %q needs %v and %v of it is seen", c.lab, c.w, c.h, n.Name, want, n.Bounds.H)
			}
		}
		if len(stand) != len(c.stand) {
			t.Fatalf("%s, %vx%v: %d programs are shown: %q", c.lab, c.w, c.h, len(stand), stand)
		}
		for i, want := range c.stand {
			if !strings.HasPrefix(stand[i], want) {
				t.Errorf("%s, %vx%v: program %d stands at %q, want %q", c.lab, c.w, c.h, i, stand[i], want)
			}
		}
	}
}

// A person may scroll on from the line at which a program stands; once it stands elsewhere, that is shown.
func TestAProgramCanBeReadFromItsBeginning(t *testing.T) {
	m := openLab(t, "four-way-close", 365*ms)
	var d Program
	r := newRig(t, 511, 110, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	seen := func(line string) bool {
		for _, n := range r.Tree() {
			if n.Name == line && n.Bounds.H > 10 {
				return true
			}
		}
		return false
	}
	r.frame()
	r.frame()
	source := ""
	for _, n := range r.Tree() {
		if strings.HasSuffix(n.ID, "/source") && strings.HasPrefix(n.ID, "program/B") {
			source = n.ID
		}
	}
	if !seen("usleep(think);") || seen("listen(fd, 5);") {
		t.Fatal("B does not stand where it should")
	}
	r.do(t, source, "scroll", "-500")
	if seen("usleep(think);") || !seen("bind(fd, INADDR_ANY, port);") {
		t.Error("it does not stay where a person scrolled")
	}
	seek(t, m, 250*ms)
	for range 3 {
		r.frame()
	}
	if !seen("n = read(conn, buf, sizeof buf);") {
		t.Error("the line where it stands then is not shown")
	}
}

func TestWrapCode(t *testing.T) {
	for _, c := range []struct {
		line    string
		columns int
		want    []string
	}{
		{"close(fd);", 10, []string{"close(fd);"}},
		{"fd = socket(ai->ai_family, SOCK_STREAM, 0);", 20, []string{"fd =", "socket(ai->ai_fami", "ly, SOCK_STREAM,", "0);"}},
		{"fd = socket(ai->ai_family, SOCK_STREAM, 0);", 27, []string{"fd = socket(ai->ai_family,", "SOCK_STREAM, 0);"}},
		{"x = 1;  ", 8, []string{"x = 1;  "}},
		{"x = 1;    ", 8, []string{"x = 1;  "}},
		{"// 中文的注释", 9, []string{"//", "中文的", "注释"}},
		{"", 9, []string{""}},
	} {
		if got := wrapCode(nil, c.line, c.columns); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q in %d columns: %q", c.line, c.columns, got)
		}
	}
}

// Programs that have no room are named, and one that is picked is shown first.
func TestOtherProgramsCanBePicked(t *testing.T) {
	m := openLab(t, "home-network", 3100*ms)
	var d Program
	r := newRig(t, 511, 206, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	r.frame()
	var groups, others []string
	list := func() {
		groups, others = nil, nil
		for _, n := range r.Tree() {
			rest, _ := strings.CutPrefix(n.ID, "program/")
			switch {
			case n.Role == ui.RoleGroup && rest != "" && !strings.Contains(rest, "/"):
				groups = append(groups, n.Name)
			case n.Role == ui.RoleButton:
				others = append(others, n.ID)
			}
		}
	}
	list()
	if len(groups) != 3 || !strings.Contains(groups[1], "curl") || len(others) < 2 { // the first is that of the view itself
		t.Fatalf("shown are %q, named %q", groups, others)
	}
	r.do(t, others[1], "press", "")
	list()
	if strings.Contains(groups[1], "curl") {
		t.Errorf("after %s was picked, %q are shown", others[1], groups)
	}
}
