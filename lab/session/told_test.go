package session

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"wirelab/lab/words"
)

// latin finds four words of Latin letters in a row: what no list of names, no value and no usage has.
var latin = regexp.MustCompile(`[A-Za-z']+( [A-Za-z']+){3}`)

// What is wrong with a command is told in Chinese down to the innermost reason; English stays what Error says.
func TestWrongCommandsInChinese(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.SeekNs(105e6)
	for s.Busy() {
		s.Work(time.Second)
	}
	for _, c := range [][2]string{
		{"", "没有写要做什么；可用：hold, release,"},
		{"fly 1", `这里没有 "fly"；可用：hold, release,`},
		{"drop", "drop：缺少数据包的编号；写法：drop PACKET"},
		{"drop 99", "drop：没有第 99 个数据包；已记录 1 个；写法：drop PACKET"},
		{"drop 1 2", `drop："2" 是多余的；写法：drop PACKET`},
		{"release 1", "release：第 1 个数据包没有被扣住；写法：release PACKET"},
		{"duplicate 1 101", "duplicate：数据包可以复制 1 到 100 份，不能是 101 份；写法"},
		{"delay 1 soon", "delay：缺少单位；写法：delay PACKET TIME"},
		{"delay 1 2h", "delay：缺少单位；写法"},
		{"delay 1 4000s", "delay：数据包可以延迟 0 到 3600 s，不能是 4000000000000 ns；写法"},
		{"edit 1 ip.ttl 999", "edit：ip.ttl 最大为 255，不能是 999；写法"},
		{"edit 1 ip.ttl", "edit：ip.ttl 应写成一个数，或 0x2a 这样的一个字节，不能是 \"\"；写法"},
		{"edit 1 udp.port 5", "edit：这个数据包没有字段 udp.port；它有 eth.dst"},
		{"inject 0 1 xyz", "inject：帧用十六进制写，每个字节两位；写法：inject LINK DIRECTION HEX"},
		{"inject 0 1 00", "inject：帧的长度为 14 到 65535 字节，这一个有 1 字节；写法"},
		{"inject 0 2 00", "inject：方向写 0（从链路的第一端发出）或 1（从第二端发出），不能是 2；写法"},
		{"link 9 delay 1ms", "link：没有链路 9；现有 0 到 0；写法：link NUMBER SETTING VALUE [dir 0|1]"},
		{"link 0 speed 1", `link：链路没有设置 "speed"；可用：rate, delay,`},
		{"link 0 delay soon", `link：链路的 delay 应写成 10ms 这样，不能是 "soon"：缺少单位；写法`},
		{"link 0 loss 200%", `link：链路的 loss 应写成 1% 这样，不能是 "200%"：超过了全部；写法`},
		{"link 0 queue lifo", `link：链路的 queue 应写成 droptail|red|codel|fq_codel 这样，不能是 "lifo"：可用：droptail, red, codel, fq_codel；写法`},
		{"link 0 delay 4000s", "link：时延须在 0 到 3600 s 之间，不能是 4000000000000 ns；写法"},
		{"link 0 mtu 5", "link：链路 MTU 的值须在 68 到 65521 之间，不能是 5；写法"},
		{"link 0 loss-filter tcp.flagz", `link：链路丢弃的内容：过滤式 "tcp.flagz"：没有字段 tcp.flagz：是不是想写 tcp.flags？；写法`},
		{"rule nth 2", "rule：缺少动作；写法：rule [link N]"},
		{"rule nth x drop", `rule：数据包从 1 开始编号；"x" 不是数；写法`},
		{"rule often drop", `rule："often" 既不是动作，也不是条件；写法`},
		{"rule drop when tcp.port ==", `rule：过滤式 "tcp.port =="：这里缺一个表达式，例如 tcp.port == 80；写法`},
		{"unrule 9", "unrule：没有规则 9；共有 0 条；写法：unrule NUMBER"},
		{"sysctl Z net.ipv4.tcp_sack 0", `sysctl：没有主机 "Z"；现有：A, B；写法：sysctl HOST NAME VALUE`},
		{"sysctl A net.ipv4.tcp_sock 0", `sysctl：没有设置 "net.ipv4.tcp_sock"；写法`},
		{"sysctl A net.ipv4.tcp_sack 7", `sysctl：net.ipv4.tcp_sack 应为 0 到 1 的整数，不能是 "7"；写法`},
		{"sysctl A net.ipv4.tcp_congestion_control vegas", `sysctl：net.ipv4.tcp_congestion_control 应为 cubic bbr reno 之一，不能是 "vegas"；写法`},
		{"sysctl A net.ipv4.tcp_rmem 1", `sysctl：缓冲区大小要写三个数（最小、默认、最大），不能是 "1"；写法`},
		{"sysctl A wirelab.nameserver dns", `sysctl："dns" 不是 IP 地址：请写 10.0.0.1 这样的；写法`},
		{"address A eth7 10.0.0.1/24", "address：A 没有接口 eth7；写法"},
		{"address A eth0 10.0.0.1", "address：地址连同前缀写成 10.0.0.1/24 这样，不能是 10.0.0.1；写法"},
		{"add cat C", "add：可以添加 host、router、switch 或 link，不能添加 cat；写法"},
		{"add host A", "add：现在或以前已有节点叫 A；请另起名称；写法"},
		{"add link A A", "add：链路有两端：不能把 A 连到它自己；写法"},
		{"add link A B 10.0.0.1/99", "add：A 在那里需要 IPv4 地址和不超过 32 位的前缀；若通过 DHCP 获得地址，则都不写；写法"},
		{"add link A B fe80::1/0", "add：在 A 上：fe80::1/0 不是主机的 IPv6 地址加前缀；写法"},
		{"remove Z", `remove：没有 "Z"；现有：A, B；写法：remove NODE | link NUMBER`},
		{"rename A", "rename：需要旧名称和新名称；写法：rename NODE NAME"},
		{"memory 1", "memory：记录占用 16 到 1048575 MiB，不能是 1；写法：memory MIB"},
		{"run 1ms", "run：1ms 已经过去：实验停在 105ms；要往回走，请用 seek；写法：run TIME"},
		{"run 5 minutes", `run："5 minutes" 不是时间：请写 10s、1.5ms 或 2 这样的；写法`},
		{"run frame.time_relative > 5", `run：条件 "frame.time_relative > 5" 没有提到数据包、连接或主机：它永远为真或永远为假；写法`},
		{"run timer rot", "run：没有定时器 rot；现有：rto, tlp,"},
		{"step sideways", "step：不能按 sideways 单步；可用：event、packet、"},
	} {
		err := s.Command(c[0])
		if err == nil {
			t.Errorf("%q is done", c[0])
			continue
		}
		told := words.Tell(words.Chinese, err)
		if !strings.HasPrefix(told, c[1]) {
			t.Errorf("%q is told\n%s\nwant\n%s", c[0], told, c[1])
		}
		said, _, _ := strings.Cut(told, "；写法：")
		if found := latin.FindString(strings.ReplaceAll(said, "timer rto of host A", "")); found != "" {
			t.Errorf("%q: %q in %s", c[0], found, told)
		}
		if english := words.Tell(words.English, err); english != err.Error() || strings.ContainsFunc(english, func(r rune) bool { return r >= 0x2e80 }) {
			t.Errorf("%q is told in English %q, and says %q", c[0], english, err)
		}
	}
}

// Failures keep their codes for programs, those with a reason behind them too.
func TestOtherFailuresInChinese(t *testing.T) {
	s := New()
	for _, c := range []struct {
		err  error
		want string
	}{
		{s.Example("x"), `没有内置实验 "x"；现有：`},
		{s.Exec("Z", "ping"), `没有主机 "Z"；现有：A, B`},
		{s.Exec("A", "a\nb"), "一行里不能有换行或其他控制字符；请逐行输入"},
		{s.Open([]byte("nonsense")), "这不是 .lab 文件：开头不是 WLAB"},
		{s.Seek(-1), "时间须在 0 到 1000000000 s 之间，不能是 -1"},
		{s.Speed(0), "速度须在 0.000000001 到 1000000 之间，不能是 0"},
		{s.Lang("fr"), `语言有 en 和 zh，没有 "fr"`},
		{s.Switch(7), "没有分支 7；共有 0 个"},
		{s.Run("tcp.prot"), `过滤式 "tcp.prot"：没有字段 tcp.prot：是不是想写 tcp.port？`},
	} {
		if told := words.Tell(words.Chinese, c.err); !strings.HasPrefix(told, c.want) {
			t.Errorf("told %s, want %s", told, c.want)
		}
	}
}
