//go:build !js

package main

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
)

// parts lets a hand that follows a seed play with the window while time runs, and compares each frame, of which only what changed
// was painted, with the same frame painted whole.
type parts struct {
	*shot
	seed   uint64
	dice   *rand.Rand
	in     ui.Input
	frame  int
	partly int // how many frames were not painted whole
	whole  *ebiten.Image
	got    []byte
	want   []byte
}

const partsFrames = 120

// partsKeys move in time, change views, menus, theme and language. None of them opens or saves a file.
var partsKeys = []ebiten.Key{ebiten.KeySpace, ebiten.KeyArrowRight, ebiten.KeyArrowLeft, ebiten.KeyHome, ebiten.KeyEnd, ebiten.KeyEscape,
	ebiten.KeyEscape, ebiten.KeyTab, ebiten.KeyEnter, ebiten.KeyT, ebiten.KeyL, ebiten.KeyM, ebiten.KeySlash, ebiten.KeyS, ebiten.KeyN,
	ebiten.Key1, ebiten.Key2, ebiten.Key3, ebiten.Key4, ebiten.Key5, ebiten.Key6, ebiten.Key7, ebiten.Key8, ebiten.Key9, ebiten.Key0}

func newParts(g *shot, seed uint64) *parts {
	g.Session.Play()
	return &parts{shot: g, seed: seed, dice: rand.New(rand.NewPCG(seed, 0))}
}

func (p *parts) Update() error {
	if p.frame++; p.err != nil || p.frame > partsFrames {
		if p.err == nil && p.partly < partsFrames/4 {
			p.err = fmt.Errorf("seed %d: of %d frames only %d were painted in parts", p.seed, partsFrames, p.partly)
		}
		return ebiten.Termination
	}
	p.play()
	p.in.Now = time.Duration(p.frame) * time.Second / 60
	p.Frame(&p.in, float32(p.w), float32(p.h), p.scale)
	return nil
}

// play moves the hand for a frame.
func (p *parts) play() {
	d := p.dice
	p.in.Keys, p.in.WheelY, p.in.Down[ui.Secondary] = nil, 0, false
	switch d.IntN(60) {
	case 0, 1, 2:
		p.in.X, p.in.Y = d.Float32()*float32(p.w), d.Float32()*float32(p.h)
	case 3:
		p.in.WheelY = d.Float32()*200 - 100
	case 4:
		p.in.Down[ui.Secondary] = true
	case 5, 6, 7:
		p.in.Keys = []ui.KeyPress{{Key: partsKeys[d.IntN(len(partsKeys))]}}
	case 8, 9, 10, 11, 12, 13:
		p.in.X += d.Float32()*20 - 10
		p.in.Y += d.Float32()*20 - 10
	}
}

func (p *parts) Draw(screen *ebiten.Image) {
	p.App.Draw(screen)
	if p.err != nil {
		return
	}
	b := screen.Bounds()
	if p.whole == nil || p.whole.Bounds() != b {
		p.whole = ebiten.NewImage(b.Dx(), b.Dy())
		p.got, p.want = make([]byte, 4*b.Dx()*b.Dy()), make([]byte, 4*b.Dx()*b.Dy())
	}
	if s := p.UI.Stats(); s.Painted < s.Triangles {
		p.partly++
	}
	p.whole.Clear()
	p.UI.DrawWhole(p.whole)
	screen.ReadPixels(p.got)
	p.whole.ReadPixels(p.want)
	if !bytes.Equal(p.got, p.want) {
		p.err = fmt.Errorf("seed %d, frame %d: painted in parts it looks otherwise in %v", p.seed, p.frame, differs(p.got, p.want, b.Dx()))
	}
}

// differs is the least rectangle around all pixels that are not the same.
func differs(a, b []byte, width int) (r image.Rectangle) {
	for i := range a {
		if a[i] != b[i] {
			x, y := i/4%width, i/4/width
			r = r.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return r
}
