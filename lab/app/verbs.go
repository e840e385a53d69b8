package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// verbs is everything that a person can do, in the order in which menus and the sheet of keys show it.
var verbs []verb

func init() {
	verbs = append(verbs, labVerbs()...)
	verbs = append(verbs, packetVerbs()...)
	verbs = append(verbs, connVerbs()...)
	verbs = append(verbs, nodeVerbs()...)
	verbs = append(verbs, linkVerbs()...)
}

// wish is what a verb does that only asks for something.
func wish(k view.Ask) func(*App, view.Target, string) error {
	return func(a *App, _ view.Target, _ string) error { return a.carryOut(&k) }
}

// act is what a verb does that cannot fail.
func act(f func(a *App)) func(*App, view.Target, string) error {
	return func(a *App, _ view.Target, _ string) error {
		f(a)
		return nil
	}
}

// begins is what the answer to a question begins with.
func begins(text string) func(*App, view.Target) string {
	return func(*App, view.Target) string { return text }
}

func labVerbs() []verb {
	step := func(kind string) func(*App, view.Target, string) error {
		return wish(view.Ask{Kind: view.AskStep, Text: kind})
	}
	list := []verb{
		{id: "palette", key: ctrl(ebiten.KeyK), icon: ui.IconSearch, do: act((*App).openPalette)},
		{id: "keys", key: shift(ebiten.KeySlash), do: act(func(a *App) { a.sheet = true })},
		{id: "play", key: key(ebiten.KeySpace), icon: ui.IconPlay, do: act((*App).playOrPause)},
		{id: "packet", key: key(ebiten.KeyArrowRight), icon: ui.IconStep, do: step("packet")},
		{id: "back", key: key(ebiten.KeyArrowLeft), icon: ui.IconBack, do: act(func(a *App) { a.Model.StepBack() })},
		{id: "state", key: key(ebiten.KeyS), do: step("state")},
		{id: "syscall", key: key(ebiten.KeyC), do: step("syscall")},
		{id: "event", key: key(ebiten.KeyPeriod), do: step("event")},
		{id: "timer", key: key(ebiten.KeyComma), do: step("timer")},
		{id: "until", key: key(ebiten.KeyU), asks: begins(""), do: func(a *App, _ view.Target, text string) error { return a.Session.Run(text) }},
		{id: "continue", key: key(ebiten.KeyN), able: func(a *App, _ view.Target) bool { return a.Model.Learned() < len(a.Model.Lesson) }, do: func(a *App, _ view.Target, _ string) error { return a.Session.Continue() }},
		{id: "start", key: key(ebiten.KeyHome), icon: ui.IconSkipBack, do: wish(view.Ask{Kind: view.AskSeek})},
		{id: "end", key: key(ebiten.KeyEnd), icon: ui.IconSkipForward, do: act(func(a *App) { a.Session.SeekNs(max(a.Model.End(), a.Model.Now())) })},
		{id: "slower", key: key(ebiten.KeyMinus), do: act(func(a *App) { a.Session.Speed(view.Faster(a.Model.Speed, -1)) })},
		{id: "faster", key: key(ebiten.KeyEqual), do: act(func(a *App) { a.Session.Speed(view.Faster(a.Model.Speed, 1)) })},
		{id: "undo", stage: true, able: func(a *App, _ view.Target) bool { return a.Model.CanUndo }, key: ctrl(ebiten.KeyZ), icon: ui.IconUndo, do: wish(view.Ask{Kind: view.AskUndo})},
		{id: "redo", stage: true, able: func(a *App, _ view.Target) bool { return a.Model.CanRedo }, key: ctrl(ebiten.KeyZ).withShift(), do: wish(view.Ask{Kind: view.AskRedo})},
		{id: "add_host", stage: true, key: shift(ebiten.KeyH), icon: ui.IconHost, do: func(a *App, _ view.Target, _ string) error { return a.add(lab.KindHost) }},
		{id: "add_switch", stage: true, key: shift(ebiten.KeyS), icon: ui.IconSwitch, do: func(a *App, _ view.Target, _ string) error { return a.add(lab.KindSwitch) }},
		{id: "add_router", stage: true, key: shift(ebiten.KeyR), icon: ui.IconRouter, do: func(a *App, _ view.Target, _ string) error { return a.add(lab.KindRouter) }},
		{id: "note", stage: true, icon: ui.IconEdit, key: shift(ebiten.KeyN), do: act((*App).addNote)},
		{id: "copy", key: ctrl(ebiten.KeyC), do: act((*App).copyNodes)},
		{id: "paste", stage: true, able: func(a *App, _ view.Target) bool { return len(a.copied.nodes) > 0 }, key: ctrl(ebiten.KeyV), do: func(a *App, _ view.Target, _ string) error { return a.pasteNodes() }},
		{id: "row", stage: true, key: shift(ebiten.KeyArrowRight), do: act(func(a *App) { a.align(true) })},
		{id: "column", stage: true, key: shift(ebiten.KeyArrowDown), do: act(func(a *App) { a.align(false) })},
		{id: "layout", stage: true, key: shift(ebiten.KeyL), do: act(func(a *App) { a.moveAll(a.Model.Arrangement()) })},
		{id: "command", key: key(ebiten.KeyEnter), asks: begins(""), do: func(a *App, _ view.Target, text string) error { return a.Session.Command(text) }},
		{id: "open", key: ctrl(ebiten.KeyO), icon: ui.IconOpen, do: act((*App).open)},
		{id: "save", key: ctrl(ebiten.KeyS), icon: ui.IconSave, do: act((*App).save)},
		{id: "save_svg", key: shift(ebiten.KeyV), icon: ui.IconSave, able: plotted, do: act(func(a *App) { a.savePlots("svg") })},
		{id: "save_csv", key: shift(ebiten.KeyE), able: plotted, do: act(func(a *App) { a.savePlots("csv") })},
		{id: "new", key: shift(ebiten.KeyO), icon: ui.IconPlus, do: func(a *App, _ view.Target, _ string) error { return a.Session.Blank() }},
		{id: "works", key: shift(ebiten.KeyW), icon: ui.IconOpen, do: act((*App).openShelf)},
		{id: "retitle", key: shift(ebiten.KeyF2), icon: ui.IconEdit, asks: func(a *App, _ view.Target) string { return a.Session.Title() }, do: func(a *App, _ view.Target, text string) error { return a.Session.Retitle(text) }},
		{id: "terminals", key: key(ebiten.KeyBackquote), icon: ui.IconTerminal, do: act(func(a *App) { a.terminal.Closed = !a.terminal.Closed })},
		{id: "fit", stage: true, key: key(ebiten.KeyF), do: act(func(a *App) { a.stage.Fit() })},
		{id: "full", key: key(ebiten.KeyM), icon: ui.IconExpand, do: act(func(a *App) { a.full = !a.full })},
		{id: "close_panes", key: shift(ebiten.KeyM), do: act(func(a *App) {
			a.panes[0].closed = !a.panes[0].closed || !a.panes[1].closed
			a.panes[1].closed, a.full = a.panes[0].closed, false
		})},
		{id: "lecture", key: key(ebiten.KeyF5), do: act((*App).lecture)},
		{id: "next", key: key(ebiten.KeyPageDown), do: step("packet")},
		{id: "previous", key: key(ebiten.KeyPageUp), do: act(func(a *App) { a.Model.StepBack() })},
		{id: "language", key: key(ebiten.KeyL), do: act((*App).switchLanguage)},
		{id: "theme", key: key(ebiten.KeyT), icon: ui.IconSun, do: act((*App).switchTheme)},
		{id: "larger", key: ctrl(ebiten.KeyEqual), do: act(func(a *App) { a.UI.TextScale *= 1.1 })},
		{id: "smaller", key: ctrl(ebiten.KeyMinus), do: act(func(a *App) { a.UI.TextScale /= 1.1 })},
		{id: "normal", key: ctrl(ebiten.KeyDigit0), do: act(func(a *App) { a.UI.TextScale = 1 })},
		{id: "nothing", key: key(ebiten.KeyEscape), do: act(func(a *App) {
			a.Model.Select(-1)
			a.Model.Conn, a.Model.Chosen = view.ConnRef{}, view.Target{}
		})},
	}
	for i, id := range instruments {
		list = append(list, verb{id: "view_" + id, key: key(instrumentKeys[i]), do: act(func(a *App) { a.choose(id) })})
	}
	return list
}

