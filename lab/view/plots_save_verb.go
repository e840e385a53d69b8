package view

import "wirelab/lab/ui"

// SaveAs asks to save what was drawn in this frame: the picture if ending is svg, else the numbers. It says false while
// the records are still being read, and there is more to come.
func (d *Plots) SaveAs(u *ui.UI, m *Model, ending string) bool {
	switch {
	case d.loading:
		return false
	case len(d.subjects) == 0:
		return true // the view says by itself that there is nothing
	case ending == "svg":
		m.Ask(Ask{Kind: AskSaveFile, Text: "plots.svg", Data: d.svg(u, m)})
	default:
		m.Ask(Ask{Kind: AskSaveFile, Text: "plots.csv", Data: d.csv()})
	}
	return true
}
