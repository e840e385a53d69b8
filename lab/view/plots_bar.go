package view

import (
	"fmt"
	"slices"

	"wirelab/lab/ui"
)

// bar is what is chosen above the charts: which of them, the connection, and what is laid over it.
func (d *Plots) bar(u *ui.UI, r ui.Rect, m *Model) {
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, u.Theme.Line)
	r = r.InsetXY(ui.Space2, (r.H-u.Grow(26))/2)
	names := [chartKinds]string{}
	chips := float32(0)
	for k := range names {
		names[k] = m.Say("view.plot_" + chartIDs[k])
		chips += chipWidth(u, names[k]) + ui.Space1
	}
	compare := m.Say("view.plot_compare")
	if n := len(d.subjects) - 1; n > 0 {
		compare += " +" + d.memo.words(wordsWhole, float64(n))
	}
	compareWidth := u.ButtonWidth(compare, ui.Opt{Arrow: true, Style: ui.Small})
	label := d.subjects[0].c.label
	labelWidth := u.Width(label, ui.CodeSmall) + u.Grow(28) + ui.Space2
	if chips+compareWidth+min(labelWidth, u.Grow(150)) <= r.W {
		for k := range names {
			if u.Button(r.CutLeft(chipWidth(u, names[k])), chartIDs[k]+"-chip", names[k], ui.Opt{Selected: d.charts[k].shown, Style: ui.Small, Tip: m.Say("view.plot_" + chartIDs[k] + "_tip")}) {
				d.press(chartKind(k))
			}
			r.CutLeft(ui.Space1)
		}
	} else {
		word := m.Say("view.plot_charts")
		d.chartMenu(u, r.CutLeft(min(u.ButtonWidth(word, ui.Opt{Arrow: true, Style: ui.Small}), r.W*0.34)), word, names, m)
		r.CutLeft(ui.Space1)
	}
	d.compareMenu(u, r.CutRight(min(compareWidth, r.W*0.5)), compare, m)
	r.CutRight(ui.Space1)
	d.connMenu(u, r.CutRight(min(labelWidth, r.W)), label, m)
	if d.loading && r.W > u.Grow(20) {
		u.Label(r, "loading", "…", ui.Body, ui.Middle, u.Theme.Dim)
	}
}

func chipWidth(u *ui.UI, s string) float32 { return u.Width(s, ui.Small) + 2*ui.Space2 + 1 }

// drop is a button that opens a menu, whose lines are made only while it is open.
func drop(u *ui.UI, r ui.Rect, id, label string, style ui.Style, lines func() []ui.MenuItem) string {
	it := u.ButtonNode(r, id, label, ui.Opt{Arrow: true, Style: style, Selected: u.MenuOpen(id + ".menu")})
	if it.Clicked {
		u.OpenMenu(id+".menu", r.X, r.Bottom())
	}
	if !u.MenuOpen(id + ".menu") {
		return ""
	}
	return u.Menu(id+".menu", label, lines())
}

func (d *Plots) chartMenu(u *ui.UI, r ui.Rect, word string, names [chartKinds]string, m *Model) {
	chosen := drop(u, r, "charts", word, ui.Small, func() (items []ui.MenuItem) {
		for k := range names {
			items = append(items, ui.MenuItem{ID: chartIDs[k], Label: names[k], Checked: d.charts[k].shown})
		}
		return items
	})
	if k := slices.Index(chartIDs[:], chosen); k >= 0 {
		d.press(chartKind(k))
	}
}

// maxListed is how many connections a menu has: the newest.
const maxListed = 16

// listed returns the connections that menus offer, each once, the newest first.
func (d *Plots) listed(m *Model) (ends []*connEnd) {
	all := d.here.known.ends
	for i := len(all) - 1; i >= 0 && len(ends) < maxListed; i-- {
		if all[i].listener {
			continue
		}
		if e := d.way(all[i], m); !slices.Contains(ends, e) {
			ends = append(ends, e)
		}
	}
	return ends
}

func (d *Plots) connMenu(u *ui.UI, r ui.Rect, label string, m *Model) {
	var ends []*connEnd
	shown := d.subjects[0].c
	chosen := drop(u, r, "conn", label, ui.CodeSmall, func() (items []ui.MenuItem) {
		ends = d.listed(m)
		for i, e := range ends {
			items = append(items, ui.MenuItem{ID: fmt.Sprint(i), Label: d.here.curvesOf(e, m).label, Checked: e == shown.end})
		}
		return append(items, ui.MenuItem{}, ui.MenuItem{ID: "turn", Label: m.Say("view.plot_turn"), Disabled: shown.peer == nil || shown.peer.listener})
	})
	switch {
	case chosen == "turn":
		d.turned = shown.peer.ref
	case chosen != "":
		var i int
		fmt.Sscan(chosen, &i)
		d.turned = ConnRef{}
		d.with = slices.DeleteFunc(d.with, func(ref ConnRef) bool { return ref == ends[i].ref })
		m.Choose(Target{Kind: OnConn, Conn: ends[i].ref})
	}
}

func (d *Plots) compareMenu(u *ui.UI, r ui.Rect, label string, m *Model) {
	var ends []*connEnd
	others := m.otherBranches()
	chosen := drop(u, r, "compare", label, ui.Small, func() (items []ui.MenuItem) {
		for _, e := range d.listed(m) {
			if e != d.subjects[0].c.end {
				ends = append(ends, e)
			}
		}
		for i, e := range ends {
			on := slices.Contains(d.with, e.ref)
			items = append(items, ui.MenuItem{ID: fmt.Sprint(i), Label: d.here.curvesOf(e, m).label, Checked: on, Disabled: !on && len(d.with) >= maxWith})
		}
		if len(ends) == 0 {
			items = append(items, ui.MenuItem{ID: "none", Label: m.Say("view.plot_alone"), Disabled: true})
		}
		items = append(items, ui.MenuItem{})
		for i := range m.Futures {
			items = append(items, ui.MenuItem{ID: fmt.Sprint("future", i), Label: m.Futures[i].Name, Checked: true})
		}
		for _, i := range others {
			items = append(items, ui.MenuItem{ID: fmt.Sprint("branch", i), Label: m.BranchName(i), Disabled: len(m.Futures) >= maxFutures})
		}
		if len(m.Futures)+len(others) == 0 {
			items = append(items, ui.MenuItem{ID: "none", Label: m.Say("view.plot_one_future"), Disabled: true})
		}
		return items
	})
	var i int
	switch {
	case chosen == "" || chosen == "none":
	case scans(chosen, "future%d", &i):
		m.Futures = slices.Delete(m.Futures, i, i+1)
	case scans(chosen, "branch%d", &i):
		m.Ask(Ask{Kind: AskCompare, Branch: i})
	case scans(chosen, "%d", &i):
		if at := slices.Index(d.with, ends[i].ref); at >= 0 {
			d.with = slices.Delete(d.with, at, at+1)
		} else {
			d.with = append(d.with, ends[i].ref)
		}
	}
}

// scans reports whether an item's name has a form, and reads the number in it.
func scans(name, form string, i *int) bool {
	_, err := fmt.Sscanf(name, form, i)
	return err == nil
}

// otherBranches returns those that are not laid over this one.
func (m *Model) otherBranches() (list []int) {
	for i := range m.Branches {
		if name := m.BranchName(i); !slices.ContainsFunc(m.Futures, func(f Future) bool { return f.Name == name }) {
			list = append(list, i)
		}
	}
	return list
}
