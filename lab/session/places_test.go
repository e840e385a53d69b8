package session

import "testing"

// Where nodes stand is taken back like what was done: a drag at once, and in its order among the rest.
func TestMovesAreTakenBack(t *testing.T) {
	s := New()
	at := func(node uint32) Place { return s.places([]Place{{Node: node}})[0] }
	a, b := at(0), at(1)
	for i := range int32(3) {
		s.Move([]Place{{0, a.X + i, 5}}, 1)
		if i > 0 {
			s.Move([]Place{{1, b.X - i, 7}}, 1)
		}
	}
	if err := s.Command("rename A Alice"); err != nil {
		t.Fatal(err)
	}
	s.Move([]Place{{0, 1000, 1000}}, 2)
	undo := func(wantA, wantB Place, name string) {
		t.Helper()
		if done, err := s.Undo(); !done || err != nil {
			t.Fatal(done, err)
		}
		if at(0) != wantA || at(1) != wantB || s.Lab().Node(0).Name != name {
			t.Errorf("%v %v %s, want %v %v %s", at(0), at(1), s.Lab().Node(0).Name, wantA, wantB, name)
		}
	}
	undo(Place{0, a.X + 2, 5}, Place{1, b.X - 2, 7}, "Alice")
	undo(Place{0, a.X + 2, 5}, Place{1, b.X - 2, 7}, "A")
	undo(a, b, "A")
	if s.CanUndo() {
		t.Error("there is more to take back")
	}
	for range 3 {
		if done, err := s.Redo(); !done || err != nil {
			t.Fatal(done, err)
		}
	}
	if at(0) != (Place{0, 1000, 1000}) || s.Lab().Node(0).Name != "Alice" {
		t.Errorf("done again: %v %s", at(0), s.Lab().Node(0).Name)
	}
}