// say lets the session carry out words, in which %s is the number of the target as people count.
func say(format string, number func(view.Target) uint64) func(*App, view.Target, string) error {
	return func(a *App, t view.Target, text string) error {
		return a.Session.Command(strings.TrimSpace(fmt.Sprintf(format, number(t)) + " " + text))
	}
}

func packetVerbs() []verb {
	number := func(t view.Target) uint64 { return t.Packet + 1 }
	held := func(a *App, t view.Target) bool { return a.Model.Held(t.Packet) }
	moves := func(a *App, t view.Target) bool { return a.Model.OnItsWay(t.Packet) }
	flies := func(a *App, t view.Target) bool { return moves(a, t) && !held(a, t) }
	list := []verb{
		{id: "why", key: key(ebiten.KeyW), icon: ui.IconInfo, do: func(a *App, t view.Target, _ string) error {
			a.Model.Choose(t)
			a.choose("why")
			return nil
		}},
		{id: "details", key: key(ebiten.KeyD), do: func(a *App, t view.Target, _ string) error {
			a.Model.Choose(t)
			a.choose("decode")
			return nil
		}},
		{id: "hold", rule: true, key: key(ebiten.KeyH), icon: ui.IconPause, able: flies, do: say("hold %d", number)},
		{id: "release", key: key(ebiten.KeyR), icon: ui.IconPlay, able: held, do: say("release %d", number)},
		{id: "drop", key: key(ebiten.KeyX), icon: ui.IconClose, able: moves, do: say("drop %d", number)},
		{id: "delay", key: shift(ebiten.KeyD), able: moves, asks: begins("100ms"), do: say("delay %d", number)},
		{id: "duplicate", key: key(ebiten.KeyV), icon: ui.IconPlus, able: moves, do: say("duplicate %d", number)},
		{id: "corrupt", key: key(ebiten.KeyB), able: moves, do: say("corrupt %d", number)},
		{id: "edit", key: key(ebiten.KeyE), icon: ui.IconEdit, able: moves, asks: func(a *App, t view.Target) string { return a.Model.EditWords(t.Packet) }, do: say("edit %d", number)},
		{id: "sent", key: key(ebiten.KeyBracketLeft), rule: true, do: func(a *App, t view.Target, _ string) error { return a.goTo(a.Model.Lab.Trace.At(t.Packet).Offered) }},
		{id: "arrived", key: key(ebiten.KeyBracketRight), able: func(a *App, t view.Target) bool { return a.Model.Arrives(t.Packet) }, do: func(a *App, t view.Target, _ string) error {
			return a.goTo(a.Model.Lab.Trace.At(t.Packet).Arrive)
		}},
	}
	for i := range list {
		list[i].on = view.OnPacket
	}
	return list
}

