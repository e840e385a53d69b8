package session

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/problem"
)

// Verb is something that a person can do to a lab, in one line of words.
type Verb struct {
	Name, Usage string
	do          func(s *Session, args []string) error
}

// Verbs is the table of them, for help and for proposals. Packets are counted from 1, links from 0.
var Verbs []Verb

func init() {
	Verbs = []Verb{
		{"hold", "PACKET", packetVerb(lab.ActHold)},
		{"release", "PACKET", packetVerb(lab.ActRelease)},
		{"drop", "PACKET", packetVerb(lab.ActDrop)},
		{"delay", "PACKET TIME", packetVerb(lab.ActDelay)},
		{"duplicate", "PACKET [COPIES]", packetVerb(lab.ActDuplicate)},
		{"corrupt", "PACKET [BIT]", packetVerb(lab.ActCorrupt)},
		{"edit", "PACKET FIELD VALUE [keep]", packetVerb(lab.ActEdit)},
		{"inject", "LINK DIRECTION HEX", injectVerb},
		{"rule", "[link N] [dir 0|1] [nth N] [chance 30%] ACTION [ARGUMENTS] [when FILTER]", ruleVerb},
		{"unrule", "NUMBER", unruleVerb},
		{"link", "NUMBER SETTING VALUE [dir 0|1]", linkVerb},
		{"sysctl", "HOST NAME VALUE", sysctlVerb},
		{"address", "HOST INTERFACE ADDRESS/PREFIX ...", addressVerb},
		{"add", "host|router|switch NAME [at X Y] | link NODE NODE [ADDRESS/PREFIX|-] [ADDRESS/PREFIX]", addVerb},
		{"remove", "NODE | link NUMBER", removeVerb},
		{"rename", "NODE NAME", renameVerb},
		{"memory", "MIB", memoryVerb},
		{"run", "TIME | FILTER | [next] event|timer|call [NAME] [of host HOST] [of connection ADDRESS:PORT > ADDRESS:PORT]", runVerb},
		{"step", "event|packet|state|syscall|timer", stepVerb},
	}
}

// Command does what a line of words says, such as `drop 12`, `link 0 delay 50ms` or `rule nth 2 drop when tcp.len > 0`.
// All of it goes through Do, so it stands in the journal and can be undone.
func (s *Session) Command(line string) error {
	words := strings.Fields(line)
	if len(words) == 0 {
		return fail("bad_argument", "there is nothing to do; there are %s", verbNames())
	}
	for i := range Verbs {
		if v := &Verbs[i]; v.Name == words[0] {
			err := v.do(s, words[1:])
			if e := (*Error)(nil); errors.As(err, &e) && (e.Code == "busy" || e.Code == "too_large") {
				return e // nothing is wrong with the words
			} else if err != nil {
				return fail("bad_argument", "%s: %v; it is written %s %s", v.Name, err, v.Name, v.Usage)
			}
			return nil
		}
	}
	return fail("bad_argument", "nothing here is called %q; there are %s", words[0], verbNames())
}

func verbNames() string {
	names := make([]string, len(Verbs))
	for i := range Verbs {
		names[i] = Verbs[i].Name
	}
	return strings.Join(names, ", ")
}

// surgery reads the arguments of an action; it returns what is left of them.
func surgery(action lab.Action, args []string) (lab.Surgery, []string, error) {
	s := lab.Surgery{Action: action, Count: 1}
	var err error
	take := func() string {
		if len(args) == 0 {
			return ""
		}
		word := args[0]
		args = args[1:]
		return word
	}
	number := func(size int) uint64 {
		if len(args) == 0 {
			return 0
		}
		if n, bad := strconv.ParseUint(args[0], 10, size); bad == nil {
			take()
			return n
		}
		return 0
	}
	switch action {
	case lab.ActDelay:
		s.Ns, err = link.ParseTime(take())
	case lab.ActDuplicate:
		s.Count = max(uint32(number(32)), 1)
	case lab.ActCorrupt:
		s.Bit = uint32(number(32))
	case lab.ActEdit:
		s.Field, s.Value = take(), take()
		if len(args) > 0 && args[0] == "keep" {
			take()
			s.KeepSums = true
		}
	}
	return s, args, err
}

func packetVerb(action lab.Action) func(*Session, []string) error {
	return func(s *Session, args []string) error {
		if len(args) == 0 {
			return problem.New("the number of a packet is missing")
		}
		n, err := strconv.ParseUint(args[0], 10, 62)
		if err != nil || n == 0 || n > s.lab.Trace.Len() {
			return problem.New("there is no packet %s; %d are recorded", args[0], s.lab.Trace.Len())
		}
		what, rest, err := surgery(action, args[1:])
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			return problem.New("%q is too much", strings.Join(rest, " "))
		}
		proof, err := s.lab.Proof(n - 1)
		if err != nil {
			return err
		}
		c := s.lab.Trace.At(n - 1)
		return s.Change(lab.Operate{Link: c.Link, Dir: c.Dir, Packet: n - 1, Proof: proof, Surgery: what})
	}
}

func injectVerb(s *Session, args []string) error {
	if len(args) < 3 {
		return problem.New("a link, a direction and a frame are needed")
	}
	n, err := s.linkNumber(args[0])
	if err != nil {
		return err
	}
	dir, err := direction(args[1])
	if err != nil {
		return err
	}
	frame, err := hex.DecodeString(strings.Join(args[2:], ""))
	if err != nil {
		return problem.New("a frame is written in hexadecimal digits, two for each byte")
	}
	return s.Change(lab.Inject{Link: n, Dir: dir, Frame: string(frame)})
}

