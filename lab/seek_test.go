package lab

import "testing"

// Memory and number of checkpoints stay bounded, and a large lab is not copied
// all the time.
func TestCheckpoints(t *testing.T) {
	l := newLab(t, twoHosts(0, "sink 9 &"))
	if n, _ := l.Checkpoints(); n != 1 {
		t.Errorf("%d checkpoints of a fresh lab", n)
	}
	l.interval, l.nextMark = 100, 0
	l.mustExec(t, 0, "source 10.0.0.2 9")
	l.mustSeek(t, 30*second)
	n, bytes := l.Checkpoints()
	if n < 16 || n > maxCheckpoints || bytes == 0 || bytes > checkpointLimit {
		t.Errorf("%d checkpoints of %d bytes after %d events", n, bytes, l.Events)
	}
	// What only checkpoints hold is what the pool holds beyond the state.
	var held int64
	l.mustSeek(t, 0)
	_, bytes = l.Checkpoints()
	_, held = l.pool.Live()
	if bytes < uint64(held) {
		t.Errorf("checkpoints take %d bytes, but the pool alone has %d", bytes, held)
	}
	l.Close()
	if _, bytes := l.Checkpoints(); bytes != 0 {
		t.Errorf("%d bytes are in no checkpoint", bytes)
	}
	if n, _ := l.pool.Live(); n != 0 {
		t.Errorf("%d blocks are held by nobody", n)
	}
}

// A frame that waits for its neighbour's address waits in a checkpoint as it was: the address comes into another copy.
func TestFramesThatWaitInACheckpoint(t *testing.T) {
	l := newLab(t, twoHosts(0, "sink 9 &"))
	l.CheckpointEvery(1)
	l.mustExec(t, 0, "ping -c 1 10.0.0.2")
	l.mustSeek(t, second)
	l.mustSeek(t, second/100)
	fresh := newLab(t, l.Scenario)
	fresh.mustExec(t, 0, "ping -c 1 10.0.0.2")
	fresh.mustSeek(t, second/100)
	if l.Hash() != fresh.Hash() {
		t.Error("what waits has changed")
	}
}
