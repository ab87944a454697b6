package sweep

import (
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// strikes makes armed faults happen while a run goes on.
type strikes struct {
	fixed
	armed []Step
}

// Intercept prevents the operations that are armed.
func (s *strikes) Intercept(op flashmodel.Op, before, after []byte) error {
	if st, ok := struck(s.armed, op.Seq); ok {
		copy(after, before)
		if st.Kind == fault.Refused {
			return ErrRefused
		}
		return nil
	}
	return s.fixed.Intercept(op, before, after)
}

// struck tells whether an armed fault prevents an operation.
func struck(armed []Step, seq int) (Step, bool) {
	for _, st := range armed {
		if (st.Kind == fault.NoErase || st.Kind == fault.Refused) && int(st.Site) == seq {
			return st, true
		}
	}
	return Step{}, false
}

// tear makes one operation end as a step says.
type tear struct {
	fixed
	step Step
	seed uint64
}

// Intercept leaves what the step leaves.
func (t tear) Intercept(op flashmodel.Op, before, after []byte) error {
	fault.Leave(t.step.Kind, int(t.step.Way), op, t.seed, before, after)
	return t.fixed.Intercept(op, before, after)
}

// apply carries an operation out on a device, under an interceptor if not nil.
func apply(d *emu.Device, op flashmodel.Op, i flashmodel.Interceptor) {
	if i != nil {
		d.Attach(&flashmodel.Journal{Interceptor: i})
		defer d.Attach(nil)
	}
	// No error is possible: a device has carried the operation out.
	if op.Kind == flashmodel.OpBurn {
		_ = d.Efuses.Burn(int(op.Addr), wordsOf(op.Data))
		return
	}
	_ = flashmodel.Replay(d.Flash, []flashmodel.Op{op})
}

// applyAll carries operations out in their order.
func applyAll(d *emu.Device, ops []flashmodel.Op) {
	for len(ops) > 0 {
		n := slices.IndexFunc(ops, func(op flashmodel.Op) bool { return op.Kind == flashmodel.OpBurn })
		if n < 0 {
			n = len(ops)
		}
		_ = flashmodel.Replay(d.Flash, ops[:n]) // as in apply
		if n < len(ops) {
			apply(d, ops[n], nil)
			n++
		}
		ops = ops[n:]
	}
}

// fixedBits returns the interceptor that stuck bits ask for, nil without any.
func fixedBits(bits []stuckBit) flashmodel.Interceptor {
	if len(bits) == 0 {
		return nil
	}
	return fixed{bits}
}
