package ui

// UsePlatformText does nothing in a browser: there, set Bridge. (The engine's own package for text input calls eval when it is
// imported, which a strict content security policy forbids.)
func (u *UI) UsePlatformText() {}
