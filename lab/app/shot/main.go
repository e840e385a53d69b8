//go:build !js

// Command shot takes a picture of the window at an instant of a lab:
//
//	go run ./lab/app/shot --lab four-way-close --at 0.25 --lang zh --theme light --scale 2 out.png
//
// Steps, such as "press bar/theme" or "set time/strip 0.3", are done to the
// widgets before the picture is taken, a frame apart.
//
// With --parts and a number it takes no picture, but checks how frames are painted: see parts.go.
package main

import (
	"flag"
	"image"
	"image/png"
	"log"
	"os"
	"strings"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/app"
	"wirelab/lab/session"
	"wirelab/lab/ui"
)

// shot drives an App with a clock and an input of its own, so that the same
// flags give the same picture.
type shot struct {
	*app.App
	scale float32
	w, h  int
	tick  int
	steps []string
	out   string
	taken bool // the picture
	x, y  float64
	err   error
}

const settle = 12 // frames before the first step, between steps, and before the picture

func main() {
	name := flag.String("lab", "four-way-close", "a built-in lab, or a file")
	at := flag.Float64("at", 0, "seconds of virtual time")
	ahead := flag.Float64("seen", 0, "run to this time first, then back")
	lang := flag.String("lang", "en", "en or zh")
	theme := flag.String("theme", "dark", "dark or light")
	scale := flag.Float64("scale", 1, "device pixels per logical pixel")
	command := flag.String("command", "", "what is done to the lab at that time, separated by semicolons; also: exec HOST LINE")
	then := flag.Float64("then", 0, "run to this time after that")
	text := flag.Float64("text", 1, "text scale")
	w := flag.Int("width", 1280, "logical width")
	h := flag.Int("height", 720, "logical height")
	steps := flag.String("do", "", "steps, separated by semicolons: press ID, set ID VALUE, focus ID, menu ID, verb ID")
	x, y := flag.Float64("x", -1, "pointer"), flag.Float64("y", -1, "pointer")
	seed := flag.Uint64("parts", 0, "instead of taking a picture, play with the window as this number says, and check that frames of which parts are painted look as if they were painted whole")
	library := flag.String("works", "", "a folder of works")
	tree := flag.Bool("tree", false, "print the tree of widgets")
	flag.Parse()
	s := session.New()
	check(s.Lang(*lang))
	fonts, err := app.Fonts()
	check(err)
	p := app.Desktop()
	a := app.New(app.Options{Session: s, Fonts: fonts, Light: *theme == "light", Still: true}, p)
	if *library != "" {
		release, err := a.KeepIn(*library)
		check(err)
		defer release()
	}
	if strings.HasSuffix(*name, ".lab") {
		check(a.OpenFile(*name))
	} else if *name == "blank" {
		check(s.Blank())
	} else {
		check(s.Example(*name))
	}
	for _, t := range []float64{*ahead, *at} {
		check(s.Seek(t))
		for s.Busy() {
			s.Work(time.Second)
		}
	}
	for line := range strings.SplitSeq(*command, ";") {
		if line != "" {
			check(carryOut(s, line))
		}
	}
	if *then > 0 {
		check(s.Seek(*then))
		for s.Busy() {
			s.Work(time.Second)
		}
	}
	a.UI.TextScale = float32(*text)
	g := &shot{App: a, scale: float32(*scale), w: *w, h: *h, out: flag.Arg(0), x: *x, y: *y}
	if *steps != "" {
		g.steps = strings.Split(*steps, ";")
	}
	ebiten.SetWindowSize(int(float64(*w)**scale), int(float64(*h)**scale))
	ebiten.SetTPS(ebiten.SyncWithFPS)
	var game ebiten.Game = g
	if *seed != 0 {
		ebiten.SetScreenClearedEveryFrame(false)
		game = newParts(g, *seed)
	}
	if err := ebiten.RunGame(game); err != nil && err != ebiten.Termination {
		log.Fatal(err)
	}
	check(g.err)
	if *tree {
		for _, n := range a.UI.Tree() {
			log.Printf("%*s%s %s %q %q %.0f", 2*n.Depth, "", n.Role, n.ID, n.Name, n.Value, n.Bounds)
		}
	}
}

// carryOut does a line to the lab.
func carryOut(s *session.Session, line string) error {
	if words := strings.SplitN(strings.TrimSpace(line), " ", 3); words[0] == "exec" && len(words) == 3 {
		return s.Exec(words[1], words[2])
	}
	return s.Command(line)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (g *shot) Layout(int, int) (int, int) {
	return int(float32(g.w) * g.scale), int(float32(g.h) * g.scale)
}

func (g *shot) Update() error {
	if g.err != nil {
		return ebiten.Termination
	}
	g.tick++
	if g.tick%settle == 0 && len(g.steps) > 0 {
		g.err = g.do(strings.Fields(g.steps[0]))
		g.steps = g.steps[1:]
		g.tick = 0
	}
	if g.tick > settle+1 && (g.taken || g.out == "") { // a busy machine leaves frames out
		return ebiten.Termination
	}
	in := &ui.Input{Now: time.Duration(ebiten.Tick()) * time.Second / 60, X: float32(g.x), Y: float32(g.y), Outside: g.x < 0}
	g.Frame(in, float32(g.w), float32(g.h), g.scale)
	return nil
}

func (g *shot) do(words []string) error {
	if len(words) < 2 {
		return nil
	}
	if words[0] == "verb" {
		g.Perform(words[1])
		return nil
	}
	return g.UI.Do(words[1], words[0], strings.Join(words[2:], " "))
}

func (g *shot) Draw(screen *ebiten.Image) {
	g.App.Draw(screen)
	if g.tick < settle || len(g.steps) > 0 || g.out == "" || g.taken {
		return
	}
	g.taken = true
	b := screen.Bounds()
	picture := image.NewRGBA(b)
	screen.ReadPixels(picture.Pix)
	f, err := os.Create(g.out)
	if err == nil {
		err = png.Encode(f, picture)
		f.Close()
	}
	g.err = err
}
