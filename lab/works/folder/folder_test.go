//go:build !js

package folder

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/lab/works"
)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Store) put(m works.Meta, data, expected string) (err error) {
	s.Save(m, []byte(data), expected, func(e error) { err = e })
	return err
}

func (s *Store) get(id string) (m works.Meta, data []byte, err error) {
	s.Load(id, func(gotten works.Meta, d []byte, e error) { m, data, err = gotten, d, e })
	return m, data, err
}

func (s *Store) all(t *testing.T) (all []works.Meta) {
	t.Helper()
	s.List(func(list []works.Meta, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all = list
	})
	return all
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "works")
	s := open(t, dir)
	m := works.Meta{ID: "a1-b2", Title: "四次挥手", ChangedMs: 7, Bytes: 3, Token: "x-1", Picture: works.Picture{Nodes: []works.Spot{{X: 1, Y: 2, Kind: 1}}}}
	if err := s.put(m, "one", ""); err != nil {
		t.Fatal(err)
	}
	other := open(t, dir)
	got, data, err := other.get("a1-b2")
	if err != nil || got.Title != m.Title || got.Token != "x-1" || len(got.Picture.Nodes) != 1 || string(data) != "one" {
		t.Fatalf("%+v, %q, %v", got, data, err)
	}
	m.Token = "x-2"
	if err := other.put(m, "two", "x-0"); !errors.Is(err, works.ErrConflict) {
		t.Errorf("a copy that somebody else wrote was replaced: %v", err)
	}
	if err := other.put(m, "two", "x-1"); err != nil {
		t.Error(err)
	}
	m.Title = "renamed"
	s.Revise(m, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	if got, data, err := s.get("a1-b2"); err != nil || got.Title != "renamed" || string(data) != "two" {
		t.Errorf("%+v, %q, %v", got, data, err)
	}
	s.Remove("a1-b2", func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	if _, _, err := s.get("a1-b2"); !errors.Is(err, works.ErrNotFound) || len(s.all(t)) != 0 {
		t.Errorf("removed: %v", err)
	}
	for _, id := range []string{"", "..", "../a", "A", "a/b", `a\b`, "a.lab"} {
		if err := s.put(works.Meta{ID: id}, "x", ""); err == nil {
			t.Errorf("the id %q was taken", id)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 { // the lock of the folder
		t.Errorf("%d files are left", len(left))
	}
}

// A description that is lost or damaged does not lose the work.
func TestLostDescription(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for id, ruin := range map[string]func(name string) error{
		"gone":    os.Remove,
		"damaged": func(name string) error { return os.WriteFile(name, []byte("{"), 0o600) },
		"other":   func(name string) error { return os.WriteFile(name, []byte(`{"id":"x"}`), 0o600) },
	} {
		if err := s.put(works.Meta{ID: id, Title: "title", Token: "t"}, "data of "+id, ""); err != nil {
			t.Fatal(err)
		}
		if err := ruin(filepath.Join(dir, id+".json")); err != nil {
			t.Fatal(err)
		}
		if m, data, err := s.get(id); err != nil || string(data) != "data of "+id || m.ID != id || m.ChangedMs == 0 {
			t.Errorf("%s: %+v, %q, %v", id, m, data, err)
		}
	}
	if n := len(works.Listed(s.all(t))); n != 3 {
		t.Errorf("%d works are listed", n)
	}
}

// Two windows with one work know of each other; when one goes, the other may have it.
func TestClaim(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	taken := 0
	count := func() { taken++ }
	one.Claim("a", count)
	one.Claim("a", count)
	two.Claim("b", count)
	if taken != 0 {
		t.Fatal("a work that nobody has is taken")
	}
	two.Claim("a", count)
	if taken != 1 {
		t.Fatal("a work that another window has is free")
	}
	one.Claim("c", count)
	two.Claim("a", count)
	if taken != 1 {
		t.Error("a work that was left is taken")
	}
	two.Release()
	one.Claim("a", count)
	if taken != 1 {
		t.Error("a work of a window that was closed is taken")
	}
}

// A folder that cannot be is told of, and so is a disk that is full; the old copy stays.
func TestRefusingDisk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "works")); err == nil || !strings.Contains(err.Error(), "cannot be kept in") {
		t.Errorf("%v", err)
	}
	dir := t.TempDir()
	if err := mountSmall(dir); err != nil {
		t.Skipf("no small disk can be had here: %v", err)
	}
	defer unmount(dir)
	s := open(t, dir)
	m := works.Meta{ID: "a", Token: "1"}
	if err := s.put(m, "small", ""); err != nil {
		t.Fatal(err)
	}
	m.Token = "2"
	err := s.put(m, string(bytes.Repeat([]byte("large"), 100_000)), "1")
	if !errors.Is(err, works.ErrFull) {
		t.Errorf("a full disk: %v", err)
	}
	if old, data, err := s.get("a"); err != nil || string(data) != "small" || old.Token != "1" {
		t.Errorf("the old copy is %+v, %q, %v", old, data, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".wirelab-*")); left != nil {
		t.Errorf("%v lie about", left)
	}
}
