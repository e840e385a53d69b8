//go:build !linux && !js

package folder

import "errors"

func mountSmall(string) error { return errors.New("only Linux has one") }

func unmount(string) {}
