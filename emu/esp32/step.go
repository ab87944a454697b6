package esp32

import "github.com/bootsim/bootsim/emu/xtensa"

// Advance executes one instruction after the other, at most steps, and stops
// before one at which the caller wants to. It is for tracing and debugging: Run
// is faster. done tells that the run has come to an end; Result then says how.
func (m *Machine) Advance(steps uint64, stop func(pc uint32) bool) (executed uint64, done bool) {
	for executed < steps {
		if executed > 0 && stop != nil && stop(m.CPU.PC) {
			return executed, false
		}
		before := m.CPU.Instructions()
		s := m.CPU.Run(1)
		executed += max(m.CPU.Instructions()-before, 1)
		if s.Kind != xtensa.StopLimit && m.judge(s) || m.result != nil {
			return executed, true
		}
		if m.CPU.Instructions()%slice == 0 {
			m.guard()
		}
		if m.CPU.Instructions() >= m.options.Budget {
			m.finish(Result{How: OutOfSteps})
			return executed, true
		}
	}
	return executed, false
}

// Resume lets a machine go on that has entered an application: what follows is
// the application's.
func (m *Machine) Resume() {
	m.result = nil
	m.CPU.Watch = nil
}

// Result returns how the run ended, nil while it goes on.
func (m *Machine) Result() *Result { return m.result }
