// Package worlds is a test only: it draws labs at random, links that harm what
// crosses them, hosts with odd settings, programs that talk, wait and give up,
// and checks for each that what TCP promises is kept. A world is its seed:
//
//	go test ./lab/worlds -worlds 100000 -seed 1
//	go test ./lab/worlds -worlds 1 -seed 4711
//
// A world in which something is wrong is written as a .lab file, to be looked
// at in the window. Start reading at worlds_test.go; draw_test.go says what a
// world can be, judge_test.go and wire_test.go what must hold in it.
package worlds
