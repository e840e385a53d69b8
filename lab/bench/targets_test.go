//go:build !js

package bench

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// The same workload must come to the same state on a 32-bit processor and as
// wasm as it does here.
func TestTheHashIsTheSameOnEveryTarget(t *testing.T) {
	for _, target := range []struct {
		name  string
		env   []string
		skip  bool
		start []string // what runs the program
	}{
		{"386", []string{"GOARCH=386", "CGO_ENABLED=0"}, runtime.GOOS != "linux" || runtime.GOARCH != "amd64", nil},
		{"wasm", []string{"GOOS=js", "GOARCH=wasm"}, !have("node"), []string{filepath.Join(goroot(t), "lib", "wasm", "go_js_wasm_exec")}},
	} {
		t.Run(target.name, func(t *testing.T) {
			if target.skip {
				t.Skip("cannot run this target here")
			}
			program := filepath.Join(t.TempDir(), "bench")
			build := exec.Command("go", "build", "-o", program, "./main")
			build.Env = append(os.Environ(), target.env...)
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, args := range small {
				words := append(append(target.start, program, "--json"), args...)
				cmd := exec.Command(words[0], words[1:]...)
				cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")} // wasm takes only a small environment
				out, err := cmd.Output()
				if errors.Is(err, syscall.ENOEXEC) {
					t.Skip("this kernel runs no programs of this target")
				}
				var r Result
				if err == nil {
					err = json.Unmarshal(out, &r)
				}
				if err != nil {
					t.Fatal(err)
				}
				if want := run(t, args...).StateHash; r.StateHash != want {
					t.Errorf("%v: hash %s, here %s", args, r.StateHash, want)
				}
			}
		})
	}
}

func have(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func goroot(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
