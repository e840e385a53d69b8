//go:build !js

package serve

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestBadAddressIsExplained(t *testing.T) {
	for addr, want := range map[string]string{
		"nowhere":        `the address "nowhere" is not HOST:PORT, such as 127.0.0.1:8017`,
		"":               `the address "" is not HOST:PORT, such as 127.0.0.1:8017`,
		"::1:8017":       `the address "::1:8017" is not HOST:PORT, such as 127.0.0.1:8017`,
		"localhost:":     `the address "localhost:" has the port ""; a port is a number from 1 to 65535, or 0 for any that is free`,
		"localhost:http": `the address "localhost:http" has the port "http"; a port is a number from 1 to 65535, or 0 for any that is free`,
		":65536":         `the address ":65536" has the port "65536"; a port is a number from 1 to 65535, or 0 for any that is free`,
		":-1":            `the address ":-1" has the port "-1"; a port is a number from 1 to 65535, or 0 for any that is free`,
		"203.0.113.7:80": `cannot listen on 203.0.113.7:80: 203.0.113.7 is no address of this machine; 0.0.0.0 stands for all that it has`,
		"a b:8017":       `cannot listen on a b:8017: no machine is called "a b" here; 127.0.0.1 is for this machine alone, 0.0.0.0 for all that reach it`,
	} {
		err := Run(t.Context(), Options{Addr: addr, Files: site, Log: func([]string) { t.Errorf("%q is served", addr) }})
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", addr, err, want)
		}
	}
}

func TestHostNames(t *testing.T) {
	own, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	handler := Handler(site, "lab.example")
	for host, want := range map[string]int{
		"localhost:8017": 200, "LOCALHOST.": 200, "a.localhost:1": 200, "127.0.0.1": 200, "127.9.9.9:80": 200, "[::1]:8017": 200, "[::ffff:127.0.0.1]": 200,
		own: 200, own + ":8017": 200, strings.ToUpper(own) + ".local:8017": 200, "lab.example:8017": 200,
		"evil.example:8017": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "203.0.113.7:8017": 421, "[2001:db8::1]:8017": 421,
		"": 421, ":8017": 421, "::::": 421, "notlocalhost": 421, "lab.example.evil.example": 421, "0.0.0.0:8017": 421, "[::]:8017": 421,
	} {
		r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
		r.Host = host
		handler.ServeHTTP(w, r)
		if says := w.Body.String(); w.Code != want || want == 421 && (!strings.Contains(says, "--host") || strings.Count(says, "\n") != 1) {
			t.Errorf("Host %q: %d %s, want %d", host, w.Code, says, want)
		}
	}
}

// On all interfaces, each address that is printed can be opened, and no other name.
func TestAClassInTheNetwork(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		ctx, stop := context.WithCancel(t.Context())
		printed, done := make(chan []string, 1), make(chan error, 1)
		go func() { done <- Run(ctx, Options{Addr: addr, Files: site, Log: func(all []string) { printed <- all }}) }()
		var all []string
		select {
		case all = <-printed:
		case err := <-done:
			t.Fatalf("%s: %v", addr, err) // a machine without IPv6 listens on :0 and [::]:0 as well
		}
		if last := all[len(all)-1]; !strings.HasPrefix(last, "http://127.0.0.1:") {
			t.Errorf("%s: the last is %s", addr, last)
		}
		if want := len(inNetwork(addr == "0.0.0.0:0")) + 1; len(all) != want || len(slices.Compact(slices.Sorted(slices.Values(all)))) != want {
			t.Errorf("%s: %d addresses are printed of %d: %v", addr, len(all), want, all)
		}
		for _, url := range all {
			if code, body := fetch(t, url, ""); code != 200 || body != "<!doctype html>" {
				t.Errorf("%s: %s: %d %s", addr, url, code, body)
			}
			if code, body := fetch(t, url, "evil.example"); code != 421 {
				t.Errorf("%s: %s as evil.example: %d %s", addr, url, code, body)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("%s: after the end: %v", addr, err)
		}
	}
}

func fetch(t *testing.T, url, host string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func TestURLs(t *testing.T) {
	for addr, want := range map[string]string{"127.0.0.1:80": "http://127.0.0.1:80/", "[::1]:8017": "http://[::1]:8017/", "192.168.1.2:1": "http://192.168.1.2:1/"} {
		at, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := urls(at); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, want %s", addr, got, want)
		}
	}
}
