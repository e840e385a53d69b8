package prog_test

// tools are the golden files; each shows one program as students use it.
var tools = []tool{
	{"help", []string{"client 0 help", "client 0 help ping", "client 0 help nothing", "client 0 echo-client 'a b' 7", "client 1 ping -c 1 \"server\" ; help ip", "client 3000 a | b", "client 3001 'open"}, 5000},
	{"ip", []string{"client 1000 ping -c 1 10.0.0.254", "client 1100 ip addr", "client 1101 ip route", "client 1102 ip -6 route", "client 1103 ip neigh", "client 1104 ip link show dev eth0",
		"client 1105 ip route get 10.0.1.1", "client 1106 ip route add 10.9.0.0/16 via 10.0.0.53", "client 1107 ip route add 10.9.0.0/16 via 10.0.0.53", "client 1108 ip r",
		"client 1109 ip route del 10.9.0.0/16", "client 1110 ip route del 10.9.0.0/16", "client 1111 ip route add 10.8.0.0/16 via 9.9.9.9", "client 1112 ip addr add 1.2.3.4/24 dev eth9",
		"client 1113 ip addr add 10.0.0.7/24 dev eth0", "client 1114 ip addr del 10.0.0.1/24 dev eth0", "client 1115 ip addr add 10.0.0.7/24 dev eth0", "client 1116 ip -4 a", "client 1117 ip -4 route", "client 1118 ip foo", "client 1119 ip addr add 300.1.1.1 dev eth0", "client 1120 ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0",
		"client 1121 ip n", "client 1122 ip neigh del 10.0.0.9 dev eth0", "client 1123 ip neigh"}, 2000},
	{"ping", []string{"client 1000 ping -c 3 server", "client 5000 ping -c 2 10.0.0.99", "client 10000 ping -c 1 -t 1 server", "client 12000 ping -c 2 -i 0.2 -s 1000 server6", "client 14000 ping -c 2 -t 1 server6",
		"client 16000 ping -c 1 nowhere", "client 17000 ping 192.0.2.1", "client 18500 ^C", "client 19000 ping gone", "client 24000 ^C", "client 25000 ping -q -c 2 2001:db8:1::99", "client 30000 ping -c 2 -W 1 10.0.1.98", "client 35000 ping -c 1 -s 2000 server", "client 36000 ping -6 server"}, 40000},
	{"traceroute", []string{"client 1000 traceroute -n server", "client 3000 traceroute server6", "client 6000 traceroute -n -q 1 10.0.1.99", "client 15000 traceroute -m 3 -q 2 192.0.2.9", "client 40000 traceroute nowhere"}, 60000},
	{"dig", []string{"client 1000 dig www", "client 1100 dig @10.0.0.53 server6 AAAA", "client 1200 dig nothing.example", "client 1300 dig +short www", "client 1400 dig server MX", "client 1500 dig @10.0.1.1 www +tries=2",
		"client 2000 dig @10.0.0.99 www +tries=2 +time=1", "names 9000 ^C"}, 10000},
	{"sockets", []string{"server 0 echo-server 7 &", "server 1 nc -l -u 5000 &", "client 1000 echo-client server 7", "client 1100 hello", "server 1200 ss -tan", "server 1201 ss -tln", "server 1202 ss -ti", "server 1203 ss -tanoe", "server 1204 ss -ulnp", "server 1205 ss -a",
		"server 1206 netstat -tan", "server 1207 netstat -rn", "server 1208 ss -s", "client 1300 exit", "client 1400 ss -tano", "client 1500 netstat -an"}, 2000},
	{"sysctl", []string{"client 0 sysctl net.ipv4.ip_forward net.ipv4.tcp_rmem", "client 1 sysctl -w net.ipv4.ip_forward=1", "client 2 sysctl net.ipv4.nosuch", "client 3 sysctl -w net.ipv4.ip_forward=x", "client 4 sysctl", "client 5 sysctl -n wirelab.nameserver"}, 10},
	{"nc", []string{"server 0 nc -l -v 9000", "client 1000 nc -v server 9000", "client 1100 hello", "server 1200 hi there", "client 1300 ^D", "server 1400 ^D", "server 2000 nc -u -l -v 53", "client 2100 nc -u server 53", "client 2200 a datagram", "server 2300 an answer", "client 2400 ^C", "server 2500 ^C",
		"client 3000 nc -v -z server 81", "client 4000 nc -w 1 -v 10.0.0.99 80", "client 6000 nc nowhere 80", "client 7000 nc -u server 5555", "client 7100 anybody?", "client 7200 hello?"}, 9000},
}
