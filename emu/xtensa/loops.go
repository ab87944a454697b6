package xtensa

// startLoop carries out LOOP, LOOPNEZ and LOOPGTZ and returns where execution
// goes on.
func (c *CPU) startLoop(op Op, count, next, end uint32) uint32 {
	c.lcount, c.lbeg, c.lend = count-1, next, end
	if op == opLoopnez && count == 0 || op == opLoopgtz && int32(count) <= 0 {
		return end
	}
	return next
}

// maxPeriod is how many instructions Spins looks for a repetition.
const maxPeriod = 4096

// Spins tells whether the core is in a loop that can never end: it executes up
// to maxPeriod instructions and finds the state of all registers again, without
// having asked the host for anything, stored anything or looked at the clock.
// What it executes counts as executed.
func (c *CPU) Spins() bool {
	write, host := c.write, c.host
	defer func() { c.write, c.host = write, host }()
	c.write = [pageCount]*Page{}
	watcher := &silence{Host: host}
	c.host = watcher
	before := c.state()
	for range maxPeriod {
		if s := c.Run(1); s.Kind != StopLimit {
			return s.Kind == StopSpin
		}
		if watcher.broken || c.clockRead {
			c.clockRead = false
			return false
		}
		if c.state() == before {
			return true
		}
	}
	return false
}

// state is what decides what the core does next, memory apart.
type state struct {
	pc, wb, ws, ps, callinc, sar, lbeg, lend, lcount, br uint32
	acc                                                  int64
	ar                                                   [arCount]uint32
}

func (c *CPU) state() state {
	c.home()
	return state{c.PC, c.wb, c.ws, c.ps, c.callinc, c.sar, c.lbeg, c.lend, c.lcount, c.br, c.acc, [arCount]uint32(c.ar[:arCount])}
}

// silence is a host that notices being asked.
type silence struct {
	Host
	broken bool
}

// Load passes the question on.
func (s *silence) Load(addr, size uint32) (uint32, Cause) {
	s.broken = true
	return s.Host.Load(addr, size)
}

// Store passes the store on.
func (s *silence) Store(addr, size, v uint32) Cause {
	s.broken = true
	return s.Host.Store(addr, size, v)
}

// Call passes the call on.
func (s *silence) Call(c *CPU, target, pc uint32, first int) {
	s.broken = true
	s.Host.Call(c, target, pc, first)
}
