package prog

import (
	"strings"
	"testing"
)

// examples are arguments that each program takes; jobs.go has those of the shell, which say it when they run.
var examples = map[string]string{
	"echo-server": "7", "echo-client": "10.0.0.1 7", "nc": "10.0.0.1 7", "ping": "10.0.0.1", "sink": "9", "source": "10.0.0.1 9", "churn": "10.0.0.1 9 3", "crowd": "10.0.0.1 9 3", "hold": "9",
	"help": "ping", "ip": "addr", "traceroute": "10.0.0.1", "ss": "", "netstat": "", "sysctl": "-a", "dig": "www", "dns-server": "53 www=10.0.0.1", "httpd": "80", "curl": "http://server/", "browser": "http://server/",
	"tcpdump": "", "iperf": "-s", "script": "close(3)", "slow-reader": "9 10 10", "synflood": "10.0.0.1 9 3", "conntrack": "-L", "tc": "qdisc", "dhcpd": "10.0.0.1 10.0.0.2", "dhclient": "",
	"grep": "a", "head": "", "tail": "", "wc": "", "nstat": "", "date": "", "hostname": "", "nslookup": "www", "arp": "", "route": "", "ifconfig": "",
	"jobs": "", "fg": "", "bg": "", "kill": "1",
}

// An option that a program does not know is refused, in one sentence that names it; nothing is ignored.
func TestUnknownOptionsAreRefused(t *testing.T) {
	for i := range kinds {
		k := &kinds[i]
		text, known := examples[k.name]
		if !known {
			t.Errorf("there is no example of %s", k.name)
			continue
		}
		args := strings.Fields(text)
		if err := k.check(args); err != nil {
			t.Errorf("%s %s: %v", k.name, text, err)
		}
		if k.name == "jobs" || k.name == "fg" || k.name == "bg" || k.name == "kill" {
			continue
		}
		for _, option := range []string{"--frobnicate", "--frobnicate=1", "-@", "-%"} {
			lines := [][]string{append([]string{option}, args...), append(append([]string{}, args...), option)}
			if k.name == "ip" { // behind the object it is a device, which is not there
				lines = lines[:1]
			}
			for _, line := range lines {
				err := k.check(line)
				switch {
				case err == nil:
					t.Errorf("%s %s is taken", k.name, strings.Join(line, " "))
				case strings.Contains(err.Error(), "\n") || len(err.Error()) > 200:
					t.Errorf("%s %s: not one sentence: %v", k.name, strings.Join(line, " "), err)
				case !strings.Contains(err.Error(), strings.TrimSuffix(option, "=1")):
					t.Errorf("%s %s: does not name the option: %v", k.name, strings.Join(line, " "), err)
				}
			}
		}
	}
}
