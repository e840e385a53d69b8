package drill

import "testing"

// Every field of Linux 6.18's struct tcp_info that this stack can tell is there; the others are refused by name.
func TestFieldsOfTCPInfo(t *testing.T) {
	lossy := open + "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n* > P. 1:10(9) ack 1\n"
	verdicts(t, []struct{ text, want string }{
		{open + "+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_fackets=0, tcpi_last_ack_sent=0, tcpi_delivered_ce=0, tcpi_rcv_ooopack=0, tcpi_snd_wnd=8000, tcpi_rcv_wnd=64240, tcpi_rehash=0, tcpi_total_rto=0, tcpi_total_rto_recoveries=0, tcpi_total_rto_time=0}, [...]) = 0", "ok x"},
		{lossy + "+.1 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_rehash=1, tcpi_total_rto=1, tcpi_total_rto_recoveries=1, tcpi_total_rto_time=100}, [...]) = 0\n" +
			"+.1 < . 1:1(0) ack 10 win 8000\n+.1 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_rehash=1, tcpi_total_rto=1, tcpi_total_rto_recoveries=1, tcpi_total_rto_time=300}, [...]) = 0", "ok x"}, // without SACK the state stays Loss until more is acknowledged
		{open + "+0 < . 101:201(100) ack 1 win 8000\n+0 < . 301:401(100) ack 1 win 8000\n+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_rcv_ooopack=2}, [...]) = 0", "ok x"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_rwnd_limited=0}, [...]) = 0", "cannot run x:8: tcpi_rwnd_limited of TCP_INFO is not there"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_delivery_rate=0}, [...]) = 0", "cannot run x:8: tcpi_delivery_rate of TCP_INFO is not there"},
		{open + "+0 %{ assert tcpi_busy_time == 0 }%", "cannot run x:8: "},
	})
}
