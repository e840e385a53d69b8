//go:build !js

package cli

import (
	"encoding/json"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"testing"

	"wirelab/lab"
	"wirelab/lab/save"
)

func TestVersion(t *testing.T) {
	table := must(t, "version")
	want := fmt.Sprintf(`^program     .+\nengine      %d\nlab format  %d\ngo          %s %s/%s\n$`, lab.Engine, save.Version, regexp.QuoteMeta(runtime.Version()), runtime.GOOS, runtime.GOARCH)
	if !regexp.MustCompile(want).MatchString(table) {
		t.Errorf("%s\nwant %s", table, want)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(must(t, "version", "--json")), &v); err != nil || v["engine"] != float64(lab.Engine) || v["lab_format"] != float64(save.Version) {
		t.Errorf("%v, %v", v, err)
	}
}

func TestProgramVersion(t *testing.T) {
	built := func(main string, settings ...string) *debug.BuildInfo {
		info := &debug.BuildInfo{Main: debug.Module{Version: main}}
		for i := 0; i < len(settings); i += 2 {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return info
	}
	const none = "unknown: it was built without git; go build -buildvcs=true in a clone names the revision"
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "unknown"},
		{built("(devel)"), none},
		{built(""), none},
		{built("v1.2.3"), "v1.2.3"},
		{built("v0.0.0-20260101000000-0123456789ab+dirty", "vcs.revision", "0123456789abcdef", "vcs.modified", "true"), "git 0123456789abcdef, with changes"},
		{built("(devel)", "vcs.modified", "false", "vcs.revision", "0123456789abcdef"), "git 0123456789abcdef"},
	} {
		if got := programVersion(c.info); got != c.want {
			t.Errorf("%+v: %q, want %q", c.info, got, c.want)
		}
	}
}
