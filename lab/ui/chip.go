package ui

// Label writes a line that is part of the tree, which Text is not.
func (u *UI) Label(r Rect, id, s string, style Style, align Align, c Color) {
	u.Node(Spec{ID: id, Rect: r, Role: RoleText, Name: s})
	u.TextIn(r, s, style, align, c)
}

// ChipWidth is how wide a chip must be to show all of its words.
func (u *UI) ChipWidth(s string, style Style) float32 { return u.Width(s, style) + 2*Space2 }

// Chip is a badge: words on a quiet fill of a colour, as for the state of a connection.
func (u *UI) Chip(r Rect, id, s string, style Style, c Color) Interaction {
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleText, Name: s})
	u.RoundFill(r, min(RadiusSmall, r.H/2), u.Theme.Tint(c))
	u.TextIn(r.InsetXY(Space1, 0), s, style, Middle, u.Theme.OnTint(c))
	return it
}

// SolidChip is a badge whose fill is (nearly) the colour itself.
func (u *UI) SolidChip(r Rect, id, s string, style Style, c Color) Interaction {
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleText, Name: s})
	fill := u.Theme.Block(c)
	u.RoundFill(r, min(RadiusSmall, r.H/2), fill)
	u.TextIn(r.InsetXY(Space1, 0), s, style, Middle, u.Theme.On(fill))
	return it
}

// Progress is a bar that fills from left to right as share goes from 0 to 1.
func (u *UI) Progress(r Rect, id, name string, share float32, c Color) {
	share = clamp(share, 0, 1)
	u.Node(Spec{ID: id, Rect: r, Role: RoleProgress, Name: name, Value: percent(share)})
	u.RoundFill(r, r.H/2, u.Theme.LineStrong)
	if w := r.W * share; w > 0 {
		u.RoundFill(Rect{r.X, r.Y, max(w, r.H), r.H}, r.H/2, c)
	}
}

// Card is a raised surface with a border, for things that float on the stage.
func (u *UI) Card(r Rect, c Color) {
	t := &u.Theme
	u.Shadow(r.Offset(0, 3), RadiusCard, 10, t.Shadow.Alpha(0.5))
	u.RoundFill(r, RadiusCard, c)
	u.RoundStroke(r, RadiusCard, 0, t.LineStrong)
}
