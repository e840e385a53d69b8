// Package static holds what the program carries with it: the word catalogues. The page's other files are in dist/.
package static

import _ "embed"

// The catalogues of package words.
var (
	//go:embed words/en.txt
	WordsEnglish string
	//go:embed words/zh.txt
	WordsChinese string
	//go:embed words/problems.zh.txt
	ProblemsChinese string
)
