//go:build !js

// Package disk reads and writes whole files for the command line and the
// desktop window: bounded, atomically, and with sentences for errors. It may
// import nothing of ours. Start reading at Read and Write.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxRead bounds what is read of a file before package save says that it is
// too large.
const maxRead = 64 << 20

// missing is an fs.ErrNotExist that says what to do.
type missing struct{ name string }

func (m missing) Error() string {
	return fmt.Sprintf("there is no file %q; wirelab example NAME writes one of the built-in labs", m.name)
}

func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

// Read returns a .lab file's bytes. The error is a sentence that says what to do;
// it is an fs.ErrNotExist if there is no such file.
func Read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing{name}
	}
	if err != nil {
		return nil, cannot("read", name, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%q is a folder; name a .lab file in it", name)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxRead))
	if err != nil {
		return nil, cannot("read", name, err)
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("%q is empty; get it again from where it came, or write a built-in lab with wirelab example NAME", name)
	}
	return data, nil
}

// Write replaces a file as a whole: whoever reads it meanwhile sees the old
// contents or the new ones. It returns once the disk has them.
func Write(name string, data []byte) error { return write(name, data, true) }

// WriteSoon is Write, but leaves it to the system when the disk gets the contents: they outlive the program, and not always a failure of
// power. It takes no longer than a frame.
func WriteSoon(name string, data []byte) error { return write(name, data, false) }

func write(name string, data []byte, sync bool) error {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return fmt.Errorf("%q is a folder; name a file in it", name)
		}
		return cannot("write", name, os.WriteFile(name, data, 0o644)) // a device or a pipe has no other contents
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".wirelab-*")
	if err != nil {
		return cannot("write", name, err)
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if err == nil && sync {
		err = temp.Sync() // or the name could outlive the contents when the power fails
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return cannot("write", name, err)
}

// cannot says what could not be done and why, without the name of the system
// call; nil if err is nil.
func cannot(do, name string, err error) error {
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	}
	return fmt.Errorf("cannot %s %q: %w", do, name, err)
}
