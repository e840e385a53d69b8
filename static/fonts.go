package static

import _ "embed"

// The fonts of the window: subsets made by fonts/make.sh. Chinese has the
// characters that the catalogues use; the full face comes later in a page, and
// with the program on a desktop (fonts_desktop.go).
var (
	//go:embed fonts/inter-regular.otf
	FontSans []byte
	//go:embed fonts/inter-semibold.otf
	FontSansBold []byte
	//go:embed fonts/jetbrains-mono-regular.ttf
	FontMono []byte
	//go:embed fonts/jetbrains-mono-bold.ttf
	FontMonoBold []byte
	//go:embed fonts/notosans-sc.otf
	FontChinese []byte
)
