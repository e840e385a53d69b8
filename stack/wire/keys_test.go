//go:build !js

package wire

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The list of keys is that of the sources: whoever adds a field adds its key.
func TestFieldKeys(t *testing.T) {
	names, err := filepath.Glob("fields*.go")
	if err != nil || len(names) == 0 {
		t.Skip("the sources are not here")
	}
	literal := regexp.MustCompile(`"((?:eth|arp|ip|ipv6|tcp|udp|icmp|icmpv6|dns|dhcp|data)\.[a-z0-9_.]*[a-z0-9_])"`)
	found := map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			found[m[1]] = true
			if !HasField(m[1]) {
				t.Errorf("fieldKeys lacks %q", m[1])
			}
		}
	}
	for _, key := range FieldKeys() {
		if !found[key] {
			t.Errorf("no source has the field %q", key)
		}
	}
	if !slices.IsSorted(fieldKeys) {
		t.Error("fieldKeys is not sorted")
	}
}
