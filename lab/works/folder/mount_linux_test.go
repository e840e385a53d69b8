package folder

import "syscall"

// mountSmall puts a disk of 128 KiB into a folder.
func mountSmall(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128k") }

func unmount(dir string) { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }
