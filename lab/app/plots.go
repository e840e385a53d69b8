package app

import (
	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// plotted says whether there is anything to plot, and a place for it.
func plotted(a *App, _ view.Target) bool {
	return a.shows("plots") && a.Model.Lab.Trace.Len() > 0
}

// savePlots shows the plots, and saves what they show once they are drawn.
func (a *App) savePlots(ending string) {
	a.choose("plots")
	a.plotsAs = ending
}

// plotsMenu is what a menu offers besides, where the plots are.
func (a *App) plotsMenu() (items []ui.MenuItem) {
	for i := range verbs {
		if v := &verbs[i]; v.id == "save_svg" || v.id == "save_csv" {
			t := view.Target{Kind: view.OnLab}
			items = append(items, ui.MenuItem{ID: v.id, Label: v.label(&a.Model), Key: v.key.String(), Icon: v.icon, Disabled: !v.possible(a, t)})
		}
	}
	return items
}
