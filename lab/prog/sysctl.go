package prog

import (
	"errors"
	"strings"

	"wirelab/stack"
)

var sysctlSource = []string{
	`fd = open("/proc/sys/net/…", O_RDWR);`,
	`write(fd, value, strlen(value));  // with -w`,
	`read(fd, value, sizeof value);`,
}

func parseSysctl(args []string) (o options, err error) {
	if o, err = getopt(args, "awneq", "all=a", "write=w", "values=n"); err == nil && len(o.rest) == 0 && !o.on['a'] {
		err = errors.New("a name is needed, or -a for all of them")
	}
	return o, err
}

// stepSysctl shows settings and changes them, in the words of sysctl(8).
func stepSysctl(s *Sys, p *Proc) bool {
	o, _ := parseSysctl(p.Args)
	show := func(name string) {
		text, _ := s.SysctlText(name)
		if o.on['n'] {
			s.printf(StyleOut, "%s", untab(text))
		} else {
			s.printf(StyleOut, "%s", untab(name+" = "+text))
		}
	}
	if o.on['a'] {
		for _, name := range stack.Sysctls() {
			show(name)
		}
	}
	for _, word := range joinAssignments(o.rest) {
		name, value, set := strings.Cut(word, "=")
		name = strings.ReplaceAll(strings.TrimSpace(name), "/", ".")
		if _, ok := s.SysctlText(name); !ok {
			s.printf(StyleError, "sysctl: cannot stat /proc/sys/%s: No such file or directory", strings.ReplaceAll(name, ".", "/"))
			continue
		}
		if set {
			if err := s.SetSysctl(name, strings.TrimSpace(value)); err != nil {
				s.printf(StyleError, "sysctl: setting key \"%s\": Invalid argument (%s)", name, err)
				continue
			}
		}
		if !set || !o.on['q'] {
			show(name)
		}
	}
	s.exit()
	return false
}

// joinAssignments takes NAME = VALUE for one word.
func joinAssignments(words []string) (joined []string) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		if i+2 < len(words) && words[i+1] == "=" {
			w += "=" + words[i+2]
			i += 2
		}
		joined = append(joined, w)
	}
	return joined
}

// untab puts blanks for tabs: a terminal here has no stops.
func untab(s string) string {
	var b strings.Builder
	col := 0
	for _, r := range s {
		if r == '\t' {
			for ok := true; ok; ok = col%8 != 0 {
				b.WriteByte(' ')
				col++
			}
			continue
		}
		b.WriteRune(r)
		col++
	}
	return b.String()
}
