package stack

import (
	"math/rand/v2"
	"testing"

	"wirelab/stack/seeds"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// The table finds what a map would, whatever comes and goes.
func TestConnTable(t *testing.T) {
	for seed := range seeds.Range(t, 50) {
		rng := rand.New(rand.NewPCG(seed, 0))
		var table connTable
		model := map[tuple]uint32{}
		conns := make([]tcp.Conn, 200)
		listed := make([]bool, len(conns))
		for step := range 3000 {
			slot := rng.Uint32N(uint32(len(conns)))
			c := &conns[slot]
			if listed[slot] {
				table.remove(conns, slot)
				if model[tupleOf(c)] == slot {
					delete(model, tupleOf(c))
				}
			} else {
				c.Local = tcp.Endpoint{Addr: wire.V4(10, 0, 0, byte(rng.IntN(2))), Port: uint16(rng.IntN(20))}
				c.Remote = tcp.Endpoint{Addr: wire.V4(10, 0, 1, byte(rng.IntN(3))), Port: uint16(rng.IntN(5))}
				if _, taken := model[tupleOf(c)]; taken && rng.IntN(2) == 0 {
					continue // else the newer takes the place of the older
				}
				for other := range model {
					if other == tupleOf(c) {
						listed[model[other]] = false
					}
				}
				table.put(conns, slot)
				model[tupleOf(c)] = slot
			}
			listed[slot] = !listed[slot]
			for range 5 {
				k := tupleOf(&conns[rng.IntN(len(conns))])
				got, found := table.find(conns, &k)
				if want, there := model[k]; found != there || found && got != want {
					t.Fatalf("seed %d, step %d: %v: slot %d, %v; want %d, %v", seed, step, k, got, found, want, there)
				}
			}
			if table.taken != len(model) {
				t.Fatalf("seed %d, step %d: %d are in it, want %d", seed, step, table.taken, len(model))
			}
		}
	}
}