func connVerbs() []verb {
	list := []verb{
		{id: "show", key: shift(ebiten.KeyC), do: func(a *App, t view.Target, _ string) error {
			a.Model.Choose(t)
			a.choose("connection")
			return nil
		}},
		{id: "plot", key: shift(ebiten.KeyP), do: func(a *App, t view.Target, _ string) error {
			a.Model.Choose(t)
			a.choose("plots")
			return nil
		}},
	}
	for i := range list {
		list[i].on = view.OnConn
	}
	return list
}

func nodeVerbs() []verb {
	host := func(a *App, t view.Target) bool { return a.Model.Lab.Host(t.Node) != nil }
	name := func(a *App, t view.Target) string { return a.Model.NodeName(t.Node) }
	list := []verb{
		{id: "type", key: key(ebiten.KeyI), icon: ui.IconTerminal, able: host, do: func(a *App, t view.Target, _ string) error {
			a.Model.Node, a.terminal.Closed = t.Node, false
			a.terminal.Focus()
			return nil
		}},
		{id: "run", key: key(ebiten.KeyO), able: host, asks: func(a *App, t view.Target) string { return a.Model.PingWords(t.Node) }, do: func(a *App, t view.Target, text string) error {
			return a.journal(lab.Exec{Node: t.Node, Line: text})
		}},
		{id: "interrupt", key: key(ebiten.KeyQ), able: func(a *App, t view.Target) bool {
			return host(a, t) && a.Model.Lab.Machine(t.Node).Foreground() != nil
		}, do: func(a *App, t view.Target, _ string) error {
			return a.journal(lab.Interrupt{Node: t.Node})
		}},
		{id: "properties", key: key(ebiten.KeyP), do: func(a *App, t view.Target, _ string) error {
			a.Model.Choose(t)
			a.choose("inspect")
			return nil
		}},
		{id: "connect", key: key(ebiten.KeyK), rule: true, icon: ui.IconLink, asks: func(a *App, t view.Target) string { return a.Model.AnotherNode(t.Node) }, do: func(a *App, t view.Target, text string) error {
			return a.connect(t.Node, text)
		}},
		{id: "address", key: shift(ebiten.KeyA), able: func(a *App, t view.Target) bool { return host(a, t) && len(a.Model.Lab.Host(t.Node).Ifaces) > 0 },
			asks: func(a *App, t view.Target) string { return a.Model.AddressWords(t.Node) }, do: func(a *App, t view.Target, text string) error {
				return a.Session.Command("address " + name(a, t) + " " + text)
			}},
		{id: "setting", key: key(ebiten.KeyG), able: host, asks: begins("net.ipv4.tcp_congestion_control reno"), do: func(a *App, t view.Target, text string) error {
			return a.Session.Command("sysctl " + name(a, t) + " " + text)
		}},
		{id: "rename", key: key(ebiten.KeyF2), icon: ui.IconEdit, asks: name, do: func(a *App, t view.Target, text string) error {
			return a.Session.Command("rename " + name(a, t) + " " + text)
		}},
		{id: "remove", key: key(ebiten.KeyDelete), icon: ui.IconClose, do: func(a *App, t view.Target, _ string) error {
			many := slices.Clone(a.Model.Many)
			if !slices.Contains(many, t.Node) {
				many = []uint32{t.Node}
			}
			for _, id := range many {
				if err := a.Session.Command("remove " + a.Model.NodeName(id)); err != nil {
					return err
				}
			}
			return nil
		}},
	}
	for i := range list {
		list[i].on = view.OnNode
	}
	return list
}

