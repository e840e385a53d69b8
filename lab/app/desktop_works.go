//go:build !js

package app

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"wirelab/lab/ui"
	"wirelab/lab/works"
	"wirelab/lab/works/folder"
)

// worksFolder is where works stand, and lastLab the file in which older versions kept the last one.
func worksFolder() (dir, lastLab string, err error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return "", "", err
	}
	base = filepath.Join(base, "wirelab")
	return filepath.Join(base, "works"), filepath.Join(base, "last.lab"), nil
}

// newID returns an id that no work has.
func newID() string {
	var b [10]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// keepOnDisk connects the library on the disk, and takes over what an older version kept. If there can be none, the window says so.
func (a *App) keepOnDisk() (release func()) {
	dir, last, err := worksFolder()
	if err == nil {
		release, err = a.KeepIn(dir)
	}
	if err != nil {
		a.UI.ToastAction(a.Model.Say("app.not_kept", a.tell(err)), ui.ToneError, a.Model.Say("app.understood"), func() {})
		return func() {}
	}
	if data, err := os.ReadFile(last); err == nil {
		info, _ := os.Stat(last)
		a.Library.Adopt(data, info.ModTime().UnixMilli(), func(_ works.Meta, err error) {
			if err == nil {
				os.Remove(last)
			}
		})
	}
	return release
}

// KeepIn connects the library in a folder. release says that the window is closed.
func (a *App) KeepIn(dir string) (release func(), err error) {
	store, err := folder.Open(dir)
	if err != nil {
		return nil, err
	}
	a.Session.NewIDs(newID)
	a.Library = &works.Library{Store: store, NewID: newID, Now: time.Now, TitleOf: a.Session.TitleOf}
	a.Keeper = works.NewKeeper(a.Session, store, newID(), time.Now)
	a.Keeper.Presence = store
	a.Keeper.Saved = func(works.Meta) { a.Library.Stale() }
	return store.Release, nil
}

// beginWith opens a file, and offers the work that was made from it; or without one the work of last time.
func (a *App) beginWith(file string) error {
	if file != "" {
		if err := a.OpenFile(file); err != nil || a.Library == nil {
			return err
		}
		a.Library.Read(func(list []works.Meta, _ error) {
			for _, m := range list {
				if m.File == a.file.path {
					a.OfferWork(m)
					return
				}
			}
		})
		return nil
	}
	if a.Library != nil {
		a.Library.Read(func(list []works.Meta, _ error) { a.resume(list) })
	}
	return nil
}

// resume opens the latest work that no other window has open.
func (a *App) resume(list []works.Meta) {
	for _, m := range list {
		taken := false
		a.Keeper.Presence.Claim(m.ID, func() { taken = true })
		if !taken {
			a.openWork(m.ID)
			return
		}
	}
}

// ended returns a function that reports whether the system has asked the program to end.
func ended() func() bool {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	return func() bool { return len(c) > 0 }
}
