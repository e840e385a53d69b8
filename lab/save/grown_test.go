package save

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab/link"
)

// format1 is what a link's parameters were in the first files.
type format1 struct {
	BitsPerSecond uint64
	DelayNs       int64
	QueuePackets  uint32
	LossPPM       uint32
}

func pack(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := msgpack.NewEncoder(&b)
	e.UseArrayEncodedStructs(true)
	e.UseCompactInts(true)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A link without the faults that came later has the bytes of the first format;
// one with them comes back whole; and one of a later program is refused.
func TestParamsGrow(t *testing.T) {
	old := pack(t, format1{1e7, 5, 64, 1000})
	plain := link.Params{BitsPerSecond: 1e7, DelayNs: 5, QueuePackets: 64, LossPPM: 1000}
	if got := pack(t, plain); !bytes.Equal(got, old) {
		t.Errorf("% x, and the first format has % x", got, old)
	}
	for _, want := range []link.Params{{}, plain, {LossPPM: 3, LossRun: 4}, {DelayNs: 5, ReorderPPM: 6, ReorderNs: 7}, {JitterNs: 1 << 40, CorruptPPM: 2}} {
		got := link.Params{LossPPM: 9, JitterNs: 9} // what stood there before must go
		if err := msgpack.Unmarshal(pack(t, want), &got); err != nil || got != want {
			t.Errorf("%+v came back as %+v (%v)", want, got, err)
		}
	}
	var got link.Params
	if err := msgpack.Unmarshal(pack(t, make([]int, 99)), &got); err == nil || !strings.Contains(err.Error(), "later Wirelab") {
		t.Errorf("99 fields: %v", err)
	}
}
