package bench

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
)

const usage = `usage: %s [--json] NAME [flags]
  bulk      one connection over one link    [--bytes 1GiB]
  dumbbell  N flows through a slow link     [--flows N] [--time 60s]
  small     one flow, 1 Gbit/s, no loss     [--time 2s]
  gigabit   one flow, 1 Gbit/s, 20 ms       [--time 3s]
  conns     connect and close, one by one   [--conns N]
  idle      connections that do nothing     [--conns N]
  scale     H hosts, each with one flow     [--hosts H] [--time 10s]
  seek      a million packets, 200 instants [--flows N]
  all       [--cc reno|cubic|bbr] [--trace=on|off]
`

// Command runs the workload that args name and prints its result: the bench
// command of the command line, and the whole of the program under Node, each
// with its own program name. It returns the exit status; messages go to errOut.
func Command(program string, args []string, out, errOut io.Writer) int {
	o, asJSON, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(out, usage, program)
		return 0
	}
	var r *Result
	if err == nil {
		r, err = runWorkload(o)
	}
	if err == nil {
		err = Write(out, r, asJSON)
	}
	if err != nil {
		fmt.Fprintf(errOut, "%s: %v\n", program, err)
		return 2
	}
	return 0
}

// parse reads flags before and after the name.
func parse(args []string) (o options, asJSON bool, err error) {
	o = defaults("")
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&asJSON, "json", false, "")
	f.IntVar(&o.Flows, "flows", o.Flows, "")
	f.IntVar(&o.Conns, "conns", o.Conns, "")
	f.IntVar(&o.Hosts, "hosts", 100, "")
	f.StringVar(&o.CC, "cc", o.CC, "")
	f.Func("time", "", func(s string) (err error) { o.TimeNs, err = parseTime(s); return err })
	f.Func("bytes", "", func(s string) (err error) { o.Bytes, err = parseBytes(s); return err })
	f.Func("trace", "", func(s string) error {
		o.TraceOff = s == "off"
		if s != "on" && s != "off" {
			return errors.New("it is on or off")
		}
		return nil
	})
	var names []string
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return o, false, err
			}
			return o, false, fmt.Errorf("%w; the flags are --json --flows --conns --hosts --cc --time --bytes --trace", err)
		}
		if f.NArg() == 0 {
			break
		}
		names = append(names, f.Arg(0))
		args = f.Args()[1:]
	}
	if len(names) != 1 {
		return o, false, fmt.Errorf("name one workload: %s", strings.Join(Names(), " or "))
	}
	o.Name = names[0]
	return o, asJSON, nil
}

func parseTime(s string) (int64, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, errors.New("it is a time such as 60s or 500ms")
	}
	return d.Nanoseconds(), nil
}

func parseBytes(s string) (uint64, error) {
	number, shift := s, 0
	for i, unit := range []string{"KiB", "MiB", "GiB"} {
		if cut, ok := strings.CutSuffix(s, unit); ok {
			number, shift = cut, 10*(i+1)
		}
	}
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil || n == 0 || n > 1<<50>>shift {
		return 0, errors.New("it is a number of bytes such as 65536, 64KiB or 1GiB")
	}
	return n << shift, nil
}

// Write prints a result, a pointer to a struct: one JSON object, or the same keys as a table.
func Write(out io.Writer, result any, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(result)
	}
	v := reflect.ValueOf(result).Elem()
	for i := range v.NumField() {
		key, optional := strings.CutSuffix(v.Type().Field(i).Tag.Get("json"), ",omitempty")
		if optional && v.Field(i).IsZero() {
			continue
		}
		value := v.Field(i).Interface()
		switch x := value.(type) {
		case float64:
			value = strconv.FormatFloat(x, 'f', 2, 64)
		case []string:
			value = strings.Join(x, "; ")
		}
		if _, err := fmt.Fprintf(out, "%-24s %v\n", key, value); err != nil {
			return err
		}
	}
	return nil
}
