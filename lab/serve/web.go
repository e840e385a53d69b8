//go:build !webdist && !js

package serve

import (
	"errors"
	"io/fs"
)

// Web says how to get a binary with the web lab inside; this one was built without it.
func Web() (fs.FS, error) {
	return nil, errors.New("this binary was built without the web lab; run ./build.sh build and start ./wirelab serve")
}
