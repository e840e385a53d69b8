// Package save reads and writes .lab files. A file is a header and a deflated MessagePack map: scenario, journal, where the lab stood
// and its state hash. Files come from strangers: everything is bounded and checked before it is believed (scan.go, codec.go), and a bad
// file gives one sentence and no lab.
//
// It may import lab and what lies below it. Start reading at File; codec.go has the encoding of values, journal.go that of journals,
// format1.go what the first format had otherwise.
package save

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"slices"

	"github.com/cespare/xxhash/v2"
	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
	"wirelab/stack/problem"
)

// Version is the format that this program writes. It reads all formats from 1 on.
const Version = 2

const (
	magic      = "WLAB"
	headerLen  = 16       // magic, version (2), zero (2), xxHash64 of what follows (8)
	maxBody    = 16 << 20 // bytes inflated
	maxDecoded = 32 << 20 // bytes of memory that the values of a file take
	maxKeys    = 100
	maxKey     = 100 // bytes of one
)

// MaxFile is how many bytes a file may have: those of a body that cannot be deflated.
const MaxFile = maxBody + maxBody/1024 + 64

// File is a lab as it stands in a file.
type File struct {
	Title    string
	Author   string
	Lesson   string // name of the built-in lab whose lesson this is; empty: none
	Lang     string
	Scenario lab.Scenario
	Journal  []lab.Entry
	At       lab.Position
	Hash     string // of the state at At: 16 hex digits
	Engine   uint32 // lab.Engine of the program that wrote it; 0: one that did not say
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
	SeenNs  int64 // how far it was seen; a file does not tell
}

// document is what a file says, as it stands there.
type document struct {
	Inputs   []lab.Input
	Journal  []row
	Branches []branchRows
}

// field is a key of a later version: kept as it came, so that a round trip
// through this program loses nothing.
type field struct {
	key string
	raw msgpack.RawMessage
}

// known is a key of this version, with where its value stands.
type known struct {
	key string
	v   any
}

// known lists the keys of this version in their order.
func (f *File) known(doc *document) []known {
	return []known{
		{"at", &f.At}, {"author", &f.Author}, {"branches", &doc.Branches}, {"engine", &f.Engine}, {"hash", &f.Hash}, {"inputs", &doc.Inputs},
		{"journal", &doc.Journal}, {"lang", &f.Lang}, {"lesson", &f.Lesson}, {"notes", &f.Notes}, {"scenario", &f.Scenario}, {"title", &f.Title}, {"view", &f.View},
	}
}

// Encode returns the file's bytes; equal files give equal bytes. It fails for what Decode would refuse, and for nothing else.
func (f *File) Encode() ([]byte, error) {
	body, err := f.body()
	if err != nil {
		return nil, err
	}
	return pack(body)
}

// body returns the map of a file.
func (f *File) body() ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	doc := f.document()
	body, err := f.encodeBody(doc)
	if err != nil {
		return nil, err
	}
	return body, f.fits(body, doc)
}

// document returns the journals as a file has them.
func (f *File) document() *document {
	t := table{number: map[lab.Input]uint32{}}
	doc := &document{Journal: t.rows(f.Journal, 0)}
	doc.Branches = f.branchRows(&t)
	doc.Inputs = t.inputs
	return doc
}

func (f *File) encodeBody(doc *document) ([]byte, error) {
	fields := slices.Clone(f.unknown)
	for _, k := range f.known(doc) {
		v := reflect.ValueOf(k.v).Elem()
		if v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
			continue
		}
		var b bytes.Buffer
		enc := msgpack.NewEncoder(&b)
		enc.UseCompactInts(true)
		if err := encode(enc, v); err != nil {
			return nil, problem.New("cannot write %s: %w", k.key, err)
		}
		fields = append(fields, field{k.key, b.Bytes()})
	}
	slices.SortFunc(fields, func(a, b field) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
	var body bytes.Buffer
	enc := msgpack.NewEncoder(&body)
	enc.EncodeMapLen(len(fields))
	for _, k := range fields {
		enc.EncodeString(k.key)
		body.Write(k.raw)
	}
	return body.Bytes(), nil
}

