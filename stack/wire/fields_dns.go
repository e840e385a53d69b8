package wire

import "fmt"

// DNS as fields (RFC 1035 §4.1). Where Wireshark has a line without a name in
// filters, the key begins with a dot.

var (
	dnsOpcodes = []naming{{0, "Standard query"}, {1, "Inverse query"}, {2, "Server status request"}, {4, "Zone change notification"}, {5, "Dynamic update"}}
	dnsRcodes  = []naming{{0, "No error"}, {1, "Format error"}, {2, "Server failure"}, {3, "No such name"}, {4, "Not implemented"}, {5, "Refused"}}
	dnsTypes   = []naming{{DNSTypeA, "A"}, {DNSTypeNS, "NS"}, {DNSTypeCNAME, "CNAME"}, {DNSTypeSOA, "SOA"}, {DNSTypePTR, "PTR"}, {DNSTypeMX, "MX"},
		{DNSTypeTXT, "TXT"}, {DNSTypeAAAA, "AAAA"}, {DNSTypeANY, "ANY"}}
	dnsTypesLong = []naming{{DNSTypeA, "Host Address"}, {DNSTypeNS, "authoritative Name Server"}, {DNSTypeCNAME, "Canonical NAME for an alias"},
		{DNSTypeSOA, "Start Of a zone of Authority"}, {DNSTypePTR, "domain name PoinTeR"}, {DNSTypeMX, "Mail eXchange"}, {DNSTypeTXT, "Text strings"},
		{DNSTypeAAAA, "IPv6 Address"}, {DNSTypeANY, "A request for some or all records the server has available"}}
)

// DNSTypeName returns the name of a type of records: "AAAA".
func DNSTypeName(t uint16) string {
	if name, ok := lookUp(dnsTypes, uint64(t)); ok {
		return name
	}
	return fmt.Sprintf("Type%d", t)
}

func dnsTypeText(v uint64) string {
	if long, ok := lookUp(dnsTypesLong, v); ok {
		return fmt.Sprintf("%s (%s) (%d)", DNSTypeName(uint16(v)), long, v)
	}
	return named(nil)(v)
}

func dnsClassText(v uint64) string {
	if v == DNSClassIN {
		return "IN (0x0001)"
	}
	return fmt.Sprintf("Unknown (0x%04x)", v)
}

// one returns what shows a single bit.
func one(clear, set string) func(uint64) string {
	return func(v uint64) string { return [2]string{clear, set}[v&1] }
}

var (
	dnsFlagSpecs = []spec{
		{1, "dns.id", "Transaction ID", 0, 2, 0, hex16},
		{1, "dns.flags", "Flags", 2, 2, 0, hex16},
		{2, "dns.flags.response", "Response", 2, 2, 0x8000, one("Message is a query", "Message is a response")},
		{2, "dns.flags.opcode", "Opcode", 2, 2, 0x7800, named(dnsOpcodes)},
		{2, "dns.flags.authoritative", "Authoritative", 2, 2, 0x0400, one("Server is not an authority for domain", "Server is an authority for domain")},
		{2, "dns.flags.truncated", "Truncated", 2, 2, 0x0200, one("Message is not truncated", "Message is truncated")},
		{2, "dns.flags.recdesired", "Recursion desired", 2, 2, 0x0100, one("Don't do query recursively", "Do query recursively")},
		{2, "dns.flags.recavail", "Recursion available", 2, 2, 0x0080, one("Server can't do recursive queries", "Server can do recursive queries")},
		{2, "dns.flags.rcode", "Reply code", 2, 2, 0x000f, named(dnsRcodes)},
	}
	dnsCountSpecs = []spec{
		{1, "dns.count.queries", "Questions", 4, 2, 0, dec},
		{1, "dns.count.answers", "Answer RRs", 6, 2, 0, dec},
		{1, "dns.count.auth_rr", "Authority RRs", 8, 2, 0, dec},
		{1, "dns.count.add_rr", "Additional RRs", 10, 2, 0, dec},
	}
	// dnsQueryFlagSpecs are those that mean something in a query.
	dnsQueryFlagSpecs = []spec{dnsFlagSpecs[0], dnsFlagSpecs[1], dnsFlagSpecs[2], dnsFlagSpecs[3], dnsFlagSpecs[5], dnsFlagSpecs[6]}

	dnsSections = [...]struct{ key, name string }{
		{".dns.query", "Query"}, {".dns.answer", "Answer"}, {".dns.authority", "Authoritative nameserver"}, {".dns.additional", "Additional record"}}

	// These count from the end of a record's name.
	dnsQuerySpecs = []spec{
		{2, "dns.qry.type", "Type", 0, 2, 0, dnsTypeText},
		{2, "dns.qry.class", "Class", 2, 2, 0, dnsClassText},
	}
	dnsRecordSpecs = []spec{
		{2, "dns.resp.type", "Type", 0, 2, 0, dnsTypeText},
		{2, "dns.resp.class", "Class", 2, 2, 0, dnsClassText},
		{2, "dns.resp.ttl", "Time to live", 4, 4, 0, func(v uint64) string { return fmt.Sprintf("%d (%s)", v, lasting(v)) }},
		{2, "dns.resp.len", "Data length", 8, 2, 0, dec},
	}
)

