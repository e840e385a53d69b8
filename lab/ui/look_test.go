package ui

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestContrast(t *testing.T) {
	for name, theme := range map[string]Theme{"dark": Dark, "light": Light} {
		surfaces := map[string]Color{"bg": theme.Bg, "stage": theme.Stage, "panel": theme.Panel, "raised": theme.Raised}
		words := map[string]Color{"text": theme.Text, "dim": theme.Dim}
		marks := map[string]Color{"syn": theme.Syn, "ack": theme.Ack, "data": theme.Data, "fin": theme.Fin, "rst": theme.Rst,
			"ok": theme.Ok, "warn": theme.Warn, "focus": theme.Focus}
		for on, surface := range surfaces {
			for what, c := range words {
				atLeast(t, 4.5, c, surface, name+": "+what+" on "+on)
			}
			for what, c := range marks {
				atLeast(t, 3, c, surface, name+": "+what+" on "+on)
			}
		}
		for what, c := range marks {
			atLeast(t, 4.5, theme.OnTint(c), theme.Tint(c), name+": words on a chip of "+what)
			atLeast(t, 4.5, theme.On(theme.Block(c)), theme.Block(c), name+": words on a block of "+what)
		}
		atLeast(t, 4.5, theme.OnAccent, theme.Accent, name+": words on the primary button")
	}
}

func atLeast(t *testing.T, want float32, a, b Color, what string) {
	t.Helper()
	if got := contrast(a, b); got < want {
		t.Errorf("%s: contrast %.2f, want %.1f", what, got, want)
	}
}

func TestElidedTextFits(t *testing.T) {
	newRig(t, func(u *UI) {
		for _, s := range []string{"The client has closed its direction", "客户端已经关闭了发送方向", "mixed 中文 words"} {
			for width := float32(0); width < 300; width += 7 {
				short := u.elide(s, Body, width)
				if w := u.Width(short, Body); w > width+0.1 {
					t.Fatalf("%q is %v wide, there is room for %v", short, w, width)
				}
				if !utf8.ValidString(short) {
					t.Fatalf("%q was cut inside a character", short)
				}
			}
			if u.elide(s, Body, 1000) != s {
				t.Errorf("%q was cut without need", s)
			}
		}
	})
}

func TestWrappedTextFitsAndIsWhole(t *testing.T) {
	newRig(t, func(u *UI) {
		for _, s := range []string{"The client has closed its direction, but the server still has something to say.",
			"客户端已经关闭了发送方向，但服务器还有话要说。看服务器在 CLOSE_WAIT 里继续发送。", strings.Repeat("x", 200)} {
			lines := u.wrap(s, Body, 150)
			for _, line := range lines {
				if w := u.Width(line, Body); w > 150 {
					t.Errorf("%q is %v wide", line, w)
				}
				if first, _ := utf8.DecodeRuneInString(line); strings.ContainsRune("，。", first) {
					t.Errorf("%q begins with closing punctuation", line)
				}
			}
			if bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }; bare(strings.Join(lines, "")) != bare(s) {
				t.Errorf("words were lost: %q", lines)
			}
		}
	})
}

func TestNumbersAreTabular(t *testing.T) {
	newRig(t, func(u *UI) {
		if u.Width("1111", Body) != u.Width("8888", Body) {
			t.Error("numbers that change make their neighbours jump")
		}
	})
}

func TestLettersStandAsTheFontSays(t *testing.T) {
	r := newRig(t, func(*UI) {})
	width := func(s string, face Face, quarters uint16) float64 {
		return float64(r.letters.set(s, faceKey{face, quarters}).width)
	}
	for quarters := uint16(30); quarters < 90; quarters++ {
		// JetBrains Mono is 0.6 em wide at every size, also at those between whole pixels.
		if got, want := width("192.168.1.100", Mono, quarters), 13*0.6*float64(quarters)/4; math.Abs(got-want) > 0.2 {
			t.Errorf("at %d quarters of a pixel an address is %v wide, want %v", quarters, got, want)
		}
	}
	if apart := width("A", Sans, 64) + width("V", Sans, 64); width("AV", Sans, 64) > apart-0.5 {
		t.Errorf("A and V keep the distance of %v: there is no kerning", apart)
	}
	if got := width("a\u200b\tb", Sans, 64); got != width("ab", Sans, 64) {
		t.Errorf("signs without a glyph take room: %v", got)
	}
}

func TestOffsetsAndPlacesAgree(t *testing.T) {
	newRig(t, func(u *UI) {
		s := "seq 1:7 你好 ok"
		for at := range s {
			if got := u.offsetAt(s, Body, u.xAt(s, Body, at)+0.5); got != at {
				t.Errorf("offset %d stands at an x that is offset %d", at, got)
			}
		}
	})
}

func TestClippingCutsWithoutLoss(t *testing.T) {
	var b batch
	b.reset(bounds{0, 0, 100, 100})
	b.pushClip(bounds{10, 10, 50, 50})
	b.quad(&[4]corner{{0, 0, 0, 0, 1}, {100, 0, 100, 0, 1}, {100, 100, 100, 100, 1}, {0, 100, 0, 100, 1}}, paint{color: RGB(0xffffff)})
	for _, v := range b.vertices {
		if v.DstX < 10 || v.DstX > 50 || v.DstY < 10 || v.DstY > 50 || v.SrcX != v.DstX || v.SrcY != v.DstY {
			t.Errorf("corner %v %v, source %v %v", v.DstX, v.DstY, v.SrcX, v.SrcY)
		}
	}
	if len(b.vertices) != 4 {
		t.Errorf("%d corners", len(b.vertices))
	}
}

// BenchmarkFrame builds a frame of the size of the main screen.
func BenchmarkFrame(b *testing.B) {
	selected := 3
	r := newRig(b, func(u *UI) {
		screen := u.Screen()
		u.List(screen.CutLeft(400), "list", "List", 1_000_000, 24, &selected, func(row Row) string {
			u.TextIn(row.Rect, "A.3337 > B.7788: seq 1:7, ack 1, win 64240, length 6", CodeSmall, Left, u.Theme.Text)
			return ""
		})
		for i := range 40 {
			u.pushRaw(u.indexID(i))
			u.Button(R(screen.X+float32(i%4)*90, screen.Y+float32(i/4)*40, 84, 32), "button", "Button")
			u.popID()
		}
	})
	b.ReportAllocs()
	for b.Loop() {
		r.frame()
	}
}

func TestFontsHaveEveryCharacterOfTheCatalogues(t *testing.T) {
	r := newRig(t, func(*UI) {})
	paths, err := filepath.Glob("../../static/words/*.txt")
	if err != nil || len(paths) == 0 {
		t.Skip("no catalogues: ", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if missing := r.letters.fonts.Missing(string(data)); len(missing) > 0 {
			t.Errorf("%s uses %q, which the fonts lack; run static/fonts/make.sh", path, string(missing))
		}
	}
	if missing := r.letters.fonts.Missing("a龘a"); string(missing) != "龘" {
		t.Errorf("missing: %q", string(missing))
	}
}
