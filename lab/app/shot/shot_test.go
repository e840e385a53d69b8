//go:build !js

package main

import (
	"flag"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/lab/browser/look"
)

var update = flag.Bool("update", false, "keep what the window looks like now")

// TestMain is the command itself when a test below starts it.
func TestMain(m *testing.M) {
	if args := os.Getenv("WIRELAB_SHOT"); args != "" {
		os.Args = append([]string{"shot"}, strings.Fields(args)...)
		flag.CommandLine = flag.NewFlagSet("shot", flag.ExitOnError)
		main()
		return
	}
	os.Exit(m.Run())
}

// The window looks as it did, at the sizes of text that people choose, in both languages and themes.
func TestTheWindowLooksAsItDid(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("needs a display; xvfb-run gives one")
	}
	for name, args := range map[string]string{
		"text-80":  "--lab four-way-close --at 0.25 --text 0.8 --lang zh --theme light",
		"text-100": "--lab lost-syn --at 1.5 --lang en --theme dark",
		"text-140": "--lab four-way-close --at 0.315 --text 1.4 --lang en --theme light",
		"text-200": "--lab four-way-close --at 0.25 --text 2 --lang zh --theme dark",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name+".png")
			shot := exec.Command(os.Args[0])
			shot.Env = append(os.Environ(), "WIRELAB_SHOT="+args+" "+file)
			if out, err := shot.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got, err := png.Decode(f)
			if err == nil {
				err = look.Check(name, got, *update)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// What is not painted again looks as if it were, whatever a hand does.
func TestPaintedInPartsItLooksTheSame(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("needs a display; xvfb-run gives one")
	}
	for _, args := range []string{
		"--lab home-network --at 3.1 --width 900 --height 560 --parts 1",
		"--lab lost-syn --at 1.5 --width 640 --height 420 --scale 1.5 --lang zh --theme light --parts 2",
	} {
		shot := exec.Command(os.Args[0])
		shot.Env = append(os.Environ(), "WIRELAB_SHOT="+args)
		if out, err := shot.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
}
