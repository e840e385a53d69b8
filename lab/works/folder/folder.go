//go:build !js

// Package folder keeps works in a folder of a disk: for each a .lab file and a .json file with what lists show of it. A lock file tells
// windows apart that have the same work open.
//
// It may import works and disk. Start reading at Open.
package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wirelab/lab/disk"
	"wirelab/lab/works"
)

// Store is a folder of works.
type Store struct {
	dir  string
	held *os.File // the lock of the work that this window has open
	id   string
}

// Open returns the store in a folder, which is made if it is not there.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, refused(err)
	}
	return &Store{dir: dir}, nil
}

// refused says in a sentence why the disk refused something.
func refused(err error) error {
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case full(err):
		return works.ErrFull
	case errors.As(err, &path):
		return fmt.Errorf("works cannot be kept in %q: %w", filepath.Dir(path.Path), path.Err)
	}
	return err
}

func (s *Store) path(id, ending string) (string, error) {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '-') }) {
		return "", works.ErrNotFound // it could name a file elsewhere
	}
	return filepath.Join(s.dir, id+ending), nil
}

// List returns all works. One whose description is missing or damaged is described anew.
func (s *Store) List(done func([]works.Meta, error)) {
	names, err := filepath.Glob(filepath.Join(s.dir, "*.lab"))
	if err == nil {
		_, err = os.Stat(s.dir)
	}
	var all []works.Meta
	for _, name := range names {
		if m, err := s.meta(strings.TrimSuffix(filepath.Base(name), ".lab")); err == nil {
			all = append(all, m)
		}
	}
	done(all, refused(err))
}

func (s *Store) meta(id string) (m works.Meta, err error) {
	name, err := s.path(id, ".json")
	if err != nil {
		return m, err
	}
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil && m.ID == id {
		return m, nil
	}
	return s.describe(id)
}

// describe makes the description of a work from its file.
func (s *Store) describe(id string) (works.Meta, error) {
	name, err := s.path(id, ".lab")
	if err != nil {
		return works.Meta{}, err
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return works.Meta{}, works.ErrNotFound
	} else if err != nil {
		return works.Meta{}, refused(err)
	}
	return works.Meta{ID: id, Title: id, ChangedMs: info.ModTime().UnixMilli(), Bytes: int(info.Size())}, nil
}

// Load returns a work.
func (s *Store) Load(id string, done func(works.Meta, []byte, error)) {
	m, err := s.meta(id)
	if err != nil {
		done(m, nil, err)
		return
	}
	name, err := s.path(id, ".lab")
	if err != nil {
		done(m, nil, err)
		return
	}
	data, err := disk.Read(name)
	done(m, data, err)
}

// Save writes a work. Only one window writes at a time.
func (s *Store) Save(m works.Meta, data []byte, expected string, done func(error)) {
	done(s.alone(func() error {
		old, err := s.meta(m.ID)
		if err == nil && old.Token != expected {
			return works.ErrConflict
		} else if err != nil && !errors.Is(err, works.ErrNotFound) {
			return err
		}
		name, err := s.path(m.ID, ".lab")
		if err != nil {
			return err
		}
		if err := disk.WriteSoon(name, data); err != nil {
			return err
		}
		return s.write(m)
	}))
}

// Revise writes what lists show of a work.
func (s *Store) Revise(m works.Meta, done func(error)) {
	done(s.alone(func() error {
		if _, err := s.meta(m.ID); err != nil {
			return err
		}
		return s.write(m)
	}))
}

func (s *Store) write(m works.Meta) error {
	name, err := s.path(m.ID, ".json")
	if err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return disk.WriteSoon(name, text)
}

// Remove removes a work for good.
func (s *Store) Remove(id string, done func(error)) {
	done(s.alone(func() error {
		for _, ending := range []string{".lab", ".json", ".lock"} {
			name, err := s.path(id, ending)
			if err == nil {
				err = os.Remove(name)
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	}))
}

// alone does something while no other window writes.
func (s *Store) alone(do func() error) error {
	f, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return refused(err)
	}
	defer f.Close()
	if err := lock(f, true); err != nil {
		return refused(err)
	}
	return refused(do())
}

// Claim says that this window has a work open. taken is called if another window has it open, too.
func (s *Store) Claim(id string, taken func()) {
	if id == s.id {
		return
	}
	s.Release()
	name, err := s.path(id, ".lock")
	if err != nil {
		return
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return // a disk that refuses is told of when the work is saved
	}
	if lock(f, false) != nil {
		f.Close()
		taken()
		return
	}
	s.held, s.id = f, id
}

// Release says that this window has no work open any more.
func (s *Store) Release() {
	if s.held == nil {
		return
	}
	if name, err := s.path(s.id, ".lock"); err == nil {
		os.Remove(name)
	}
	s.held.Close()
	s.held, s.id = nil, ""
}