// pack deflates a body and puts the header before it.
func pack(body []byte) ([]byte, error) {
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	deflate.Write(body)
	if err := deflate.Close(); err != nil {
		return nil, err
	}
	out := append([]byte(magic), Version, 0, 0, 0)
	out = binary.LittleEndian.AppendUint64(out, xxhash.Sum64(packed.Bytes()))
	return append(out, packed.Bytes()...), nil
}

// Decode reads a file. The error is a sentence for a person.
func Decode(b []byte) (*File, error) {
	version, body, err := unwrap(b)
	if err != nil {
		return nil, err
	}
	f := &File{}
	if err = scan(body); err == nil {
		err = f.read(version, body)
	}
	if err != nil {
		return nil, problem.New("the file is damaged: %w", err)
	}
	if err := f.check(); err != nil {
		return nil, problem.New("the file is refused: %w", err)
	}
	return f, nil
}

// unwrap checks the header and returns the format and the inflated body.
func unwrap(b []byte) (version uint16, body []byte, err error) {
	switch {
	case len(b) < 4 || string(b[:4]) != magic:
		return 0, nil, problem.New("this is not a .lab file: it does not begin with WLAB")
	case len(b) > MaxFile:
		return 0, nil, problem.New("the file has %d bytes, more than the %d that a lab may have", len(b), MaxFile)
	case len(b) < headerLen:
		return 0, nil, problem.New("the file is cut short: its header is incomplete; get it again from where it came")
	}
	version = binary.LittleEndian.Uint16(b[4:])
	if version == 0 || version > Version {
		return 0, nil, problem.New("the file has format %d, and this program reads format %d; open it with a newer Wirelab", version, Version)
	}
	if binary.LittleEndian.Uint16(b[6:]) != 0 || binary.LittleEndian.Uint64(b[8:]) != xxhash.Sum64(b[headerLen:]) {
		return 0, nil, problem.New("the file is damaged: its checksum is wrong; get it again from where it came")
	}
	body, err = inflate(b[headerLen:])
	return version, body, err
}

// inflate returns the body, in memory that is its size: one that grew would leave several times as much behind.
func inflate(packed []byte) ([]byte, error) {
	size, err := io.Copy(io.Discard, io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxBody+1))
	if err != nil {
		return nil, problem.New("the file is damaged: it cannot be inflated")
	}
	if size > maxBody {
		return nil, problem.New("the file inflates to more than the %d bytes that a lab may have", maxBody)
	}
	body := make([]byte, size)
	_, err = io.ReadFull(flate.NewReader(bytes.NewReader(packed)), body)
	return body, err
}

// read fills f from a body that scan has passed.
func (f *File) read(version uint16, body []byte) error {
	d, doc := newDecoder(body), document{}
	n, err := d.DecodeMapLen()
	if err != nil || n < 0 {
		return problem.New("its body is not a map")
	}
	seen := map[string]bool{}
	for range n {
		key, err := d.DecodeString()
		if err != nil {
			return problem.New("a key is not a string")
		}
		if seen[key] || len(key) > maxKey || len(seen) > maxKeys {
			return problem.New("it has the key %q twice, or too many keys", key[:min(len(key), maxKey)])
		}
		seen[key] = true
		if err := f.set(version, key, d, &doc); err != nil {
			if !errors.As(err, new(*problem.Error)) { // in the words of msgpack
				err = problem.New("a value of another kind is expected there")
			}
			return problem.New("the value of %q cannot be read: %w", key, err)
		}
	}
	if version == 1 {
		f.Lesson = f.Title // built-in labs kept their title
		return nil
	}
	return f.unpack(&doc, d)
}

// set reads the value of a key.
func (f *File) set(version uint16, key string, d *decoder, doc *document) error {
	if version == 1 {
		if known, err := f.set1(key, d); known || err != nil {
			return err
		}
	}
	for _, k := range f.known(doc) {
		if k.key == key {
			return d.value(reflect.ValueOf(k.v).Elem())
		}
	}
	raw, err := d.DecodeRaw()
	if err != nil {
		return err
	}
	f.unknown = append(f.unknown, field{key, raw})
	return d.spend(len(raw), 1)
}
