//go:build linux

package window

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The headless program links nothing of the window.
func TestTheHeadlessProgramHasNoWindow(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-tags", "headless", "wirelab")
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "wirelab/lab/cli") {
		t.Fatalf("the list is not that of the program: %v", deps)
	}
	for _, d := range deps {
		if strings.Contains(d, "ebiten") || slices.Contains([]string{"wirelab/lab/ui", "wirelab/lab/view", "wirelab/lab/app", "runtime/cgo"}, d) {
			t.Errorf("it links %s", d)
		}
	}
}

// emulators run programs for processors that this machine has not. There is none for 386: under qemu-i386 threads of Go share a register.
var emulators = map[string]string{"amd64": "qemu-x86_64-static", "arm64": "qemu-aarch64-static"}

// The headless program does its work in a container that has nothing but it: no /etc, no /tmp, no /proc, no libraries, no environment.
func TestAnEmptyContainer(t *testing.T) {
	for _, arch := range []string{"386", "amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			if testing.Short() && arch != runtime.GOARCH {
				t.Skip("a quick look is at this processor")
			}
			c := newContainer(t)
			c.build(arch)
			if err := c.command("version").Run(); errors.Is(err, syscall.ENOEXEC) {
				c.emulate(emulators[arch])
			}
			c.work()
			c.serve()
		})
	}
}

// container is an empty folder that commands take for the whole file system.
type container struct {
	*testing.T
	root     string
	emulator []string // what runs the program
}

func newContainer(t *testing.T) *container {
	c := &container{T: t, root: t.TempDir()}
	// Whether this system lets us: any program says so, here one that is not there.
	if err := c.command("wirelab").Run(); !errors.Is(err, os.ErrNotExist) {
		t.Skipf("this system makes no container for user %d: %v", os.Getuid(), err)
	}
	return c
}

// emulate copies a static emulator into the container.
func (c *container) emulate(name string) {
	if name == "" {
		c.Skip("this kernel runs no such programs, and no emulator does")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		c.Skipf("%s is not installed; on Debian and Ubuntu the package qemu-user-static has it", name)
	}
	program, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(filepath.Join(c.root, name), program, 0o755)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.emulator = []string{"/" + name}
}

// build puts the program into the container, with a page to serve.
func (c *container) build(arch string) {
	page := filepath.Join(c.T.TempDir(), "index.html")
	if err := os.WriteFile(page, []byte("<!doctype html>the page"), 0o644); err != nil {
		c.Fatal(err)
	}
	web, err := filepath.Abs("../serve/web/index.html")
	if err != nil {
		c.Fatal(err)
	}
	overlay, _ := json.Marshal(map[string]any{"Replace": map[string]string{web: page}})
	list := page + ".json"
	if err := os.WriteFile(list, overlay, 0o644); err != nil {
		c.Fatal(err)
	}
	build := exec.Command("go", "build", "-tags", "headless,webdist", "-overlay", list, "-o", filepath.Join(c.root, "wirelab"), "wirelab")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+arch)
	if out, err := build.CombinedOutput(); err != nil {
		c.Fatalf("%v\n%s", err, out)
	}
}

func (c *container) command(args ...string) *exec.Cmd {
	args = append(append(slices.Clone(c.emulator), "/wirelab"), args...)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: c.root, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

// work runs the commands, each with what the one before it has written.
func (c *container) work() {
	script := "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n"
	if err := os.WriteFile(filepath.Join(c.root, "listen.pkt"), []byte(script), 0o644); err != nil {
		c.Fatal(err)
	}
	for _, step := range []struct {
		command string
		status  int
		says    string // of standard output, or of standard error where the status is not 0
	}{
		{"version", 0, `^program .*\nengine +\d+\nlab format +\d+\ngo +go1\.\S+ linux/\w+\n$`},
		{"--help", 0, `\n  version \[flags\]\n +Print what this program is`},
		{"example", 0, `(?m)^lost-syn\t`},
		{"example lost-syn", 0, `^lost-syn\.lab\n$`},
		{"example four-way-close -o close.lab", 0, `^$`},
		{"run lost-syn.lab", 0, `packets dropped +2\n`},
		{"run lost-syn.lab --json --until 2s", 0, `"time_ns":2000000000,`},
		{"export lost-syn.lab --to lost.txt", 0, `^$`},
		{"why lost-syn.lab 3", 0, `^3\.1 s: A sent packet 3: IP 192\.168\.1\.116\.3337 > 192\.168\.1\.123\.7788: Flags \[S\], seq 3626544836`},
		{"check lost-syn.lab", 0, `^lost-syn\.lab: 5 of 5\n`},
		{"compare lost-syn.lab close.lab", 0, `.`},
		{"sweep close.lab --over drop=1", 0, `"done_ns":1220500800,`},
		{"drill listen.pkt", 0, `^ok listen\.pkt\n$`},
		{"bench --json bulk --bytes 64KiB", 0, `"name":"bulk"`},
		{"bench frame", 2, `^wirelab bench: this program was built without the window`},
		{"", 2, `^wirelab: this program was built without the window`},
		{"run none.lab", 2, `^wirelab run: there is no file "none\.lab"; wirelab example`},
		{"serve --addr nowhere", 2, `^wirelab serve: .*"nowhere"`},
	} {
		cmd := c.command(strings.Fields(step.command)...)
		var out, errOut strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errOut
		err := cmd.Run()
		if cmd.ProcessState == nil {
			c.Fatalf("wirelab %s: %v", step.command, err)
		}
		said := out.String()
		if step.status != 0 {
			said = errOut.String()
		}
		if got := cmd.ProcessState.ExitCode(); got != step.status || !regexp.MustCompile(step.says).MatchString(said) {
			c.Errorf("wirelab %s: status %d, %q, %q; want %d and %s", step.command, got, out.String(), errOut.String(), step.status, step.says)
		}
	}
	if text, err := os.ReadFile(filepath.Join(c.root, "lost.txt")); err != nil || strings.Count(string(text), "Flags [S]") != 3 {
		c.Errorf("what was exported: %v\n%s", err, text)
	}
}

// serve has the program serve its page out of the container.
func (c *container) serve() {
	cmd := c.command("serve", "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		c.Fatalf("it printed %q: %v", line, err)
	}
	response, err := http.Get(strings.TrimSpace(line))
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || string(body) != "<!doctype html>the page" {
		c.Errorf("the page is %q, %v", body, err)
	}
}