// dns describes a message at [at, end), which is long enough for a header.
func (d *decoder) dns(at, end int) {
	d.open("dns", "Domain Name System", at, end)
	layer, m := d.layer, DNS(d.frame[at:end])
	specs, about := dnsQueryFlagSpecs, nameOf(dnsOpcodes, uint64(m.Opcode()))
	if m.Response() {
		specs, about = dnsFlagSpecs, about+" response, "+nameOf(dnsRcodes, uint64(m.Rcode()))
	}
	d.header(specs, at, end)
	d.out[layer+2].Text += " " + about
	d.out[layer].Text = about
	d.header(dnsCountSpecs, at, end)
	for r, ok := m.Next(DNSRecord{}); ok; r, ok = m.Next(r) {
		if r.Section == DNSQuestion && r.Nth == 0 {
			d.out[layer].Text += ", " + DNSTypeName(r.Type) + " " + dnsName(m, r.Start)
		}
		d.dnsRecord(m, &r, at)
	}
	if stop, ok := m.whole(); !ok {
		d.broken(at+stop, end, "the rest of the records that the counts promise cannot be read")
	}
}

// dnsName is the name at offset at; the root's is said in a word.
func dnsName(m DNS, at int) string {
	if name := m.Name(at); name != "" {
		return name
	}
	return "<Root>"
}

// dnsRecord describes a question or a record of the message at offset base.
func (d *decoder) dnsRecord(m DNS, r *DNSRecord, base int) {
	section, i := dnsSections[r.Section], len(d.out)
	name := dnsName(m, r.Start)
	class := "IN"
	if r.Class != DNSClassIN {
		class = dec(uint64(r.Class))
	}
	d.add(1, section.key, section.name, fmt.Sprintf("%s: type %s, class %s", name, DNSTypeName(r.Type), class), base+r.Start, base+r.End)
	if r.Section == DNSQuestion {
		d.add(2, "dns.qry.name", "Name", name, base+r.Start, base+r.NameEnd)
		d.header(dnsQuerySpecs, base+r.NameEnd, base+r.End)
		return
	}
	d.add(2, "dns.resp.name", "Name", name, base+r.Start, base+r.NameEnd)
	d.header(dnsRecordSpecs, base+r.NameEnd, base+r.Data)
	key, what, text := dnsData(m, r)
	if r.Data == r.End {
		return
	}
	d.out[i].Text += ", " + text
	d.add(2, key, what, text, base+r.Data, base+r.End)
}

// dnsData reads the data of a record.
func dnsData(m DNS, r *DNSRecord) (key, name, text string) {
	data := m[r.Data:r.End]
	switch {
	case r.Type == DNSTypeA && len(data) == 4:
		return "dns.a", "Address", from4(data).String()
	case r.Type == DNSTypeAAAA && len(data) == 16:
		return "dns.aaaa", "AAAA Address", Addr(data).String()
	}
	if b, next, ok := m.AppendName(nil, r.Data); ok && next == r.End {
		switch r.Type {
		case DNSTypeCNAME:
			return "dns.cname", "CNAME", string(b)
		case DNSTypeNS:
			return "dns.ns", "Name Server", string(b)
		case DNSTypePTR:
			return "dns.ptr.domain_name", "Domain Name", string(b)
		}
	}
	return "dns.data", "Data", hexText(data)
}

// lasting writes seconds as people say them.
func lasting(sec uint64) string {
	text := ""
	for _, unit := range []struct {
		sec  uint64
		name string
	}{{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}} {
		if n := sec / unit.sec; n > 0 {
			if text != "" {
				text += ", "
			}
			text += count(int(n), unit.name)
			sec %= unit.sec
		}
	}
	if text == "" {
		return "0 seconds"
	}
	return text
}
