package tcp_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/stack/drill"
)

// Every packetdrill script passes, also where it echoes timestamps: those were checked against Linux, though the language leaves them open.
func TestScripts(t *testing.T) {
	const dir = "../drill/testdata"
	scripts := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".pkt") {
			return err
		}
		scripts++
		name := strings.TrimPrefix(filepath.ToSlash(path), dir+"/")
		t.Run(strings.TrimSuffix(name, ".pkt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := drill.Parse(name, string(text))
			if err != nil {
				t.Fatal(err)
			}
			if r := s.Run(drill.Options{Switches: drill.Switches{TSEcho: true}}); r.Verdict != drill.OK {
				t.Error(r)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if scripts < 295 {
		t.Errorf("only %d scripts", scripts)
	}
}
