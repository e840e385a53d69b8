package trace

import "wirelab/stack/wire"

// Services are ports with the names that /etc/services gives them: those of TCP and UDP, of TCP only, of UDP only.
var (
	services = map[uint16]string{
		7: "echo", 9: "discard", 13: "daytime", 19: "chargen", 37: "time", 49: "tacacs", 53: "domain", 88: "kerberos", 111: "sunrpc",
		161: "snmp", 162: "snmp-trap", 389: "ldap", 427: "svrloc", 443: "https", 636: "ldaps", 853: "domain-s", 1194: "openvpn",
		1812: "radius", 1813: "radius-acct", 2049: "nfs", 5060: "sip", 5061: "sip-tls",
	}
	servicesTCP = map[uint16]string{
		1: "tcpmux", 11: "systat", 15: "netstat", 17: "qotd", 20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 43: "whois",
		70: "gopher", 79: "finger", 80: "http", 110: "pop3", 113: "auth", 119: "nntp", 139: "netbios-ssn", 143: "imap2", 179: "bgp",
		445: "microsoft-ds", 465: "submissions", 514: "shell", 515: "printer", 587: "submission", 631: "ipp", 873: "rsync", 989: "ftps-data",
		990: "ftps", 993: "imaps", 995: "pop3s", 1080: "socks", 1433: "ms-sql-s", 3306: "mysql", 3389: "ms-wbt-server", 5222: "xmpp-client",
		5432: "postgresql", 5671: "amqps", 5672: "amqp", 6379: "redis", 6514: "syslog-tls", 8080: "http-alt", 9418: "git",
	}
	servicesUDP = map[uint16]string{
		21: "fsp", 67: "bootps", 68: "bootpc", 69: "tftp", 123: "ntp", 137: "netbios-ns", 138: "netbios-dgm", 500: "isakmp", 514: "syslog",
		520: "route", 546: "dhcpv6-client", 547: "dhcpv6-server", 1701: "l2f", 5353: "mdns",
	}
)

// appendPort appends a port of TCP or UDP, or its name if named.
func appendPort(b []byte, port uint16, proto uint8, named bool) []byte {
	own := servicesTCP
	if proto == wire.ProtoUDP {
		own = servicesUDP
	}
	for _, known := range []map[uint16]string{services, own} {
		if name := known[port]; named && name != "" {
			return append(b, name...)
		}
	}
	return number(b, uint32(port))
}
