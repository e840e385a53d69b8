//go:build unix && !js

package main

import (
	"bufio"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wirelab/lab"
	"wirelab/lab/session"
	"wirelab/lab/works"
	"wirelab/lab/works/folder"
)

// mostLost is how much work a kill may cost.
const mostLost = 2 * time.Second

// kills is how often the window is killed: WIRELAB_KILLS, or a few times.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("WIRELAB_KILLS")); err == nil && n > 0 {
		return n
	}
	return 3
}

// typed is what the window said that it had done, and when.
type typed struct {
	mu    sync.Mutex
	times []time.Time
}

func (l *typed) at(n int) (time.Time, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n > len(l.times) {
		return time.Time{}, len(l.times)
	}
	return l.times[n-1], len(l.times)
}

// A window that is killed at any moment loses two seconds of work at most, and the next one goes on with what is left.
func TestAKilledWindowLosesLittle(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("needs a display; ./build.sh test runs this under Xvfb")
	}
	bin := filepath.Join(t.TempDir(), "typist")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	home := t.TempDir()
	dice := rand.New(rand.NewPCG(1, 2))
	before := 0 // lines that were left by the windows before
	for round := range kills() {
		lines := run(t, bin, home, time.Duration(500+dice.IntN(4000))*time.Millisecond)
		killed := time.Now()
		left := linesLeft(t, home) - before
		_, all := lines.at(1)
		if lost, _ := lines.at(max(left, 0) + 1); all > 0 && left < all && killed.Sub(lost) > mostLost {
			t.Errorf("round %d: %d of %d lines are left; the first that is lost was typed %v before the kill", round, left, all, killed.Sub(lost))
		}
		t.Logf("round %d: %d lines, %d left", round, all, left)
		before += left
	}
}

// run opens the window, lets it type for a while from its first line on, and kills it.
func run(t *testing.T, bin, home string, d time.Duration) *typed {
	t.Helper()
	c := exec.Command(bin)
	c.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"))
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines, first := &typed{}, make(chan bool)
	go func() {
		for in := bufio.NewScanner(out); in.Scan(); {
			lines.mu.Lock()
			lines.times = append(lines.times, time.Now())
			lines.mu.Unlock()
			if in.Text() == "1" {
				close(first)
			}
		}
	}()
	select {
	case <-first:
		time.Sleep(d)
	case <-time.After(time.Minute):
		t.Error("the window types nothing; its stacks are on standard error")
		syscall.Kill(c.Process.Pid, syscall.SIGQUIT)
		time.Sleep(time.Second)
	}
	if err := syscall.Kill(-c.Process.Pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	c.Wait()
	return lines
}

// linesLeft returns how many lines stand in the only work of the library.
func linesLeft(t *testing.T, home string) (n int) {
	t.Helper()
	store, err := folder.Open(filepath.Join(home, "config", "wirelab", "works"))
	if err != nil {
		t.Fatal(err)
	}
	store.List(func(all []works.Meta, err error) {
		if err != nil {
			t.Fatal(err)
		}
		list := works.Listed(all)
		if len(list) > 1 {
			t.Fatalf("%d works", len(list))
		}
		for _, m := range list {
			store.Load(m.ID, func(_ works.Meta, data []byte, err error) {
				s := session.New()
				if err == nil {
					err = s.Open(data)
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range s.Lab().Journal {
					if typed, ok := e.Input.(lab.Exec); ok && strings.HasPrefix(typed.Line, "line-") {
						n++
					}
				}
			})
		}
	})
	return n
}
