package works

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"wirelab/lab/save"
)

// shelf returns a desk with works of these titles, the last one open.
func shelf(t *testing.T, titles ...string) *desk {
	t.Helper()
	d := newDesk(t, newMemory())
	for i, title := range titles {
		d.Session.Example("lost-syn")
		d.must(fmt.Sprint("add host mine", i))
		if err := d.Session.Retitle(title); err != nil {
			t.Fatal(err)
		}
		d.pass(time.Second)
	}
	return d
}

func (d *desk) titles() string {
	d.t.Helper()
	var names []string
	d.library.Read(func(list []Meta, err error) {
		if err != nil {
			d.t.Fatal(err)
		}
		for _, m := range list {
			names = append(names, m.Title)
		}
	})
	return strings.Join(names, "|")
}

func (d *desk) idOf(title string) string {
	for id, m := range d.store.metas {
		if m.Title == title {
			return id
		}
	}
	d.t.Fatalf("there is no %q", title)
	return ""
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestLibrary(t *testing.T) {
	d := shelf(t, "一", "two", "three")
	if got := d.titles(); got != "three|two|一" {
		t.Errorf("the list is %s", got)
	}
	two := d.idOf("two")
	d.library.Rename(two, "second", d.ok)
	f, err := save.Decode(d.store.files[two])
	if err != nil || f.Title != "second" || d.titles() != "three|second|一" {
		t.Errorf("renamed: %v, %s", err, d.titles())
	}
	for _, bad := range []string{"", "a\nb", strings.Repeat("x", 201), "\u202e"} {
		d.library.Rename(two, bad, func(err error) {
			if err == nil {
				t.Errorf("the title %q was taken", bad)
			}
		})
	}
	d.time = d.time.Add(time.Minute)
	d.library.Duplicate(two, "second (copy)", func(m Meta, err error) {
		if err != nil || m.ID == two || m.Draft {
			t.Errorf("%+v, %v", m, err)
		}
	})
	if got := d.titles(); got != "second (copy)|three|second|一" {
		t.Errorf("the list is %s", got)
	}
	d.library.Delete(two, d.ok)
	if got := d.titles(); got != "second (copy)|three|一" {
		t.Errorf("the list is %s", got)
	}
	d.library.Undelete(two, d.ok)
	if got := d.titles(); got != "second (copy)|three|second|一" {
		t.Errorf("the list is %s", got)
	}
	d.library.Delete(two, d.ok)
	d.time = d.time.Add(keepDeleted + time.Hour)
	d.titles()
	if _, ok := d.store.metas[two]; ok {
		t.Error("a work that was deleted long ago stays for ever")
	}
	d.library.Rename("nobody", "x", func(err error) {
		if err == nil {
			t.Error("a work that is not there was renamed")
		}
	})
}

func TestPicture(t *testing.T) {
	d := newDesk(t, newMemory())
	d.must("add switch s at 100 300", "add link A s", "remove B")
	p := pictureOf(d.Session.Lab())
	if len(p.Nodes) != 2 || len(p.Links) != 1 || p.Nodes[1].Kind != 1 || p.Links[0] != [2]uint8{0, 1} {
		t.Errorf("%+v", p)
	}
	for _, n := range p.Nodes {
		if n.X != 0 && n.X != 255 || n.Y != 0 && n.Y != 255 {
			t.Errorf("%+v does not fill the picture", p)
		}
	}
}

func (d *desk) export() (data []byte) {
	d.t.Helper()
	d.library.Export(func(out []byte, err error) { d.ok(err); data = out })
	return data
}

func (d *desk) take(data []byte) (i *Import, err error) {
	d.library.BeginImport(data, func(begun *Import, failed error) { i, err = begun, failed })
	for n := 0; err == nil && !i.Done(); n++ {
		if i.Step(); n > 5000 {
			d.t.Fatal("the import never ends")
		}
	}
	return i, err
}

// The whole library goes into one file, and into another library; what that has already is not taken twice.
func TestArchive(t *testing.T) {
	d := shelf(t, "same", "same", "a/b: c?", "三次 握手", strings.Repeat("long ", 40))
	archive := d.export()
	if !IsArchive(archive) {
		t.Error("it is not known again")
	}
	o := newDesk(t, newMemory())
	i, err := o.take(archive)
	if err != nil || i.Taken != 5 || i.Known != 0 || len(i.Refused) != 0 || o.titles() != d.titles() {
		t.Errorf("%+v, %v: %s, want %s", i, err, o.titles(), d.titles())
	}
	for id, m := range o.store.metas {
		if m.Bytes != len(o.store.files[id]) || len(m.Picture.Nodes) != 3 || m.Example != "lost-syn" {
			t.Errorf("%+v", m)
		}
	}
	if i, err := o.take(archive); err != nil || i.Taken != 0 || i.Known != 5 {
		t.Errorf("again: %+v, %v", i, err)
	}
	if !bytes.Equal(o.export(), o.export()) {
		t.Error("two exports differ")
	}
}

// What is no archive is refused with a sentence, and a bad file in one harms no other.
func TestBadArchives(t *testing.T) {
	d := shelf(t, "good")
	good := d.export()
	pack := func(files ...string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := 0; i < len(files); i += 2 {
			f, _ := w.Create(files[i])
			f.Write([]byte(files[i+1]))
		}
		w.Close()
		return b.Bytes()
	}
	for name, bad := range map[string][]byte{"empty": nil, "cut": good[:len(good)/2], "text": []byte("PK\x03\x04 and nothing else"), "no labs": pack("readme.txt", "x")} {
		if _, err := d.take(bad); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	bomb := strings.Repeat("\x00", save.MaxFile+10)
	i, err := d.take(pack("../../evil.lab", "no lab", "b.lab", bomb, "a.lab", string(d.store.files[d.idOf("good")])))
	if err != nil || i.Taken+i.Known != 1 || len(i.Refused) != 2 || !strings.Contains(i.Refused[0].Error(), `"evil.lab"`) {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestFileName(t *testing.T) {
	for title, want := range map[string]string{"A title": "a-title", "四次挥手": "四次挥手", `a/b\c:d*e?"<>|`: "a-b-c-d-e", "": "lab", "...": "lab", "-x-": "x", "\u202ea": "a"} {
		if got := FileName(title); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}
