//go:build linux

package peer

import (
	"fmt"
	"net"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// openTUN makes a TUN device: what the kernel routes there can be read, one IP
// packet at a time, and what is written arrives in the kernel. It offers no
// offloading, so the kernel cuts segments and computes checksums itself.
func openTUN(name string) (*os.File, error) {
	// Non-blocking, so that Close ends a Read; the poller takes it only once it is attached.
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("cannot open /dev/net/tun: %w", err)
	}
	req, err := unix.NewIfreq(name)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("cannot make a TUN device: %w", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// bringUp gives the kernel's end of a device its address, with a prefix of 24
// bits, and switches it on.
func bringUp(name string, addr [4]byte) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	for _, step := range []struct {
		what  string
		ioctl uint
		set   func(*unix.Ifreq) error
	}{
		{"address", unix.SIOCSIFADDR, func(r *unix.Ifreq) error { return r.SetInet4Addr(addr[:]) }},
		{"netmask", unix.SIOCSIFNETMASK, func(r *unix.Ifreq) error { return r.SetInet4Addr([]byte{255, 255, 255, 0}) }},
		{"queue", unix.SIOCSIFTXQLEN, func(r *unix.Ifreq) error { r.SetUint32(10_000); return nil }}, // losses are ours to make
		{"flags", unix.SIOCSIFFLAGS, func(r *unix.Ifreq) error { r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_NOARP); return nil }},
	} {
		req, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		if err := step.set(req); err != nil {
			return err
		}
		if err := unix.IoctlIfreq(fd, step.ioctl, req); err != nil {
			return fmt.Errorf("cannot set the %s of %s: %w", step.what, name, err)
		}
	}
	return nil
}

// addAddr6 gives the kernel's end of a device an IPv6 address, with a prefix of
// 64 bits.
func addAddr6(name string, addr [16]byte) error {
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	device, err := net.InterfaceByName(name)
	if err != nil {
		return err
	}
	req := struct { // in6_ifreq
		addr   [16]byte
		prefix uint32
		index  int32
	}{addr, 64, int32(device.Index)}
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCSIFADDR, uintptr(unsafe.Pointer(&req))); errno != 0 {
		return fmt.Errorf("cannot set the IPv6 address of %s: %w", name, errno)
	}
	return nil
}
