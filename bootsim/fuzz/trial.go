package fuzz

import (
	"fmt"
	"time"

	"github.com/bootsim/bootsim/emu"
)

// outcome is what one run came to.
type outcome struct {
	features []string
	failure  *Failure
	covered  int
	executed int
	boots    int
}

// limit is how long a run may take before it counts as one that never ends. A
// run takes milliseconds.
const limit = 2 * time.Minute

// noDevice is what a mutation shows that makes no sense.
const noDevice = "no device"

// try runs one mutation. What does not end is left behind.
func (s *Subject) try(m Mutation, second Second) outcome {
	done := make(chan outcome, 1)
	go func() { done <- s.guarded(m, second) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case o := <-done:
		return o
	case <-timer.C:
		return outcome{failure: &Failure{OracleTerminates, fmt.Sprintf("no end within %v", limit)}}
	}
}

// Judge runs a mutation and tells what the first judge that says no has to say;
// nil when all are content.
func (s *Subject) Judge(m Mutation, second Second) *Failure { return s.try(m, second).failure }

// guarded turns a panic into a failure.
func (s *Subject) guarded(m Mutation, second Second) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{failure: &Failure{OraclePanics, fmt.Sprint(p)}}
		}
	}()
	d, err := s.Apply(m)
	if err != nil {
		// What was drawn by chance may make no sense; it is no device then.
		return outcome{features: []string{noDevice}}
	}
	return s.judged(m, d, second)
}

func (s *Subject) judged(m Mutation, d *emu.Device, second Second) outcome {
	t := &trial{Subject: s, mutation: m, before: d, second: second, course: s.follow(d.Fork())}
	report := s.checked(d)
	t.report = &report
	return outcome{failure: t.judge(), features: t.features(), covered: t.covered, executed: t.executed, boots: len(t.course)}
}
