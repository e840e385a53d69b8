//go:build !js

package browser

import "wirelab/lab"

// textVerbs change the size of text, which nothing in the page says: TestTextGrows looks at them.
var textVerbs = []string{"larger", "smaller", "normal"}

const (
	stepDid = `(await hash()) === want && want !== was`
	flying  = `await wirelab.example('four-way-close'); await at(0); await wirelab.step('packet'); await pick('upper/packets'); await pick('packets/list/0'); await seen(() => is('packets/list/0'))`
	another = `await pick('lower/connection'); await seen(() => is('lower/connection'))`
	nodeA   = `await pick('stage/node-A'); await seen(() => w('stage/node-A/knob'));`
	link0   = `await pick('stage/link0'); await seen(() => w('stage/link0.menu')); await pick('stage/link0.menu/link_properties'); await seen(() => !w('stage/link0.menu') && w('stage/link0'));`
)

// keyCases stand in an order in which each finds what it needs.
var keyCases = []keyCase{
	{verb: "palette", does: `w('palette')`, leave: "palette"},
	{verb: "keys", does: `w('keys')`, leave: "keys"},
	{verb: "play", does: `(await wirelab.status()).playing`, back: true},
	{verb: "packet", before: `await stepped(0.15, 'packet')`, does: stepDid},
	{verb: "next", before: `await stepped(0.15, 'packet')`, does: stepDid},
	{verb: "state", before: `await stepped(0.15, 'state')`, does: stepDid},
	{verb: "syscall", before: `await stepped(0.15, 'syscall')`, does: stepDid},
	{verb: "event", before: `await stepped(0.15, 'event')`, does: stepDid},
	{verb: "timer", before: `await stepped(0.15, 'timer')`, does: stepDid},
	{verb: "continue", before: `await at(0.1195); await seen(() => says('Step 1 of 7'))`, does: `says('Step 2 of 7') && w('card').ariaLabel.startsWith('Three segments')`},
	{verb: "back", before: `await at(0.15)`, does: `(await now()) < 150e6 && (await now()) > 100e6`},
	{verb: "previous", before: `await at(0.15)`, does: `(await now()) < 150e6 && (await now()) > 100e6`},
	{verb: "until", does: `asks('Run until')`, leave: "prompt"},
	{verb: "end", before: `await at(1); await at(0.15)`, does: `(await now()) > 300e6 && w('time/end').ariaDisabled === 'true'`},
	{verb: "save_svg", before: `HTMLAnchorElement.prototype.click = function () { self.offered = this.download; }`, does: `self.offered?.endsWith('.svg')`},
	{verb: "save_csv", does: `self.offered?.endsWith('.csv')`},
	{verb: "start", does: `(await now()) === 0`},
	{verb: "slower", does: `/= 5\sms/.test(w('time/speed').ariaValueText)`},
	{verb: "faster", does: `/= 10\sms/.test(w('time/speed').ariaValueText)`},
	{verb: "command", does: `asks('Do what I write')`, leave: "prompt"},
	{verb: "open", before: `document.getElementById('file-input').addEventListener('click', (e) => { e.preventDefault(); self.picked = true; }, { once: true })`, does: `self.picked`},
	{verb: "works", does: `w('works')`, leave: "works"},
	{verb: "retitle", does: `asks('Rename this lab')`, leave: "prompt"},
	{verb: "save", before: `HTMLAnchorElement.prototype.click = function () { self.offered = this.download; }`, does: `self.offered?.endsWith('.lab')`},

	{verb: "view_packets", does: `is('upper/packets') && w('packets')`},
	{verb: "view_ladder", does: `is('upper/ladder') && w('ladder')`},
	{verb: "view_decode", does: `is('lower/decode') && w('decode')`},
	{verb: "view_connection", does: `is('lower/connection') && w('connection')`},
	{verb: "view_why", does: `is('upper/why') && w('why')`},
	{verb: "view_timers", does: `is('lower/timers') && w('timers')`},
	{verb: "view_program", does: `is('lower/program') && w('program')`},
	{verb: "view_plots", does: `is('upper/plots') && w('plots')`},
	{verb: "view_lesson", does: `is('upper/lesson') && w('lesson')`},
	{verb: "view_inspect", does: `is('lower/inspect') && w('inspect')`},
	{verb: "terminals", does: `!w('terminal/of-A/input')`, back: true},
	{verb: "full", does: `!w('stage')`, back: true},
	{verb: "close_panes", does: `!w('upper-pane')`, back: true},
	{verb: "language", does: `document.documentElement.lang === 'zh-CN'`, back: true},
	{verb: "theme", does: `w('bar/theme').textContent === 'Dark theme'`, back: true},
	{verb: "lecture", does: `says('Large type for a lecture')`},
	{verb: "fit", before: `const c = document.querySelector('canvas');
		c.dispatchEvent(new MouseEvent('mousemove', { clientX: 700, clientY: 330, bubbles: true }));
		await seen(() => { c.dispatchEvent(new WheelEvent('wheel', { deltaY: -300, bubbles: true })); return !w('stage/node-A'); })`, does: `w('stage/node-A')`},

	{verb: "add_host", does: `w('stage/node-h1')`},
	{verb: "undo", does: `!w('stage/node-h1')`},
	{verb: "redo", does: `w('stage/node-h1')`},
	{verb: "add_switch", does: `w('stage/node-s1')`},
	{verb: "add_router", does: `w('stage/node-r1')`},
	{verb: "column", file: func(w *twin) bool { return w.aligned(func(n *lab.Node) int32 { return n.X }) }},
	{verb: "row", file: func(w *twin) bool { return w.aligned(func(n *lab.Node) int32 { return n.Y }) }},
	{verb: "layout", file: func(w *twin) bool { l := w.Session.Lab(); d := l.Node(1).X - l.Node(0).X; return d == 320 || d == -320 }},
	{verb: "copy", before: `await pick('stage/node-h1'); await seen(() => w('stage/node-h1/knob'))`, does: `says('1 copied')`},
	{verb: "paste", does: `w('stage/node-h2')`},
	{verb: "note", does: `asks('Write a note')`, leave: "prompt"},
	{verb: "properties", before: nodeA + another, does: `is('lower/inspect') && says('192.168.1.116')`},
	{verb: "rename", before: nodeA, does: `asks('Rename · A')`, leave: "prompt"},
	{verb: "connect", does: `asks('Connect · A')`, leave: "prompt"},
	{verb: "address", does: `asks('Change its address · A')`, leave: "prompt"},
	{verb: "setting", does: `asks('Change a setting · A')`, leave: "prompt"},
	{verb: "run", does: `asks('Run a command · A')`, leave: "prompt"},
	{verb: "interrupt", before: `await wirelab.exec('A', 'ping 192.168.1.123'); ` + nodeA, does: `(await wirelab.output('A')).includes('packets transmitted')`},
	{verb: "remove", before: `await pick('stage/node-h2'); await seen(() => w('stage/node-h2/knob'))`, does: `!w('stage/node-h2')`},

	{verb: "hold", before: flying, file: func(w *twin) bool { return w.Model.Held(0) }},
	{verb: "release", file: func(w *twin) bool { return !w.Model.Held(0) }},
	{verb: "duplicate", file: func(w *twin) bool { return w.did(lab.ActDuplicate) }},
	{verb: "corrupt", file: func(w *twin) bool { return w.did(lab.ActCorrupt) }},
	{verb: "edit", does: `asks('Edit a field · #1')`, leave: "prompt"},
	{verb: "delay", does: `asks('Delay · #1')`, leave: "prompt"},
	{verb: "why", does: `is('upper/why')`},
	{verb: "details", before: another, does: `is('lower/decode')`},
	{verb: "drop", file: func(w *twin) bool { return w.did(lab.ActDrop) }},
	{verb: "nothing", before: `await pick('upper/packets'); await seen(() => is('packets/list/0'))`, does: `w('packets/list/0') && !is('packets/list/0')`},
	{verb: "arrived", before: flying, does: `(await now()) > 100e6`},
	{verb: "sent", does: `(await now()) === 100e6`},
	{verb: "plot", before: `await pick('lower/timers'); await pick('timers/list/0'); await seen(() => is('timers/list/0'))`, does: `is('upper/plots')`},
	{verb: "show", does: `is('lower/connection')`},

	{verb: "link_properties", before: link0 + another, does: `is('lower/inspect')`},
	{verb: "link_rate", does: `asks('Bandwidth')`, leave: "prompt"},
	{verb: "link_delay", does: `asks('Delay')`, leave: "prompt"},
	{verb: "link_loss", does: `asks('Loss')`, leave: "prompt"},
	{verb: "link_limit", does: `asks('Length of the queue')`, leave: "prompt"},
	{verb: "link_queue", does: `asks('Discipline of the queue')`, leave: "prompt"},
	{verb: "link_setting", does: `asks('Another setting')`, leave: "prompt"},
	{verb: "link_rule", does: `asks('A rule for packets on it')`, leave: "prompt"},
	{verb: "link_down", file: func(w *twin) bool { return w.Session.Lab().LinkAt(0).Dir[0].Down }},
	{verb: "link_up", file: func(w *twin) bool { return !w.Session.Lab().LinkAt(0).Dir[0].Down }},
	{verb: "remove_link", before: link0, does: `!w('stage/link0')`},
	{verb: "new", does: `!w('stage/node-A')`},
	{verb: "type", before: `await wirelab.example('four-way-close'); await seen(() => w('stage/node-A')); ` + nodeA, does: `document.activeElement.id === 'text-input'`},
}

// aligned says whether a coordinate is the same for all nodes.
func (w *twin) aligned(at func(n *lab.Node) int32) bool {
	l := w.Session.Lab()
	for id := range l.Present {
		if at(l.Node(id)) != at(l.Node(0)) {
			return false
		}
	}
	return true
}
