// Package save reads and writes .lab files. A file is a header and a deflated
// MessagePack map: scenario, journal, where the lab stood and its state hash.
// Files come from strangers: everything is bounded and checked before it is
// believed (scan.go), and a bad file gives one sentence and no lab.
//
// It may import lab and what lies below it. Start reading at File.
package save

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"slices"

	"github.com/cespare/xxhash/v2"
	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
	"wirelab/lab/problem"
)

// Version is the format that this program writes.
const Version = 1

const (
	magic     = "WLAB"
	headerLen = 16      // magic, version (2), zero (2), xxHash64 of what follows (8)
	maxFile   = 8 << 20 // bytes of a file
	maxBody   = 16 << 20
)

// File is a lab as it stands in a file.
type File struct {
	Title    string
	Author   string
	Lang     string
	Scenario lab.Scenario
	Journal  []lab.Entry
	At       lab.Position
	Hash     string // of the state at At: 16 hex digits
	Branches []Branch
	View     []lab.Setting // how the window was left; those who do not know a name leave it as it is
	Notes    []Note        // on the stage
	unknown  []field
}

// Note is text on the stage, at a place in its units.
type Note struct {
	X, Y int32
	Text string
}

// Branch is another future of the same scenario, and where it was left.
type Branch struct {
	Name    string
	At      lab.Position
	Journal []lab.Entry
	SeenNs  int64 `msgpack:"-"` // how far it was seen; a file does not tell
}

// field is a key of a later version: kept as it came, so that a round trip
// through this program loses nothing.
type field struct {
	key string
	raw msgpack.RawMessage
}

// known lists the keys of this version, with where their values stand.
func (f *File) known() []struct {
	key string
	v   any
} {
	return []struct {
		key string
		v   any
	}{
		{"at", &f.At}, {"author", &f.Author}, {"branches", &f.Branches}, {"hash", &f.Hash}, {"journal", &f.Journal}, {"lang", &f.Lang},
		{"notes", &f.Notes}, {"scenario", &f.Scenario}, {"title", &f.Title}, {"view", &f.View},
	}
}

// Encode returns the file's bytes; equal files give equal bytes.
func (f *File) Encode() ([]byte, error) {
	fields := slices.Clone(f.unknown)
	for _, k := range f.known() {
		if k.key == "view" && len(f.View) == 0 || k.key == "notes" && len(f.Notes) == 0 {
			continue // as in files of the first version
		}
		var b bytes.Buffer
		enc := msgpack.NewEncoder(&b)
		enc.UseArrayEncodedStructs(true)
		enc.UseCompactInts(true)
		if err := enc.Encode(k.v); err != nil {
			return nil, problem.New("cannot write %s: %w", k.key, err)
		}
		fields = append(fields, field{k.key, b.Bytes()})
	}
	slices.SortFunc(fields, func(a, b field) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
	var body bytes.Buffer
	deflate, _ := flate.NewWriter(&body, flate.BestCompression)
	enc := msgpack.NewEncoder(deflate)
	enc.EncodeMapLen(len(fields))
	for _, k := range fields {
		enc.EncodeString(k.key)
		deflate.Write(k.raw)
	}
	if err := deflate.Close(); err != nil {
		return nil, err
	}
	out := append([]byte(magic), Version, 0, 0, 0)
	out = binary.LittleEndian.AppendUint64(out, xxhash.Sum64(body.Bytes()))
	return append(out, body.Bytes()...), nil
}

// Decode reads a file. The error is a sentence for a person.
func Decode(b []byte) (*File, error) {
	body, err := unwrap(b)
	if err != nil {
		return nil, err
	}
	if err := scan(body); err != nil {
		return nil, problem.New("the file is damaged: %w", err)
	}
	f := &File{}
	if err := f.read(body); err != nil {
		return nil, problem.New("the file is damaged: %w", err)
	}
	return f, nil
}

// unwrap checks the header and returns the inflated body.
func unwrap(b []byte) ([]byte, error) {
	switch {
	case len(b) < 4 || string(b[:4]) != magic:
		return nil, problem.New("this is not a .lab file: it does not begin with WLAB")
	case len(b) > maxFile:
		return nil, problem.New("the file has %d bytes, more than the %d that a lab may have", len(b), maxFile)
	case len(b) < headerLen:
		return nil, problem.New("the file is cut short: its header is incomplete; get it again from where it came")
	}
	if v := binary.LittleEndian.Uint16(b[4:]); v != Version {
		return nil, problem.New("the file has format %d, and this program reads format %d; open it with a newer Wirelab", v, Version)
	}
	if binary.LittleEndian.Uint16(b[6:]) != 0 || binary.LittleEndian.Uint64(b[8:]) != xxhash.Sum64(b[headerLen:]) {
		return nil, problem.New("the file is damaged: its checksum is wrong; get it again from where it came")
	}
	body, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b[headerLen:])), maxBody+1))
	if err != nil {
		return nil, problem.New("the file is damaged: it cannot be inflated")
	}
	if len(body) > maxBody {
		return nil, problem.New("the file inflates to more than the %d bytes that a lab may have", maxBody)
	}
	return body, nil
}

// read fills f from a body that scan has passed.
func (f *File) read(body []byte) error {
	dec := msgpack.NewDecoder(bytes.NewReader(body))
	n, err := dec.DecodeMapLen()
	if err != nil {
		return problem.New("its body is not a map")
	}
	for range n {
		key, err := dec.DecodeString()
		if err != nil {
			return problem.New("a key is not a string")
		}
		raw, err := dec.DecodeRaw()
		if err != nil {
			return problem.New("the value of %q cannot be read", key)
		}
		if err := f.set(key, raw); err != nil {
			return problem.New("the value of %q cannot be read: %w", key, err)
		}
	}
	return nil
}

func (f *File) set(key string, raw msgpack.RawMessage) error {
	for _, k := range f.known() {
		if k.key == key {
			return msgpack.Unmarshal(raw, k.v)
		}
	}
	f.unknown = append(f.unknown, field{key, slices.Clone(raw)})
	return nil
}
