//go:build !js

package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/bench"
	"wirelab/lab/disk"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/problem"
	"wirelab/static"
)

// Desktop returns the platform of a window of the operating system.
func Desktop() Platform {
	return Platform{
		Scale:   func() float32 { return float32(ebiten.Monitor().DeviceScaleFactor()) },
		Disk:    osDisk{},
		Retitle: ebiten.SetWindowTitle,
		Dropped: dropped,
		Ended:   ended(),
	}
}

// Fonts returns the fonts that the desktop program carries.
func Fonts() (*ui.Fonts, error) {
	return ui.NewFonts(static.FontSans, static.FontSansBold, static.FontMono, static.FontMonoBold, static.FontChineseFull)
}

// OpenWindow opens the desktop window with the lab in file, or with the work of last time if file is empty, and returns when it is closed.
func OpenWindow(file string) error { return OpenWindowWith(file, nil) }

// OpenWindowWith is OpenWindow for programs that take part: each, unless it is nil, is called before every frame.
func OpenWindowWith(file string, each func(*App)) error {
	fonts, err := Fonts()
	if err != nil {
		return err
	}
	s := session.New()
	if lang, ok := words.Parse(os.Getenv("LANG")); ok {
		s.Lang(string(lang))
	}
	a := New(Options{Session: s, Fonts: fonts}, Desktop())
	release := a.keepOnDisk()
	defer release()
	if err := a.beginWith(file); err != nil {
		return err
	}
	a.UI.UsePlatformText()
	ebiten.SetWindowSize(1280, 760)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetScreenClearedEveryFrame(false)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	if err := ebiten.RunGame(&window{a, each}); err != nil && !errors.Is(err, ebiten.Termination) {
		return fmt.Errorf("cannot open a window: %w; wirelab serve shows the lab in a browser", err)
	}
	if a.Keeper != nil {
		a.Keeper.Flush()
	}
	return nil
}

// window is an App that somebody takes part in.
type window struct {
	*App
	each func(*App)
}

func (w *window) Update() error {
	if w.each != nil {
		w.each(w.App)
	}
	return w.App.Update()
}

// BenchFrame runs the workload `frame` in a window and prints its figures as JSON, or as a table.
func BenchFrame(args []string, out io.Writer) error {
	fonts, err := Fonts()
	if err != nil {
		return err
	}
	b, err := NewFrameBench(fonts, 240)
	if err != nil {
		return err
	}
	b.Done = func(f FrameFigures) {
		err = bench.Write(out, &f, slices.Contains(args, "--json"))
	}
	ebiten.SetWindowSize(frameWidth, frameHeight)
	ebiten.SetVsyncEnabled(false)
	ebiten.SetScreenClearedEveryFrame(false) // as in the window
	ebiten.SetTPS(ebiten.SyncWithFPS)
	if failed := ebiten.RunGame(b); failed != nil {
		return fmt.Errorf("cannot open a window: %w; frame needs one", failed)
	}
	return err
}

// dropped hands over a file that was dropped on the window.
func dropped(open func(name string, data []byte, err error)) {
	folder := ebiten.DroppedFiles()
	if folder == nil {
		return
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil || len(entries) == 0 {
		return
	}
	if len(entries) > 1 {
		open(entries[0].Name(), nil, problem.New("drop one file at a time"))
		return
	}
	data, err := readBounded(folder, entries[0].Name())
	open(entries[0].Name(), data, err)
}

// maxRead is more than any lab; a film that was dropped is not read into memory.
const maxRead = 64 << 20

func readBounded(folder fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(folder, name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, problem.New("it is a folder, not a .lab file")
	case info.Size() > maxRead:
		return nil, problem.New("it has %d bytes, more than any lab", info.Size())
	}
	return fs.ReadFile(folder, name)
}

// osDisk is the disk of the operating system.
type osDisk struct{}

func (osDisk) List(dir string) (string, []DiskEntry, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", nil, err
	}
	found, err := os.ReadDir(abs)
	if err != nil {
		return "", nil, err
	}
	entries := []DiskEntry{{"..", true}}
	for _, e := range found {
		hidden := strings.HasPrefix(e.Name(), ".")
		if !hidden && (e.IsDir() || strings.HasSuffix(e.Name(), ".lab")) {
			entries = append(entries, DiskEntry{e.Name(), e.IsDir()})
		}
	}
	return abs, entries, nil
}

func (osDisk) Read(path string) ([]byte, error)     { return disk.Read(path) }
func (osDisk) Write(path string, data []byte) error { return disk.Write(path, data) }
