package prog_test

import (
	"strconv"
	"strings"
	"testing"
)

// wholePage returns how long a browser with one connection took to load the page with its parts, in ms.
func wholePage(t *testing.T, options string) float64 {
	t.Helper()
	c := tool{lines: []string{"server 0 httpd -q 80 &", "client 1000 browser -n 1 " + options + " http://server/"}, until: 30_000}
	_, after, _ := strings.Cut(c.run(t), ", all ")
	text, _, _ := strings.Cut(after, " ")
	ms, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return ms
}

// A connection that is kept saves the round trip of the handshake of each part.
func TestKeepAliveIsFaster(t *testing.T) {
	kept, closed := wholePage(t, ""), wholePage(t, "-0")
	t.Logf("keep-alive %.1f ms, a connection for each part %.1f ms", kept, closed)
	if kept >= closed {
		t.Errorf("a page over one connection takes %.1f ms, and %.1f ms over one for each part", kept, closed)
	}
}

// The head and a short body leave in one segment: Nagle's algorithm has nothing to hold back, and no delayed
// acknowledgment is waited for. The answer is there after a round trip of 24 ms and the time on the links.
func TestHeadAndBodyInOneWrite(t *testing.T) {
	for _, size := range []string{"10", "1000", "3000"} {
		url := " http://10.0.1.1/bytes/" + size
		c := tool{lines: []string{"server 0 httpd -q 80 &", "client 1000 curl -s -o /dev/null -w '%{time_total} %{num_connects}\\n'" + url + url + url}, until: 5000}
		client, _, _ := strings.Cut(c.run(t), "\n=== server")
		got := strings.Split(client, "\n")
		for i, line := range got[len(got)-2:] {
			text, conns, _ := strings.Cut(line, " ")
			if sec, err := strconv.ParseFloat(text, 64); err != nil || sec < 0.024 || sec > 0.030 || conns != "0" {
				t.Errorf("request %d for %s bytes took %s s and %s connections, not a round trip of 0.024 s", i+2, size, text, conns)
			}
		}
	}
}
