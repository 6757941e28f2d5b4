package contour

import (
	"sync/atomic"

	"k8s.io/client-go/tools/cache"
)

// syncTracker tells when the objects of an initial list have all been worked on.
// client-go 0.36 turned its tracker of that name from asking the source into being told by it;
// this one asks, as Contour expects.
type syncTracker struct {
	upstream cache.InformerSynced
	pending  atomic.Int64
}

// Start counts an object of the initial list in.
func (t *syncTracker) Start() { t.pending.Add(1) }

// Finished counts it out.
func (t *syncTracker) Finished() {
	if t.pending.Add(-1) < 0 {
		panic("syncTracker: more objects finished than started")
	}
}

// HasSynced asks the source before the counter: an object that arrives in between is then not overlooked.
func (t *syncTracker) HasSynced() bool {
	return t.upstream() && t.pending.Load() == 0
}
