package prog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/wire"
)

// options are a command line, taken apart.
type options struct {
	on   [128]bool
	val  [128]string // the last one that was given
	all  []optValue  // each option that was given
	rest []string
}

type optValue struct {
	letter byte
	value  string
}

// set takes an option with its value; one that takes none has an empty one.
func (o *options) set(c byte, value string) {
	o.on[c&127], o.val[c&127] = true, value
	o.all = append(o.all, optValue{c, value})
}

// values returns what was given with each use of an option.
func (o *options) values(c byte) (list []string) {
	for _, v := range o.all {
		if v.letter == c {
			list = append(list, v.value)
		}
	}
	return list
}

// getopt takes options and operands apart, in any order, as getopt(3) of GNU does: a colon in spec stands
// behind a letter that takes a value. Each of long, such as "help=h", is another name for a letter.
func getopt(args []string, spec string, long ...string) (o options, err error) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			o.rest = append(o.rest, args[i+1:]...)
			return o, nil
		case strings.HasPrefix(a, "--"):
			var used int
			if used, err = o.long(a[2:], args[i+1:], spec, long); err != nil {
				return o, err
			}
			i += used
		case len(a) > 1 && a[0] == '-':
			for k := 1; k < len(a); k++ {
				takes, ok := takesValue(spec, a[k])
				if !ok {
					return o, fmt.Errorf("there is no option -%c", a[k])
				}
				if !takes {
					o.set(a[k], "")
					continue
				}
				value := a[k+1:]
				if value == "" {
					if i++; i >= len(args) {
						return o, fmt.Errorf("option -%c takes a value", a[k])
					}
					value = args[i]
				}
				o.set(a[k], value)
				break
			}
		default:
			o.rest = append(o.rest, a)
		}
	}
	return o, nil
}

func (o *options) long(text string, next []string, spec string, long []string) (used int, err error) {
	name, value, given := strings.Cut(text, "=")
	for _, l := range long {
		if at := strings.LastIndexByte(l, '='); l[:at] == name {
			c := l[at+1]
			takes, _ := takesValue(spec, c)
			switch {
			case takes && !given && len(next) == 0:
				return 0, fmt.Errorf("option --%s takes a value", name)
			case takes && !given:
				value, used = next[0], 1
			case !takes && given:
				return 0, fmt.Errorf("option --%s takes no value", name)
			}
			o.set(c, value)
			return used, nil
		}
	}
	return 0, fmt.Errorf("there is no option --%s", name)
}

// times returns how often an option was given, at most 100.
func (o *options) times(c byte) uint8 { return uint8(min(len(o.values(c)), 100)) }

func takesValue(spec string, c byte) (takes, ok bool) {
	i := strings.IndexByte(spec, c)
	if i < 0 || c == ':' || c >= 128 {
		return false, false
	}
	return i+1 < len(spec) && spec[i+1] == ':', true
}

// number returns the value of an option from low to high, or what it is without one.
func (o *options) number(c byte, low, high, usual uint64) (uint64, error) {
	if !o.on[c] {
		return usual, nil
	}
	n, err := strconv.ParseUint(o.val[c], 10, 64)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("-%c takes a number from %d to %d, not %q", c, low, high, o.val[c])
	}
	return n, nil
}

// seconds returns the value of an option in ns; it may have a fraction.
func (o *options) seconds(c byte, usualNs int64) (int64, error) {
	if !o.on[c] {
		return usualNs, nil
	}
	ns, err := parseSeconds(o.val[c])
	if err != nil {
		return 0, fmt.Errorf("-%c takes a number of seconds, not %q", c, o.val[c])
	}
	return ns, nil
}

// parseSeconds reads seconds such as 0.25, in ns, without floating point.
func parseSeconds(s string) (int64, error) {
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" && frac == "" || len(frac) > 9 {
		return 0, errors.New("not a number of seconds")
	}
	sec, err := strconv.ParseUint("0"+whole, 10, 32)
	if err != nil {
		return 0, err
	}
	part, err := strconv.ParseUint((frac + "000000000")[:9], 10, 32)
	return int64(sec)*1_000_000_000 + int64(part), err
}

// checked makes the check of a kind of its parser.
func checked[T any](parse func([]string) (T, error)) func([]string) error {
	return func(args []string) error {
		_, err := parse(args)
		return err
	}
}

// plain makes the check of a program without options of that of its arguments; a negative number is none.
func plain(check func([]string) error) func([]string) error {
	return func(args []string) error {
		for _, a := range args {
			if len(a) > 1 && a[0] == '-' && (a[1] < '0' || a[1] > '9') {
				return fmt.Errorf("there is no option %s", a)
			}
		}
		return check(args)
	}
}

// checkHost checks that a word can be an address or a name (RFC 1123 §2.1).
func checkHost(s string) error {
	if _, err := wire.ParseAddr(s); err == nil {
		return nil
	}
	if s == "" || len(s) > 253 || s[0] == '-' || strings.Trim(s, "0123456789.") == "" || strings.Contains(s, "..") {
		return fmt.Errorf("%q is neither an address such as 10.0.0.1 nor a name", s)
	}
	for _, c := range []byte(s) {
		if !(c == '-' || c == '.' || c == '_' || c >= '0' && c <= '9' || c|32 >= 'a' && c|32 <= 'z') {
			return fmt.Errorf("%q is neither an address such as 10.0.0.1 nor a name", s)
		}
	}
	for label := range strings.SplitSeq(s, ".") {
		if len(label) > 63 {
			return fmt.Errorf("%q is no name: its parts have at most 63 letters", s)
		}
	}
	return nil
}
