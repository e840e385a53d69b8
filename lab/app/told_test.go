//go:build !js

package app

import (
	"os"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/view"
)

// A question, a field, a toast and a dropped folder say in the language of the window what is wrong.
func TestProblemsInChinese(t *testing.T) {
	r := newRig(t)
	if err := r.Session.Lang("zh"); err != nil {
		t.Fatal(err)
	}
	r.do("stage/link0", "menu", "")
	r.do("stage/link0.menu/link_delay", "press", "")
	r.do("prompt/words", "set", "soon")
	r.do("prompt/ok", "press", "")
	if got := r.find("prompt/problem").Name; got != `link：链路的 delay 应写成 10ms 这样，不能是 "soon"：缺少单位；写法：link NUMBER SETTING VALUE [dir 0|1]` {
		t.Errorf("the question says %s", got)
	}
	r.do("prompt/cancel", "press", "")

	r.Model.Choose(view.Target{Kind: view.OnNode})
	r.settle()
	r.key(false, ebiten.KeyP)
	r.Perform("full")
	r.settle()
	r.do("inspect/search", "set", "tcp_sack")
	r.do("inspect/properties/net.ipv4.tcp_sack", "focus", "")
	r.do("inspect/properties/net.ipv4.tcp_sack", "set", "7")
	r.key(false, ebiten.KeyEnter)
	r.settle()
	if got := r.find("inspect/properties/problem").Name; got != `sysctl：net.ipv4.tcp_sack 应为 0 到 1 的整数，不能是 "7"；写法：sysctl HOST NAME VALUE` {
		t.Errorf("the field says %s", got)
	}

	r.say("unrule 9")
	r.settle()
	if !r.says("unrule：没有规则 9；共有 0 条") {
		t.Error("no toast says what is wrong with a command")
	}
	if _, err := readBounded(os.DirFS(t.TempDir()), "."); err == nil || r.tell(err) != "这是文件夹，不是 .lab 文件" {
		t.Errorf("of a folder is told %v", err)
	}
}
