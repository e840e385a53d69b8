package prog

import (
	"bytes"
	"fmt"
	"strings"
)

// What curl prints.

func (s *Sys) curlHead(a *curlArgs, r *Response) {
	head := strings.Join(headLines(r.Head), "\r\n") + "\r\n\r\n"
	r.Head = nil
	switch {
	case a.verbose:
		if a.oldest || r.Minor == 0 {
			s.printf(StyleCall, "* HTTP 1.0, assume close after body")
		}
		if a.fail && r.Status >= 400 { // it stops in front of the empty line
			head = strings.TrimSuffix(head, "\r\n")
		}
		s.printLines("< ", head)
	case a.head || a.include:
		for line := range strings.SplitSeq(strings.TrimSuffix(head, "\r\n"), "\r\n") {
			s.printf(StyleOut, "%s", shown([]byte(line)))
		}
	}
}

// curlBody prints a piece of the body, unless it is not made for terminals.
func (s *Sys) curlBody(a *curlArgs, c *Curl, body []byte) {
	if len(body) == 0 || a.drop || c.Binary {
		return
	}
	if bytes.IndexByte(body, 0) >= 0 {
		c.Binary = true
		s.printf(StyleError, "Warning: Binary output can mess up your terminal. Use \"--output -\" to tell ")
		s.printf(StyleError, "Warning: curl to output it to your terminal anyway, or consider \"--output ")
		s.printf(StyleError, "Warning: <FILE>\" to save to a file.")
		return
	}
	s.write(body)
}

// curlFormat is what -w prints of a transfer, and of what went wrong.
func (s *Sys) curlFormat(a *curlArgs, c *Curl, code int, why string) string {
	since := func(at int64) string {
		ns := max(at-c.BeganAt, 0)
		return fmt.Sprintf("%d.%06d", ns/1_000_000_000, ns/1000%1_000_000)
	}
	ip := ""
	if c.Opened > 0 && len(c.Addrs) > 0 || code == 0 {
		ip = c.Addrs[0].String()
	}
	speed := uint64(0)
	if us := (s.Now - c.BeganAt) / 1000; us > 0 {
		speed = c.Res.Got * 1_000_000 / uint64(us)
	}
	u := a.urls[min(int(c.Next), len(a.urls)-1)]
	return strings.NewReplacer("%{http_code}", fmt.Sprintf("%03d", c.Res.Status), "%{response_code}", fmt.Sprintf("%03d", c.Res.Status),
		"%{time_namelookup}", since(c.NamesAt), "%{time_connect}", since(c.ConnAt), "%{time_pretransfer}", since(c.ConnAt),
		"%{time_starttransfer}", since(c.FirstAt), "%{time_total}", since(s.Now), "%{size_download}", fmt.Sprint(c.Res.Got),
		"%{speed_download}", fmt.Sprint(speed), "%{num_connects}", fmt.Sprint(c.Opened), "%{remote_ip}", ip, "%{remote_port}", portText(u.port),
		"%{url_effective}", "http://"+u.name()+u.path, "%{exitcode}", fmt.Sprint(code), "%{errormsg}", why, "%{http_version}", fmt.Sprintf("1.%d", c.Res.Minor), "%%", "%").Replace(a.format)
}
