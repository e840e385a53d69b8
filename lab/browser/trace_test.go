//go:build !js

package browser

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// between measures the processor time of the page's thread between two of its marks, each time that they come, until the
// returned function is called, which gives the times sorted. What other threads do on the same cores, such as a graphics card
// that is made of software, is no part of it.
func (b *tab) between(begins, ends string) func() []time.Duration {
	type mark struct {
		Name string `json:"name"`
		At   int64  `json:"ts"`
		Us   int64  `json:"tts"`
	}
	var marks []mark
	done := make(chan struct{})
	chromedp.ListenTarget(b.ctx, func(event any) {
		switch e := event.(type) {
		case *tracing.EventDataCollected:
			for _, v := range e.Value {
				var m mark
				if err := json.Unmarshal(v, &m); err == nil && (m.Name == begins || m.Name == ends) {
					marks = append(marks, m)
				}
			}
		case *tracing.EventTracingComplete:
			close(done)
		}
	})
	start := tracing.Start().WithTransferMode(tracing.TransferModeReportEvents).
		WithTraceConfig(&tracing.TraceConfig{IncludedCategories: []string{"blink.user_timing"}})
	if err := chromedp.Run(b.ctx, start); err != nil {
		b.fatal("starting to trace", err)
	}
	return func() (times []time.Duration) {
		if err := chromedp.Run(b.ctx, tracing.End()); err != nil {
			b.fatal("ending to trace", err)
		}
		select {
		case <-done:
		case <-b.ctx.Done():
			b.fatal("ending to trace", b.ctx.Err())
		}
		slices.SortFunc(marks, func(m, n mark) int { return cmp.Compare(m.At, n.At) })
		for i := 1; i < len(marks); i++ {
			if marks[i-1].Name == begins && marks[i].Name == ends {
				times = append(times, time.Duration(marks[i].Us-marks[i-1].Us)*time.Microsecond)
			}
		}
		slices.Sort(times)
		return times
	}
}
