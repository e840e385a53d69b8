//go:build !js

package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"wirelab/lab"
	"wirelab/lab/save"
)

type versionCommand struct {
	JSON bool `name:"json" help:"Print one JSON object."`
}

// version is what a report about this program should name.
type version struct {
	Program   string `json:"program"`
	Engine    int    `json:"engine"`     // labs replay alike under the same one
	LabFormat int    `json:"lab_format"` // that is written; earlier ones are read
	Go        string `json:"go"`
}

func (c *versionCommand) Run(p *Program) error {
	info, _ := debug.ReadBuildInfo()
	v := version{Program: programVersion(info), Engine: lab.Engine, LabFormat: save.Version, Go: runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH}
	if c.JSON {
		return json.NewEncoder(p.Out).Encode(v)
	}
	w := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "program\t%s\nengine\t%d\nlab format\t%d\ngo\t%s\n", v.Program, v.Engine, v.LabFormat, v.Go)
	return w.Flush()
}

// programVersion names the sources: the git revision, or the module's version where the program was built without git.
func programVersion(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", with changes"
		}
	}
	switch {
	case revision != "":
		return "git " + revision + changed
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		return info.Main.Version
	}
	return "unknown: it was built without git; go build -buildvcs=true in a clone names the revision"
}