func ruleVerb(s *Session, args []string) error {
	var r lab.Rule
	for len(args) > 0 {
		var err error
		switch {
		case args[0] == "when":
			r.Filter, args = strings.Join(args[1:], " "), nil
			continue
		case len(args) < 2 || actionOf(args[0]) != 0:
		case args[0] == "link":
			var n uint32
			n, err = s.linkNumber(args[1])
			r.Link = n + 1
		case args[0] == "dir":
			var d uint8
			d, err = direction(args[1])
			r.Dir = d + 1
		case args[0] == "nth":
			if r.Nth, err = strconv.ParseUint(args[1], 10, 62); err != nil {
				err = problem.New("packets are counted from 1; %q is no number", args[1])
			} else if r.Nth == 0 {
				err = problem.New("packets are counted from 1: none is number 0")
			}
		case args[0] == "chance":
			if r.PPM, err = link.ParseShare(args[1]); err == nil && r.PPM == 0 {
				err = problem.New("a rule with a chance of %s would never act", args[1])
			}
		default:
			return problem.New("%q is no action and no condition", args[0])
		}
		if a := actionOf(args[0]); a != 0 {
			r.Surgery, args, err = surgery(a, args[1:])
		} else if len(args) >= 2 {
			args = args[2:]
		} else {
			return problem.New("%q is no action, or something is missing behind it", args[0])
		}
		if err != nil {
			return err
		}
	}
	if r.Action == 0 {
		return problem.New("an action is missing")
	}
	return s.Change(lab.AddRule{Rule: r})
}

// actionOf returns the action of a name that a rule may have, or 0.
func actionOf(name string) lab.Action {
	for a, n := range [...]string{lab.ActHold: "hold", lab.ActDrop: "drop", lab.ActDelay: "delay", lab.ActDuplicate: "duplicate", lab.ActCorrupt: "corrupt", lab.ActEdit: "edit"} {
		if n != "" && n == name {
			return lab.Action(a)
		}
	}
	return 0
}

func unruleVerb(s *Session, args []string) error {
	if len(args) != 1 {
		return problem.New("the number of a rule is needed")
	}
	n, err := strconv.ParseUint(args[0], 10, 32)
	if err != nil || n == 0 || n > uint64(len(s.lab.Rules)) {
		return problem.New("there is no rule %s; there are %d", args[0], len(s.lab.Rules))
	}
	return s.Change(lab.RemoveRule{Number: n - 1})
}

func linkVerb(s *Session, args []string) error {
	way := ""
	if n := len(args); n >= 5 && args[n-2] == "dir" {
		way, args = args[n-1], args[:n-2]
	}
	if len(args) < 3 {
		return problem.New("a link, a setting and its value are needed")
	}
	n, err := s.linkNumber(args[0])
	if err != nil {
		return err
	}
	setting, err := link.FindSetting(args[1])
	if err != nil {
		return err
	}
	first, last := uint8(0), uint8(1)
	if way != "" {
		if first, err = direction(way); err != nil {
			return err
		}
		last = first
	}
	var inputs []lab.Input
	for dir := first; dir <= last; dir++ {
		p := s.lab.LinkAt(int(n)).Dir[dir].Params
		if err := setting.Set(&p, strings.Join(args[2:], " ")); err != nil {
			return err
		}
		inputs = append(inputs, lab.SetLink{Link: n, Dir: dir, Params: p})
	}
	return s.Change(inputs...)
}

func sysctlVerb(s *Session, args []string) error {
	if len(args) < 3 {
		return problem.New("a host, a name and a value are needed")
	}
	id, err := s.host(args[0])
	if err != nil {
		return err
	}
	return s.Change(lab.SetSysctl{Node: id, Name: args[1], Value: strings.Join(args[2:], " ")})
}

func (s *Session) linkNumber(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if len(s.lab.Links) == 0 {
		return 0, problem.New("there is no link yet")
	}
	if links := len(s.lab.Links); err != nil || n >= uint64(links) {
		return 0, problem.New("there is no link %s; there are 0 to %d", text, links-1)
	}
	if s.lab.Cut(uint32(n)) {
		return 0, problem.New("link %s, %s, was taken out", text, s.lab.LinkName(uint32(n)))
	}
	return uint32(n), nil
}

func direction(text string) (uint8, error) {
	if text != "0" && text != "1" {
		return 0, problem.New("a direction is 0, from the link's first end, or 1, from its second, not %s", text)
	}
	return text[0] - '0', nil
}

// runVerb and stepVerb begin to run; that is no change of the lab either.
func runVerb(s *Session, args []string) error { return s.Run(strings.Join(args, " ")) }

func stepVerb(s *Session, args []string) error { return s.Step(strings.Join(args, " ")) }

// memoryVerb sets how much memory records may take. It is no change of the lab, and stands in no journal.
func memoryVerb(s *Session, args []string) error {
	if len(args) != 1 {
		return problem.New("a number of MiB is needed")
	}
	n, err := strconv.ParseUint(args[0], 10, 20)
	if err != nil || n < 16 {
		return problem.New("records take 16 to 1048575 MiB, not %s", args[0])
	}
	s.lab.RecordLimit = n << 20
	return nil
}
