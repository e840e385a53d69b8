package prog

import (
	"fmt"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/lab/trace"
)

// dnsWords is what tcpdump says of a datagram from or to a name server, in place of its length; "" if it
// is none.
func dnsWords(sum *trace.Summary, frame []byte) string {
	if sum.Proto != trace.UDP || sum.Src.Port != dnsPort && sum.Dst.Port != dnsPort || len(frame) < int(sum.Length) {
		return ""
	}
	var m dnsmessage.Message
	if m.Unpack(frame[len(frame)-int(sum.Length):]) != nil || len(m.Questions) == 0 {
		return ""
	}
	text := fmt.Sprint(m.ID)
	if !m.Response {
		if m.RecursionDesired {
			text += "+"
		}
		q := &m.Questions[0]
		return fmt.Sprintf("%s %s? %s (%d)", text, typeName(q.Type), q.Name, sum.Length)
	}
	if m.RCode != dnsmessage.RCodeSuccess {
		text += map[dnsmessage.RCode]string{dnsmessage.RCodeNameError: " NXDomain", dnsmessage.RCodeServerFailure: " ServFail", dnsmessage.RCodeRefused: " Refused", dnsmessage.RCodeFormatError: " FormErr"}[m.RCode]
	}
	if m.Authoritative {
		text += "*"
	}
	if !m.RecursionAvailable {
		text += "-"
	}
	var answers []string
	for _, r := range m.Answers {
		answers = append(answers, typeName(r.Header.Type)+" "+recordValue(r.Body))
	}
	text += fmt.Sprintf(" %d/%d/%d", len(m.Answers), len(m.Authorities), len(m.Additionals))
	if len(answers) > 0 {
		text += " " + strings.Join(answers, ", ")
	}
	return fmt.Sprintf("%s (%d)", text, sum.Length)
}
