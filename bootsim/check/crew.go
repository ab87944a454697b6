package check

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// crew shares out work among goroutines: as many as it has workers, the one that
// asks included. Work that is shared out may share out some of its own.
type crew struct{ free chan struct{} }

func newCrew(workers int) *crew {
	c := &crew{free: make(chan struct{}, max(workers, 1)-1)}
	for range cap(c.free) {
		c.free <- struct{}{}
	}
	return c
}

// each does pieces 0 to n-1 and returns when all are done. A piece goes to a
// worker who is free, otherwise to the one who asks, so that no more than one
// goroutine a worker is ever busy, and nobody waits for a worker who waits. What
// a piece panics with, each panics with.
func (c *crew) each(n int, do func(i int)) {
	var wg sync.WaitGroup
	panics := make([]any, n)
	for i := range n {
		select {
		case <-c.free:
			wg.Go(func() {
				defer func() {
					if p := recover(); p != nil {
						panics[i] = fmt.Sprintf("%v\n%s", p, debug.Stack())
					}
					c.free <- struct{}{}
				}()
				do(i)
			})
		default:
			do(i)
		}
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
}
