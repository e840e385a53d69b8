package drill

import (
	"errors"
	"strings"
	"testing"

	"wirelab/stack/tcp"
)

// runSnippets runs code as if a script had it, with variables that are all 7
// but tcpi_snd_cwnd, which is 10, and tcpi_rto, which is 200.
func runSnippets(o Options, snippets ...string) (*runner, error) {
	r := &runner{opts: o}
	for _, text := range snippets {
		s := snapshot{code: &Shell{Text: text, Line: 1}}
		for _, v := range tcp.InfoFields {
			n := int64(7)
			switch v.Name {
			case "tcpi_snd_cwnd":
				n = 10
			case "tcpi_rto":
				n = 200
			}
			s.values = append(s.values, n)
		}
		r.snapshots = append(r.snapshots, s)
	}
	return r, r.runCode()
}

func TestCode(t *testing.T) {
	for _, text := range []string{
		"assert tcpi_snd_cwnd == 10", "assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd", "assert 9 <= tcpi_snd_cwnd <= 10, (tcpi_snd_cwnd, 1)",
		"assert 1; assert 2 # assert 0", "\n  assert 1\n\tassert tcpi_rto == 200\n", "assert (1 and\n  2)", "assert 1 or \\\n 0",
		"assert not 0", "assert not not 3 == 3", "assert 2 + 3 * 4 == 14", "assert (2 + 3) * 4 == 20", "assert -7 // 2 == -4 and -7 % 2 == 1",
		"assert 8 / 2 == 4", "assert 1 << 3 | 1 == 9", "assert 6 & 3 == 2", "assert 6 ^ 3 == 5", "assert ~0 == -1", "assert 0x1F == 31",
		"assert abs(3 - 5) == 2", "assert min(3, 2) == 2 and max(3, 2, 9) == 9", "assert 3 > 2 > 1", "assert not 3 > 2 > 2", "assert 1 != 2",
		"assert tcpi_state in (1, 7)", "assert 'a' == \"a\"", "assert True and not False", "x = 3\ny = x + 1\ny += 2\nassert y == 6",
		"x=tcpi_snd_cwnd;assert x==10", "print('%d' % tcpi_rto, tcpi_state)", "assert tcpi_rto == 200, 'rto %d, not %d' % (tcpi_rto, 200)",
		"assert TCP_ESTABLISHED == 1 and TCP_CA_Loss == 4 and TCPI_OPT_SACK == 2", "pass", "", "#", "assert (1,) == (1,)",
		"assert 0 and nonsense or 1", "abs(1)", "assert int(str(1) == str(1))",
	} {
		if _, err := runSnippets(Options{}, text); err != nil {
			t.Errorf("%q: %+v", text, err)
		}
	}
	if _, err := runSnippets(Options{}, "x = 1", "assert x == 1"); err != nil {
		t.Error("a name does not live on:", err)
	}
}

func TestCodeFailsWithValues(t *testing.T) {
	_, err := runSnippets(Options{}, "assert 1", "x = 4\n\nassert  x == 5 and tcpi_state != TCP_LISTEN, x")
	var s *stop
	if !errors.As(err, &s) || s.verdict != Fail || s.line != 3 || s.expected != "assert x == 5 and tcpi_state != TCP_LISTEN, x" || s.got != "x = 4" {
		t.Errorf("%+v", s)
	}
	for _, text := range []string{"assert 0", "assert not 1", "assert 1 > 2", "assert ()", "assert ''", "assert 2 in (1, 3)", "assert 1 // 0"} {
		if _, err := runSnippets(Options{}, text); !errors.As(err, &s) || s.verdict != Fail {
			t.Errorf("%q: %+v", text, s)
		}
	}
}

func TestCodeThatCannotRun(t *testing.T) {
	for text, says := range map[string]string{
		"if 1: pass": "if in code", "import time": "import in code", "assert tcpi_nonsense == 1": "tcpi_nonsense of TCP_INFO",
		"assert nonsense": "the name nonsense", "assert 1.5 < 2": "fractions", "assert 7 / 2 > 3": "a fraction, 7/2", "assert x[1]": "behind a value",
		"assert 'x": "no end", "assert (1": "in brackets", "assert": "a value must stand", "assert 1 1": "goes on with", "assert 2 ** 3": "",
		"assert foo(1)": "foo() in code", "assert 1 << 99": "a shift", "assert 'a' < 1": "no numbers", "assert 'a' * 2": "no numbers", "assert -'a'": "unary",
		"assert 99999999999999999999": "number", "assert 0x": "number", "assert TCPI_CLOSE": "the name TCPI_CLOSE", "x += 1": "the name x",
		"assert " + strings.Repeat("(", 100000) + "1": "nested", "assert " + strings.Repeat("-", 100000) + "1": "nested",
		"assert " + strings.Repeat("not ", 100000) + "1": "nested", "assert f(1 2)": "in brackets", "assert 1" + strings.Repeat(" + 1", 2000): "terms", "assert max('a')": "no number",
	} {
		_, err := runSnippets(Options{}, text)
		var s *stop
		if !errors.As(err, &s) || s.verdict != Cannot || !strings.Contains(s.got, says) {
			t.Errorf("%.40q: %+v, want %q", text, err, says)
		}
	}
	r, err := runSnippets(Options{Switches: Switches{Consts: true}}, "assert TCPI_CLOSE == 7")
	if err != nil || len(r.result.Switches) != 1 {
		t.Error(err, r.result.Switches)
	}
}
