package sweep

import (
	"errors"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
)

const readKind = fault.Read

// Step is one fault in a history: it strikes the run that the faults before it
// led to.
type Step struct {
	Kind fault.Kind
	// Site is what it strikes: an operation of the run, by number; for a read
	// the number of the read; for flash at rest the boot before which it
	// happens, or their number for after the last. All count from 0.
	Site uint32
	// Way is the way of the kind (see fault.Leave); at rest it is the bit: eight
	// times the address plus the number of the bit. Second is another such bit.
	Way, Second uint32
}

// History is faults in the order in which they happen.
type History []Step

// weight orders counterexamples: fewer faults first, plain ones before others.
func (h History) weight() (n int) {
	for _, st := range h {
		n += st.weight()
	}
	return n
}

func (st Step) weight() int { return 1000 + int(st.Kind) }

// ErrRefused is what an operation on a protected region returns.
var ErrRefused = errors.New("the flash refuses the operation: the region is protected")

// advance does to a device what an operation of a run did.
func (l *life) advance(d *emu.Device, op flashmodel.Op, armed []Step) {
	if _, no := struck(armed, op.Seq); !no {
		apply(d, op, fixedBits(l.start.stuck))
	}
}

// opAt is how many operations of a run precede a fault.
func (l *life) opAt(st Step) int {
	if st.Kind.AtRest() {
		return l.boundary(int(st.Site))
	}
	return int(st.Site)
}

// boundary is how many operations precede a boot; the one after the last is
// the end of the run.
func (l *life) boundary(boot int) int {
	if boot < len(l.boots) {
		return l.boots[boot].firstOp
	}
	return len(l.ops)
}

// after returns the state that a fault leaves, given the device with the
// operations before it carried out. That device is not changed.
func (l *life) after(prefix *emu.Device, st Step, seed uint64) state {
	s := state{dev: prefix.Fork(), stuck: l.start.stuck, ghost: l.ghostAt(st)}
	s.dev.Cause = emu.ResetPowerOn
	switch {
	case st.Kind == fault.Warm:
		s.dev.Cause, s.rtc = fault.Reset(int(st.Way)), l.rtcAt(int(st.Site))
	case st.Kind.AtRest():
		s.spoil(st)
	case st.Kind != fault.Cut:
		apply(s.dev, l.ops[st.Site], tear{fixed{l.start.stuck}, st, seed})
	}
	return s
}

// spoil flips the bits that a step names.
func (s *state) spoil(st Step) {
	bits := []uint32{st.Way}
	if st.Kind == fault.Flip2 {
		bits = append(bits, st.Second)
	}
	for _, at := range bits {
		var b [1]byte
		s.dev.Flash.Read(at/8, b[:])
		b[0] ^= 1 << (at % 8)
		_ = s.dev.Flash.Place(at/8, b[:]) // a bit inside the chip
		if st.Kind == fault.Stuck {
			s.stuck = append(append([]stuckBit(nil), s.stuck...), stuckBit{addr: at / 8, bit: uint8(at % 8), value: b[0] >> (at % 8) & 1})
		}
	}
}

// ghostAt is what has been promised when a fault strikes. A confirmation has
// begun once its first operation has.
func (l *life) ghostAt(st Step) ghost {
	g, at := l.start.ghost, l.opAt(st)
	for _, m := range l.marks {
		begun := m.op < at || m.op == at && st.Kind != fault.Cut && st.Kind != fault.Warm && !st.Kind.AtRest()
		switch {
		case m.mark == update.MarkConfirming && begun:
			g.confirming = true
		case m.mark == update.MarkConfirmed && m.op <= at:
			g.secure = max(g.secure, m.secure)
		}
	}
	return g
}

// rtcAt is RTC memory before an operation.
func (l *life) rtcAt(op int) update.RTC {
	rtc := l.start.rtc
	for _, m := range l.stores {
		if m.op <= op {
			rtc = m.rtc
		}
	}
	return rtc
}

// follow carries out the faults of a history and returns the run that each of
// them led into; the first is the run without a fault.
func (r *runner) follow(h History, seed uint64) ([]*life, error) {
	s, armed := r.begin(), []Step(nil)
	lives := []*life{r.run(s, nil, true)}
	for i, st := range h {
		l := lives[len(lives)-1]
		if err := l.check(st); err != nil {
			return nil, &StepError{Step: i, Err: err}
		}
		if st.Kind.RunsOn() {
			armed = append(armed, st)
		} else {
			s = l.after(l.prefix(l.opAt(st), armed), st, seed)
			armed = nil
		}
		lives = append(lives, r.run(s, armed, true))
	}
	return lives, nil
}

// prefix returns the device after the first n operations of a run.
func (l *life) prefix(n int, armed []Step) *emu.Device {
	d := l.start.dev.Fork()
	for _, op := range l.ops[:n] {
		l.advance(d, op, armed)
	}
	return d
}

// begin is the state before the update.
func (r *runner) begin() state {
	s := state{dev: r.sc.Device.Fork()}
	s.dev.Cause = emu.ResetPowerOn
	return s
}
