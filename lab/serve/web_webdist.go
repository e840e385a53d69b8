//go:build webdist && !js

package serve

import (
	"embed"
	"io/fs"
)

//go:embed all:web
var embedded embed.FS

// Web is the web lab inside this binary; build.sh copies dist/ here before it builds with the tag.
func Web() (fs.FS, error) { return fs.Sub(embedded, "web") }
