package seeds

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		text  string
		first uint64
		other bool
	}{{"", usual, false}, {"1", 1, true}, {"4294967295", 4294967295, true}} {
		if got, other := read(c.text); got != c.first || other != c.other {
			t.Errorf("%q: %d, %t", c.text, got, other)
		}
	}
	a, _ := read("fresh")
	b, other := read("fresh")
	if a == b || !other || a >= 1<<32 {
		t.Errorf("fresh: %d, then %d, %t", a, b, other)
	}
	defer func() {
		if recover() == nil {
			t.Error("a word that means nothing was taken")
		}
	}()
	read("frehs")
}

// drawn is what rapid drew in this process.
func drawn(t *testing.T) (all []uint64) {
	Check(t, func(t *rapid.T) { all = append(all, rapid.Uint64().Draw(t, "n")) })
	return all
}

func TestDraws(t *testing.T) {
	if a, b := drawn(t), drawn(t); !slices.Equal(a, b) || len(a) < 20 {
		t.Error("the same seed drew other values")
	}
	t.Logf("drawn: %x", drawn(t)[:20])
	t.Logf("seeds: %v", slices.Collect(Range(t, 2)))
}

// Two processes draw the same by default, and by the number that a run with fresh seeds has told; fresh seeds draw something else.
func TestProcessesAgree(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("no processes there")
	}
	run := func(value string) (draws, told string) {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestDraws$", "-test.v")
		cmd.Env = append(os.Environ(), variable+"="+value)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, line := range regexp.MustCompile(`drawn: .*|seeds: .*`).FindAll(out, -1) {
			draws += string(line) + "\n"
		}
		if m := regexp.MustCompile(variable + `=(\d+) repeats`).FindSubmatch(out); m != nil {
			told = string(m[1])
		}
		return draws, told
	}
	usual, told := run("")
	if again, _ := run(""); again != usual || told != "" || len(usual) < 40 {
		t.Errorf("two runs with the usual seeds: %s, %s", usual, again)
	}
	fresh, number := run("fresh")
	if again, _ := run(number); number == "" || again != fresh || fresh == usual {
		t.Errorf("WIRELAB_SEEDS=%q gives %s, and fresh seeds gave %s", number, again, fresh)
	}
}
