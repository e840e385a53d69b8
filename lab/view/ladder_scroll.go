package view

import "wirelab/lab/ui"

// Which part of the ladder can be seen.

// scroll follows now, until a person scrolls or chooses a packet that cannot be seen; when time moves it follows again.
func (d *Ladder) scroll(it ui.Interaction, body ui.Rect, total float32, m *Model) {
	if it.WheelY != 0 || it.Dragging && it.DY != 0 {
		d.free = true
		d.top += it.WheelY
		if it.Dragging {
			d.top -= it.DY
		}
	}
	if m.Playing || m.Now() != d.now {
		d.free = false
	}
	if d.now = m.Now(); m.Packet+1 != d.chosen && !m.Playing {
		d.show(body, m)
	}
	d.chosen = m.Packet + 1
	end := max(0, total+60-body.H)
	if !d.free {
		now := float32(m.index.ladder.at(m.Now())) * d.stretch
		if now < d.top+40 || now > d.top+body.H*0.72 {
			d.top = now - body.H*0.72
		}
	}
	d.top = min(max(d.top, 0), end)
}

// show brings the chosen packet into sight.
func (d *Ladder) show(body ui.Rect, m *Model) {
	if m.Packet < 0 || !m.Lab.Trace.Has(uint64(m.Packet)) {
		return
	}
	c := m.Lab.Trace.At(uint64(m.Packet))
	from, to := d.y(body, m, c.Start), d.y(body, m, c.Arrive)
	d.free = true
	if from < body.Y+10 || min(to, from+body.H/2) > body.Bottom()-10 {
		d.top += from - (body.Y + body.H*0.3)
	}
}