func linkVerbs() []verb {
	number := func(t view.Target) uint64 { return uint64(t.Link) }
	set := func(name string) func(*App, view.Target, string) error { return say("link %d "+name, number) }
	is := func(name string) func(*App, view.Target) string {
		return func(a *App, t view.Target) string { return a.Model.LinkSetting(t.Link, name) }
	}
	list := []verb{
		{id: "link_properties", key: key(ebiten.KeyP), do: func(a *App, t view.Target, _ string) error {
			a.Model.Choose(t)
			a.choose("inspect")
			return nil
		}},
		{id: "link_rate", key: key(ebiten.KeyK), asks: is("rate"), do: set("rate")},
		{id: "link_delay", key: key(ebiten.KeyY), asks: is("delay"), do: set("delay")},
		{id: "link_loss", key: key(ebiten.KeyO), asks: is("loss"), do: set("loss")},
		{id: "link_limit", key: key(ebiten.KeyI), asks: is("limit"), do: set("limit")},
		{id: "link_queue", key: key(ebiten.KeyQ), asks: is("queue"), do: set("queue")},
		{id: "link_setting", key: key(ebiten.KeyJ), asks: begins("jitter 5ms"), do: say("link %d", number)},
		{id: "link_down", key: key(ebiten.KeyZ), rule: true, able: func(a *App, t view.Target) bool { return a.Model.LinkSetting(t.Link, "state") == "up" }, do: say("link %d state down", number)},
		{id: "link_up", key: shift(ebiten.KeyZ), able: func(a *App, t view.Target) bool { return a.Model.LinkSetting(t.Link, "state") != "up" }, do: say("link %d state up", number)},
		{id: "link_rule", key: key(ebiten.KeyG), asks: begins("nth 2 drop when tcp.len > 0"), do: say("rule link %d", number)},
		{id: "remove_link", key: key(ebiten.KeyDelete), icon: ui.IconClose, do: say("remove link %d", number)},
	}
	for i := range list {
		list[i].on = view.OnLink
	}
	return list
}

// lecture makes everything large, for the last row of a hall, and back. A presenter's remote steps with page up and down.
func (a *App) lecture() {
	if a.hall == 0 {
		a.hall = a.UI.TextScale
		a.UI.TextScale = max(1.4, a.hall)
		a.UI.Toast(a.Model.Say("app.lecture"), ui.ToneInfo)
		return
	}
	a.UI.TextScale, a.hall = a.hall, 0
}

// say carries out what somebody wrote.
func (a *App) say(text string) {
	if err := a.Session.Command(text); err != nil {
		a.report(err)
	}
}

// goTo goes to an instant.
func (a *App) goTo(ns int64) error {
	a.Session.Pause()
	a.Session.SeekNs(ns)
	return nil
}

// example opens a built-in lab.
func (a *App) example(name string) {
	a.Session.Pause()
	open := a.Session.Blank
	if name != "blank" {
		open = func() error { return a.Session.Example(name) }
	}
	if err := open(); err != nil {
		a.report(err)
	}
}
