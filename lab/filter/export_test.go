package filter

// Frames are those of the tables, for the tests that stand outside of the package.
var Frames = allFrames[:len(letters)]
