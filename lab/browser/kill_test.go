//go:build unix && !js

package browser

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// mostLost is how much work a kill may cost.
const mostLost = 2 * time.Second

// kills is how often browser and tab are killed: WIRELAB_KILLS, or a few times.
func kills(few int) int {
	if n, err := strconv.Atoi(os.Getenv("WIRELAB_KILLS")); err == nil && n > 0 {
		return n
	}
	return few
}

// typed is a host of the page that is told of every line that the page has typed.
type typed struct {
	*httptest.Server
	mu    sync.Mutex
	times map[int]time.Time // by line
}

func newTyped(t *testing.T) *typed {
	s := &typed{times: map[int]time.Time{}}
	files := http.FileServer(http.Dir(dist))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, ok := strings.CutPrefix(r.URL.Path, "/typed/")
		if !ok {
			files.ServeHTTP(w, r)
			return
		}
		line, _ := strconv.Atoi(n)
		s.mu.Lock()
		s.times[line] = time.Now()
		s.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	return s
}

// judge compares what is left with what was typed until the kill.
func (s *typed) judge(t *testing.T, left map[int]bool, killed time.Time, round int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	all := 0
	for line, at := range s.times {
		if at.After(killed) || line < 1000*round {
			continue
		}
		if all++; !left[line] && killed.Sub(at) > mostLost {
			t.Errorf("round %d: line %d is lost, which was typed %v before the kill", round, line, killed.Sub(at))
		}
	}
	if all == 0 {
		t.Errorf("round %d: nothing was typed", round)
	}
	t.Logf("round %d: %d lines, %d left", round, all, len(left))
}

// type types lines from first on, and tells the host of each once it stands in the journal.
func typing(first int) string {
	return fmt.Sprintf(`%s
		(async () => {
			for (let n = %d; ; n++) {
				await wirelab.exec('A', 'line-' + n);
				await fetch('/typed/' + n);
				await new Promise((r) => setTimeout(r, 40));
			}
		})();`, waitShown, first)
}

// linesLeft reads the lines that the terminal of the open lab shows.
func (b *tab) linesLeft() map[int]bool {
	b.Helper()
	var text string
	b.eval(waitReady+`return wirelab.output('A')`, &text)
	left := map[int]bool{}
	for line := range strings.Lines(text) {
		if _, n, ok := strings.Cut(line, "$ line-"); ok {
			if n, err := strconv.Atoi(strings.TrimSpace(n)); err == nil {
				left[n] = true
			}
		}
	}
	return left
}

// launch starts a browser of its own, with a profile that stays.
func launch(t *testing.T, profile string) (b *tab, kill func()) {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options(profile)...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal("cannot start a browser: ", err)
	}
	process := chromedp.FromContext(ctx).Browser.Process()
	end := sync.OnceFunc(func() {
		process.Signal(syscall.SIGKILL)
		cancel()
		stop()
	})
	t.Cleanup(end)
	b = &tab{T: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	return b, end
}

// newProfile returns a folder for a browser's profile, which goes with the test. Helper processes of a browser that was
// killed write there a moment longer.
func newProfile(t *testing.T) string {
	dir, err := os.MkdirTemp("", "wirelab-profile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Errorf("%s is still in use", dir)
	})
	return dir
}

// A browser that is killed at any moment loses two seconds of work at most.
func TestAKilledBrowserLosesLittle(t *testing.T) {
	newSiteOrSkip(t)
	s, profile := newTyped(t), newProfile(t)
	dice := rand.New(rand.NewPCG(3, 4))
	for round := range kills(2) {
		b, kill := launch(t, profile)
		b.run("opening", chromedp.Navigate(s.URL+"/"))
		b.eval(typing(1000*round), nil)
		time.Sleep(time.Duration(2500+dice.IntN(4000)) * time.Millisecond)
		killed := time.Now()
		kill()
		b, kill = launch(t, profile)
		b.run("opening again", chromedp.Navigate(s.URL+"/"))
		s.judge(t, b.linesLeft(), killed, round)
		kill()
	}
}

// So does a tab whose process is killed.
func TestAKilledTabLosesLittle(t *testing.T) {
	newSiteOrSkip(t)
	s, profile := newTyped(t), newProfile(t)
	dice := rand.New(rand.NewPCG(5, 6))
	for round := range kills(2) {
		b, kill := launch(t, profile)
		b.run("opening", chromedp.Navigate(s.URL+"/"))
		b.eval(typing(1000*round), nil)
		time.Sleep(time.Duration(2500+dice.IntN(4000)) * time.Millisecond)
		killed := time.Now()
		if n := killRenderers(chromedp.FromContext(b.ctx).Browser.Process().Pid); n == 0 {
			t.Skip("the processes of tabs are not to be found here")
		}
		time.Sleep(time.Second)
		kill()
		b, kill = launch(t, profile)
		b.run("opening again", chromedp.Navigate(s.URL+"/"))
		s.judge(t, b.linesLeft(), killed, round)
		kill()
	}
}

// killRenderers kills the processes of all tabs of a browser, and returns how many they were.
func killRenderers(browser int) (n int) {
	parents := map[int]int{}
	var tabs []int
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		if _, rest, ok := strings.Cut(string(stat), ") "); ok {
			parents[pid], _ = strconv.Atoi(strings.Fields(rest)[1])
		}
		if line, _ := os.ReadFile(filepath.Join(dir, "cmdline")); strings.Contains(string(line), "--type=renderer") {
			tabs = append(tabs, pid)
		}
	}
	for _, pid := range tabs {
		for up := pid; up > 1; up = parents[up] {
			if up == browser {
				syscall.Kill(pid, syscall.SIGKILL)
				n++
				break
			}
		}
	}
	return n
}
