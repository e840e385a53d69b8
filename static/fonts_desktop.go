//go:build !js

package static

import _ "embed"

// FontChineseFull has every character of GB 2312.
//
//go:embed fonts/web/notosans-sc-gb2312.otf
var FontChineseFull []byte
