//go:build !js

package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// A connection is being opened; then it must not be open already.
const (
	passing = "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
	failing = passing + "+0...1 connect(3, ..., ...) = 0\n"
)

func TestDrill(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "good.pkt", []byte(passing))
	put(t, "bad.pkt", []byte(failing+"// why\n+0 listen(3, 1) = 0\n"))
	put(t, "odd.pkt", []byte(passing+"+0 splice(3) = 0\n"))
	put(t, "syn.pkt", []byte(passing+"+0 > S 0:0(0) <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>\n"))
	put(t, "words.pkt", []byte("0 socket(..., KIND, 0) = FD\n"))
	for _, c := range []struct {
		args   string
		status int
		out    string
		errOut string
	}{
		{"good.pkt", 0, "ok good.pkt\n", ""},
		{"good.pkt good.pkt", 0, "ok good.pkt\nok good.pkt\n", ""},
		{"bad.pkt good.pkt", 1, "FAIL bad.pkt:3: expected connect(3, ..., ...) = 0, got -1 EALREADY\nok good.pkt\n", ""},
		{"good.pkt odd.pkt bad.pkt", 2, "ok good.pkt\nFAIL bad.pkt", "wirelab drill: cannot run odd.pkt:3: the call splice() is not there\n"},
		{"words.pkt", 2, "", "wirelab drill: cannot run words.pkt:1: the symbol KIND is not known\n"},
		{"words.pkt -D KIND=SOCK_STREAM -D FD=3", 0, "ok words.pkt\n", ""},
		{"syn.pkt", 0, "ok syn.pkt\n", ""},
		{"syn.pkt --mtu 1400", 1, "got > S 0:0(0) <mss 1360,", ""},
		{"good.pkt --ip-version=ipv6 --mtu=1500", 0, "ok good.pkt\n", ""},
		{"good.pkt --ip-version=ipv7", 2, "", "wirelab drill: cannot run good.pkt:1: --ip_version=ipv7: not a value for this option\n"},
		{"-v good.pkt", 0, "0.000000 connect(3, ..., ...) = -1 EINPROGRESS\n", ""},
	} {
		status, out, errOut := do(t, append([]string{"drill"}, strings.Fields(c.args)...)...)
		if status != c.status || !strings.Contains(out, c.out) || errOut != c.errOut {
			t.Errorf("wirelab drill %s: status %d, %q, %q; want %d, %q, %q", c.args, status, out, errOut, c.status, c.out, c.errOut)
		}
	}
}

func TestDrillJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "good.pkt", []byte(passing))
	put(t, "bad.pkt", []byte(failing))
	status, out, errOut := do(t, "drill", "--json", "good.pkt", "bad.pkt", "none.pkt")
	var got struct {
		Scripts          []drilled
		OK, Fail, Cannot int
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || status != failed || errOut != "" {
		t.Fatal(err, status, errOut)
	}
	if len(got.Scripts) != 3 || got.OK != 1 || got.Fail != 1 || got.Cannot != 1 || got.Scripts[1].Line != 3 || got.Scripts[1].Got == "" || got.Scripts[2].Verdict != "cannot" {
		t.Error(out)
	}
}
