package lab

import "wirelab/stack/block"

// Frames replays the lab from its start to the time until in a lab of its own, and
// hands each frame that a host sends to see. The bytes are good only during
// the call. Frames are not recorded: this is where they are to be had.
func (l *Lab) Frames(until int64, see func(timeNs int64, frame []byte)) error {
	replay, err := New(l.Scenario)
	if err != nil {
		return err
	}
	replay.Journal = l.Journal
	replay.Log.Off = true
	replay.tap = func(frame block.Handle) { see(replay.Clock, replay.pool.Data(frame)) }
	return replay.SeekTo(until)
}
