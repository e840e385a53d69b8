package ui

// UsePlatformText does nothing in a browser: there, set Bridge. (The engine's own package for text input calls eval when it is
// imported, which a strict content security policy forbids.)
func (u *UI) UsePlatformText() {}

// wheelStep is logical pixels for a unit of the engine's wheel: browsers already
// count in pixels, about 100 for a notch.
const wheelStep = 1
