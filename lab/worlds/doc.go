// Package worlds is a test only: it draws labs at random, links that harm what
// crosses them, hosts with odd settings, programs that talk, wait and give up,
// and checks for each that what TCP promises is kept. A world is its seed:
//
//	go test ./lab/worlds -worlds 100000 -seed 1
//	go test ./lab/worlds -worlds 1 -seed 4711
//
// Labs of all sorts, with routers, translators, surgery and whoever goes back and forth in them, are checked for what
// the lab promises, whatever TCP makes of it: no frame is lost count of, and every instant is the same, whatever way
// leads to it, in a file, on another processor.
//
//	go test ./lab/worlds -run TestLabs -labs 20000 -seed 1
//
// A world or lab in which something is wrong is written as a .lab file, to be looked
// at in the window. Start reading at worlds_test.go; draw_test.go says what a
// world can be, judge_test.go and wire_test.go what must hold in it. Of labs, labs_test.go is the beginning, net_test.go and
// deed_test.go what is drawn, life_test.go how they are lived, and proof_test.go what must hold at the end.
package worlds
