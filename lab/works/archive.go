package works

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"

	"wirelab/lab/save"
	"wirelab/stack/problem"
)

// The whole library as one file is a zip archive of .lab files, named after the works. Any of them opens by itself.

// Limits of an archive.
const (
	maxWorks        = 1000
	maxArchive      = 256 << 20 // bytes
	maxArchiveBytes = 512 << 20 // of all its files, unpacked
)

// IsArchive reports whether a file begins as an archive of works does.
func IsArchive(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// Export returns all works that are listed as one file.
func (b *Library) Export(done func([]byte, error)) {
	b.Read(func(list []Meta, err error) {
		if err == nil && len(list) == 0 {
			err = problem.New("the library is empty: there is nothing to export yet")
		}
		if err != nil {
			done(nil, err)
			return
		}
		e := &exporter{library: b, list: list, done: done, taken: map[string]bool{}}
		e.zip = zip.NewWriter(&e.out)
		e.next()
	})
}

// exporter writes one work after the other.
type exporter struct {
	library *Library
	list    []Meta
	out     bytes.Buffer
	zip     *zip.Writer
	taken   map[string]bool // names of files
	done    func([]byte, error)
}

func (e *exporter) next() {
	if len(e.list) == 0 {
		err := e.zip.Close()
		e.done(e.out.Bytes(), err)
		return
	}
	m := e.list[0]
	e.list = e.list[1:]
	e.library.Store.Load(m.ID, func(_ Meta, data []byte, err error) {
		if err == nil {
			err = e.add(m, data)
		}
		if err != nil {
			e.done(nil, problem.New("%q cannot be exported: %w", m.Title, err))
			return
		}
		e.next()
	})
}

func (e *exporter) add(m Meta, data []byte) error {
	// A .lab file is deflated already.
	w, err := e.zip.CreateHeader(&zip.FileHeader{Name: e.name(m.Title), Method: zip.Store, Modified: time.UnixMilli(m.ChangedMs)})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// name returns a name for a file that no other in the archive has.
func (e *exporter) name(title string) string {
	base := FileName(title)
	name := base + ".lab"
	for n := 2; e.taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s-%d.lab", base, n)
	}
	e.taken[strings.ToLower(name)] = true
	return name
}

// FileName returns a title as the name of a file, without its ending: letters and digits, with hyphens between them.
func FileName(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return r < 0x80 && (r < '0' || r > '9' && r < 'a' || r > 'z') || !unicode.IsGraphic(r)
	})
	name := []rune(strings.Join(words, "-"))
	if len(name) == 0 {
		return "lab"
	}
	return string(name[:min(len(name), 60)])
}

// Import is an archive that is being taken into the library, one work at a step, so that a window can go on meanwhile.
type Import struct {
	Taken, Known int     // works that were added, and that the library had already
	Refused      []error // of files that are no works

	library *Library
	files   []*zip.File
	have    map[int]bool // how many bytes works of the library have
	busy    bool
	unpack  int
}

// BeginImport begins to take an archive into the library.
func (b *Library) BeginImport(data []byte, done func(*Import, error)) {
	if len(data) > maxArchive {
		done(nil, problem.New("the archive has %d MB; at most %d MB are taken at once", len(data)>>20, maxArchive>>20))
		return
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		done(nil, problem.New("this is no archive of works, or it is damaged; export the library again"))
		return
	}
	i := &Import{library: b, have: map[int]bool{}}
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, ".lab") && !f.FileInfo().IsDir() {
			i.files = append(i.files, f)
		}
	}
	switch {
	case len(i.files) == 0:
		done(nil, problem.New("there is no .lab file in the archive"))
	case len(i.files) > maxWorks:
		done(nil, problem.New("the archive has %d works; at most %d are taken at once", len(i.files), maxWorks))
	default:
		b.Store.List(func(all []Meta, err error) {
			for _, m := range all {
				if m.DeletedMs == 0 && !m.Draft {
					i.have[m.Bytes] = true
				}
			}
			done(i, err)
		})
	}
}

// Done reports whether nothing is left to do.
func (i *Import) Done() bool { return len(i.files) == 0 && !i.busy }

// Step takes the next work.
func (i *Import) Step() {
	if i.busy || len(i.files) == 0 {
		return
	}
	f := i.files[0]
	i.files = i.files[1:]
	data, err := i.read(f)
	if err != nil {
		i.refuse(f, err)
		return
	}
	if i.have[len(data)] {
		i.same(f, data)
		return
	}
	i.adopt(f, data)
}

func (i *Import) refuse(f *zip.File, err error) {
	i.Refused = append(i.Refused, problem.New("%q: %w", path.Base(f.Name), err))
}

func (i *Import) adopt(f *zip.File, data []byte) {
	i.busy = true
	i.library.Adopt(data, f.Modified.UnixMilli(), func(_ Meta, err error) {
		if i.busy = false; err != nil {
			i.refuse(f, err)
			return
		}
		i.Taken++
	})
}

// same takes a work unless the library has one with the same bytes.
func (i *Import) same(f *zip.File, data []byte) {
	i.busy = true
	var look func(list []Meta)
	look = func(list []Meta) {
		for n, m := range list {
			if m.Bytes != len(data) {
				continue
			}
			i.library.Store.Load(m.ID, func(_ Meta, own []byte, err error) {
				if err == nil && bytes.Equal(own, data) {
					i.busy = false
					i.Known++
					return
				}
				look(list[n+1:])
			})
			return
		}
		i.adopt(f, data)
	}
	i.library.Store.List(func(all []Meta, err error) { look(Listed(all)) })
}

// read unpacks a file of the archive, if it is not too large.
func (i *Import) read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, problem.New("it cannot be unpacked")
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, save.MaxFile+1))
	if i.unpack += len(data); err != nil || i.unpack > maxArchiveBytes {
		return nil, problem.New("it cannot be unpacked")
	}
	return data, nil
}
