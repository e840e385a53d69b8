package stack

import (
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/problem"
	"wirelab/stack/tcp"
)

const ms = int64(1_000_000)

// sysctl is one setting of a host: Linux's name where Linux has it, wirelab.*
// where it has not. Values are whole numbers from low to high.
type sysctl struct {
	name      string
	low, high int64
	get       func(h *Host) int64
	set       func(h *Host, v int64)
}

// sysctls is the one table that host, drill, shell and files share, but for what is no single number
// (textSysctls) and what changes nothing (inertSysctls).
var sysctls = slices.Concat(natSysctls, ipSysctls, coreSysctls, tcpSysctls, labSysctls)

// Sysctls returns the names of all settings, in order.
func Sysctls() []string {
	var names []string
	for i := range sysctls {
		names = append(names, sysctls[i].name)
	}
	for i := range textSysctls {
		names = append(names, textSysctls[i].name)
	}
	for i := range inertSysctls {
		names = append(names, inertSysctls[i].name)
	}
	slices.Sort(names)
	return names
}

// small is a setting from 0 to high.
func small(name string, high int64, field func(*tcp.Config) *uint8) sysctl {
	return sysctl{name, 0, high, func(h *Host) int64 { return int64(*field(&h.Conf)) }, func(h *Host, v int64) { *field(&h.Conf) = uint8(v) }}
}

// number is a setting that is kept as it is given.
func number[T uint8 | uint16 | uint32](name string, low, high int64, field func(*Host) *T) sysctl {
	return sysctl{name, low, high, func(h *Host) int64 { return int64(*field(h)) }, func(h *Host, v int64) { *field(h) = T(v) }}
}

// span is a setting of time that is kept in ns; unit is how many of those it counts in.
func span(name string, low, high, unit int64, field func(*Host) *int64) sysctl {
	return sysctl{name, low, high, func(h *Host) int64 { return *field(h) / unit }, func(h *Host, v int64) { *field(h) = v * unit }}
}

func quirk(name string, bit uint32) sysctl {
	return sysctl{name, 0, 1, func(h *Host) int64 { return truth(h.Conf.Quirks&bit != 0) }, func(h *Host, v int64) {
		h.Conf.Quirks &^= bit
		if v != 0 {
			h.Conf.Quirks |= bit
		}
	}}
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// CheckSysctl returns why a setting is impossible, or nil.
func CheckSysctl(name, value string) error {
	if t := findTextSysctl(name); t != nil {
		_, err := t.read(value)
		return err
	}
	if s := findInertSysctl(name); s != nil {
		_, err := s.read(value)
		return err
	}
	_, _, err := findSysctl(name, value)
	return err
}

// SetSysctl sets name to value, or says why it cannot.
func (h *Host) SetSysctl(name, value string) error {
	if t := findTextSysctl(name); t != nil {
		set, err := t.read(value)
		if err == nil {
			set(h)
		}
		return err
	}
	if s := findInertSysctl(name); s != nil {
		shown, err := s.read(value)
		if err == nil {
			h.setInert(s, shown)
		}
		return err
	}
	s, v, err := findSysctl(name, value)
	if err == nil {
		s.set(h, v)
	}
	return err
}

// SysctlText returns the value of name as sysctl(8) prints it; false if there is no such setting.
func (h *Host) SysctlText(name string) (string, bool) {
	if t := findTextSysctl(name); t != nil {
		return t.get(h), true
	}
	if s := findInertSysctl(name); s != nil {
		return h.inertText(s), true
	}
	v, ok := h.Sysctl(name)
	return strconv.FormatInt(v, 10), ok
}

// Sysctl returns the value of name; false if there is no such setting.
func (h *Host) Sysctl(name string) (int64, bool) {
	for i := range sysctls {
		if sysctls[i].name == name {
			return sysctls[i].get(h), true
		}
	}
	return 0, false
}

// SysctlBounds returns from where to where a setting goes that is one whole number and has an effect.
func SysctlBounds(name string) (low, high int64, ok bool) {
	for i := range sysctls {
		if s := &sysctls[i]; s.name == name {
			return s.low, s.high, true
		}
	}
	return 0, 0, false
}

func findSysctl(name, value string) (*sysctl, int64, error) {
	for i := range sysctls {
		s := &sysctls[i]
		if s.name != name {
			continue
		}
		v, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil || v < s.low || v > s.high {
			return nil, 0, problem.New("%s takes a whole number from %d to %d, not %q", name, s.low, s.high, value)
		}
		return s, v, nil
	}
	return nil, 0, problem.New("there is no setting %q", name)
}
