//go:build !js

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"wirelab/stack/drill"
)

// refuted is the exit status of a verdict against what was asked.
const refuted = 1

// maxScript bounds what is read of a file before package drill says that it is
// too large.
const maxScript = 8 << 20

type drillCommand struct {
	Files     []string `arg:"" name:"file" help:"The packetdrill scripts."`
	Verbose   bool     `short:"v" help:"Print every packet, call and setting, with its time."`
	JSON      bool     `name:"json" help:"Print one JSON object."`
	Define    []string `short:"D" sep:"none" placeholder:"NAME=VALUE" help:"Give a word of the scripts a value."`
	Tolerance *int64   `name:"tolerance-usecs" placeholder:"N" help:"Let times be off by N microseconds, whatever the scripts say."`
	IPVersion string   `name:"ip-version" placeholder:"ipv4|ipv6|ipv4-mapped-ipv6" help:"Run over this version of IP, whatever the scripts say."`
	MTU       *int64   `name:"mtu" placeholder:"N" help:"Let the interface take packets of N bytes."`

	Switches drillSwitches `embed:"" group:"Comparison switches, named in the verdict where they made a difference:"`
}

// drillSwitches loosen comparisons, or tighten them.
type drillSwitches struct {
	OptOrder  bool `help:"TCP options are a set; nop and eol do not count."`
	Win       bool `help:"Ignore the window of what leaves."`
	Psh       bool `help:"Ignore PSH."`
	ExtraAcks int  `name:"extra-ack" placeholder:"K" help:"Pass over up to K pure ACKs that nothing asks for."`
	AckDelay  bool `help:"A pure ACK may leave up to 500 ms late."`
	RcvBuf    bool `name:"rcvbuf" help:"Ignore what getsockopt says of SO_RCVBUF and SO_SNDBUF."`
	TFOCookie bool `name:"tfo-cookie" help:"The first Fast Open cookie that leaves stands for the script's."`
	Consts    bool `help:"A name TCPI_X that is not there means TCP_X."`
	TSEcho    bool `name:"ts-echo" help:"Stricter: compare the echo of timestamps that leave, too."`
}

// drilled is the verdict on one script, as --json prints it.
type drilled struct {
	File     string   `json:"file"`
	Verdict  string   `json:"verdict"` // ok, fail or cannot
	Line     int      `json:"line,omitempty"`
	Expected string   `json:"expected,omitempty"`
	Got      string   `json:"got,omitempty"` // of cannot: what stands in the way
	Switches []string `json:"switches,omitempty"`
	Notes    []string `json:"notes,omitempty"`
}

func (c *drillCommand) Run(p *Program) error {
	var o drill.Options
	o.Switches = drill.Switches(c.Switches)
	if c.Tolerance != nil {
		o.Flags = append(o.Flags, drill.Option{Name: "tolerance_usecs", Value: fmt.Sprint(*c.Tolerance), Line: 1})
	}
	if c.IPVersion != "" {
		o.Flags = append(o.Flags, drill.Option{Name: "ip_version", Value: c.IPVersion, Line: 1})
	}
	if c.MTU != nil {
		o.Flags = append(o.Flags, drill.Option{Name: "mtu", Value: fmt.Sprint(*c.MTU), Line: 1})
	}
	if c.Verbose && !c.JSON {
		o.Log = func(line string) { fmt.Fprintln(p.Out, line) }
	}
	var counts [3]int
	var all []drilled
	for _, file := range c.Files {
		r := c.drill(file, o)
		counts[r.Verdict]++
		all = append(all, drilled{file, r.Verdict.String(), r.Line, r.Expected, r.Got, r.Switches, r.Notes})
		if !c.JSON {
			p.report(r)
		}
	}
	if c.JSON {
		err := json.NewEncoder(p.Out).Encode(struct {
			Scripts []drilled `json:"scripts"`
			OK      int       `json:"ok"`
			Fail    int       `json:"fail"`
			Cannot  int       `json:"cannot"`
		}{all, counts[drill.OK], counts[drill.Fail], counts[drill.Cannot]})
		if err != nil {
			return err
		}
	}
	switch {
	case counts[drill.Cannot] > 0:
		return exitStatus(failed)
	case counts[drill.Fail] > 0:
		return exitStatus(refuted)
	}
	return nil
}

// report prints a verdict: what cannot be run is an error, the others are the
// answer that was asked for.
func (p *Program) report(r drill.Result) {
	if r.Verdict == drill.Cannot {
		p.say("wirelab drill: %s", r)
		return
	}
	line := r.String()
	for _, s := range r.Switches {
		line += " [" + s + "]"
	}
	fmt.Fprintln(p.Out, line)
	for _, n := range r.Notes {
		p.say("wirelab drill: %s: %s", r.Name, n)
	}
}

// drill runs the script in a file.
func (c *drillCommand) drill(file string, o drill.Options) drill.Result {
	text, err := readScript(file)
	if err != nil {
		return drill.Result{Verdict: drill.Cannot, Name: file, Got: err.Error()}
	}
	s, err := drill.Parse(file, text, c.Define...)
	var syntax *drill.SyntaxError
	if errors.As(err, &syntax) {
		return drill.Result{Verdict: drill.Cannot, Name: file, Line: syntax.Line, Got: syntax.Text}
	}
	return s.Run(o)
}

// readScript returns the text of a file, or a sentence that says what to do.
func readScript(file string) (string, error) {
	f, err := os.Open(file)
	if err == nil {
		defer f.Close()
		var data []byte
		if data, err = io.ReadAll(io.LimitReader(f, maxScript)); err == nil {
			return string(data), nil
		}
	}
	var path *fs.PathError
	switch info, e := os.Stat(file); {
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New("there is no such file; name packetdrill scripts, such as *.pkt")
	case e == nil && info.IsDir():
		return "", fmt.Errorf("this is a folder; name the scripts in it, such as %s/*.pkt", file)
	case errors.As(err, &path):
		err = path.Err
	}
	return "", fmt.Errorf("it cannot be read: %w", err)
}
