package prog

import (
	"strings"
	"testing"

	"wirelab/stack/wire"
)

// What a script's line means does not depend on anything, and no line breaks the parser.
func FuzzStatement(f *testing.F) {
	for _, line := range []string{`fd = socket(AF_INET, SOCK_STREAM, 0);`, `bind(fd, "0.0.0.0", 80)`, `send(fd, "a\n\x00\"b", 0) // c`, `int n = recv(fd, buf, sizeof buf, 0);`, `close(`, `"`, `a=b(,)`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		st, err := parseStatement(line)
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a word")
			}
			return
		}
		if st.call == "" {
			return
		}
		var args []string
		for _, a := range st.args {
			if a.quoted {
				var b strings.Builder
				for _, c := range []byte(a.text) {
					b.WriteString([]string{`\x0`, `\x`}[min(int(c)/16, 1)])
					b.WriteString(strings.ToLower(string("0123456789abcdef"[c/16]) + string("0123456789abcdef"[c%16]))[1-min(int(c)/16, 1):])
				}
				args = append(args, `"`+b.String()+`"`)
			} else {
				args = append(args, a.text)
			}
		}
		again, err := parseStatement(st.call + "(" + strings.Join(args, ", ") + ");")
		if err != nil || again.call != st.call || len(again.args) != len(st.args) {
			t.Fatalf("%q: %v, %+v is not %+v", line, err, again, st)
		}
		for i := range st.args {
			if again.args[i] != st.args[i] {
				t.Errorf("%q: argument %d is %v, not %v", line, i, again.args[i], st.args[i])
			}
		}
		parseScript([]string{line})
	})
}

// A response is read alike in one piece and byte by byte.
func FuzzResponse(f *testing.F) {
	for _, text := range []string{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nto the end", "HTTP/1.1 204 X\r\n\r\n", "nonsense"} {
		f.Add([]byte(text))
	}
	read := func(b []byte, step int) (r Response, body string, failed bool) {
		for len(b) > 0 && r.Stage != readDone {
			n, piece, err := r.feed(b[:min(step, len(b))])
			if err != nil {
				return r, body, true
			}
			body += string(piece)
			b = b[n:]
		}
		return r, body, false
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		one, body1, bad1 := read(b, len(b))
		all, body2, bad2 := read(b, 1)
		if !bad1 && !bad2 && (body1 != body2 || one.Stage != all.Stage || one.Status != all.Status || one.Got != all.Got) {
			t.Errorf("%q: %+v %q, byte by byte %+v %q", b, one, body1, all, body2)
		}
		if r, n, err := parseRequest(b); err == nil && n > len(b) || n > 0 && err == nil && r.method == "" {
			t.Errorf("%q: request %+v of %d bytes", b, r, n)
		}
	})
}

// Messages from anywhere do no harm to a name server, a resolver or a DHCP server.
func FuzzMessages(f *testing.F) {
	z, _ := parseZone([]string{"53", "a=10.0.0.1", "b=a", "*.c=2001:db8::1"})
	for _, name := range []string{"a", "b", "x.c", "none"} {
		q, _ := buildQuery(7, name, 1)
		f.Add(q)
		answer, _ := z.answer(q, false)
		f.Add(answer)
	}
	m := dhcpMessage{typ: wire.DHCPDiscover, xid: 1, host: "x"}
	f.Add(m.put())
	f.Fuzz(func(t *testing.T, b []byte) {
		if answer, _ := z.answer(b, false); len(answer) > 512 {
			t.Errorf("an answer of %d bytes", len(answer))
		}
		q := Lookup{ID: 7, Want: wantA | wantAAAA}
		q.take(b, "a")
		if len(q.Addrs) > maxAnswers {
			t.Errorf("%d addresses", len(q.Addrs))
		}
		if m, ok := parseDHCP(b); ok && m.prefix > 32 {
			t.Errorf("a prefix of %d bits", m.prefix)
		}
	})
}

// A shell's line is taken apart into words that can be quoted back.
func FuzzShellLine(f *testing.F) {
	for _, line := range []string{`a b "c d" 'e "f"' & g; h`, `\"`, `a\ b`, `"a\"b"`, `;`, `'`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		list, err := parseLine(line)
		if err != nil {
			return
		}
		for _, c := range list {
			var quoted []string
			for _, w := range c.Words {
				quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
			}
			again, err := parseLine(strings.Join(quoted, " "))
			if err != nil || len(again) != 1 || strings.Join(again[0].Words, "\x00") != strings.Join(c.Words, "\x00") {
				t.Errorf("%q: %q is %v again (%v)", line, c.Words, again, err)
			}
		}
	})
}
