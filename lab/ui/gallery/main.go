// Command gallery shows every widget of package ui. Run it from the root of the repository:
//
//	go run ./lab/ui/gallery                                   look and try
//	go run ./lab/ui/gallery --shot out.png --theme light      write a picture and leave
package main

import (
	"flag"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
)

type game struct {
	u      *ui.UI
	reader ui.Reader
	page   page

	scale  float32
	forced float64
	w, h   int
	ticks  int

	shot  string
	after int // frames before the picture is taken
}

func main() {
	g := &game{page: newPage()}
	theme := flag.String("theme", "dark", "dark or light")
	flag.StringVar(&g.page.lang, "lang", "en", "en or zh")
	flag.StringVar(&g.shot, "shot", "", "write a picture to this file and leave")
	flag.IntVar(&g.after, "after", 40, "frames to wait before the picture")
	flag.Float64Var(&g.forced, "scale", 0, "device pixels per logical pixel; 0 asks the monitor")
	textScale := flag.Float64("text", 1, "text scale")
	fonts := flag.String("fonts", "static/fonts", "folder of the fonts")
	flag.StringVar(&g.page.open, "open", "", "open something at once: menu or dialog")
	width := flag.Int("width", 1280, "logical width")
	height := flag.Int("height", 720, "logical height")
	flag.Parse()

	f, err := loadFonts(*fonts)
	if err != nil {
		log.Fatal(err)
	}
	g.u = ui.New(f)
	g.u.TextScale = float32(*textScale)
	g.u.UsePlatformText()
	g.page.light = *theme == "light"
	k := 1.0
	if g.forced > 0 {
		k = g.forced
	}
	ebiten.SetWindowSize(int(float64(*width)*k), int(float64(*height)*k))
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetWindowTitle("Widgets")
	ebiten.SetTPS(ebiten.SyncWithFPS)
	if err := ebiten.RunGame(g); err != nil && err != ebiten.Termination {
		log.Fatal(err)
	}
}

func loadFonts(dir string) (*ui.Fonts, error) {
	var data [5][]byte
	for i, name := range []string{"inter-regular.otf", "inter-semibold.otf", "jetbrains-mono-regular.ttf", "jetbrains-mono-bold.ttf", "notosans-sc.otf"} {
		var err error
		if data[i], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return ui.NewFonts(data[0], data[1], data[2], data[3], data[4])
}

func (g *game) Layout(w, h int) (int, int) {
	g.scale = float32(ebiten.Monitor().DeviceScaleFactor())
	if g.forced > 0 {
		g.scale = float32(g.forced)
		g.w, g.h = w, h
		return w, h
	}
	g.w, g.h = int(float32(w)*g.scale), int(float32(h)*g.scale)
	return g.w, g.h
}

func (g *game) Update() error {
	g.ticks++
	if g.shot != "" && g.ticks > g.after+2 {
		return ebiten.Termination
	}
	// The gallery counts frames instead of asking the clock, so that a picture is the same every time.
	now := time.Duration(g.ticks) * time.Second / 60
	g.u.Begin(g.reader.Read(now, g.scale), float32(g.w)/g.scale, float32(g.h)/g.scale, g.scale)
	g.page.draw(g.u, g.ticks)
	g.u.End()
	return nil
}

func (g *game) Draw(screen *ebiten.Image) {
	g.u.Draw(screen)
	if g.shot == "" || g.ticks != g.after {
		return
	}
	if err := save(screen, g.shot); err != nil {
		log.Print(err)
	}
	fmt.Printf("%+v\n", g.u.Stats())
}

func save(screen *ebiten.Image, path string) error {
	b := screen.Bounds()
	picture := image.NewRGBA(b)
	screen.ReadPixels(picture.Pix)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return png.Encode(f, picture)
}
