package sweep

import (
	"fmt"

	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// line is the event as a line of the story.
func (e Event) line() string {
	what := e.Operation
	if e.Partition != "" {
		what += " (" + e.Partition + ")"
	}
	s := fmt.Sprintf("%s, step %d: %s", e.By, e.Site, what)
	if e.How != "" {
		s += ": " + e.How
	}
	return s
}

// event tells where a fault strikes.
func (r *runner) event(l *life, st Step, seed uint64) Event {
	e := Event{Kind: st.Kind.String(), Site: st.Site, By: l.by(l.opAt(st))}
	switch {
	case st.Kind.AtRest():
		e.By, e.Address = fmt.Sprintf("before boot %d", st.Site+1), st.Way/8
		e.Operation = fmt.Sprintf("bit %d of 0x%08x changes", st.Way%8, st.Way/8)
		if st.Kind == fault.Flip2 {
			e.How = fmt.Sprintf("and bit %d of 0x%08x", st.Second%8, st.Second/8)
		}
		if st.Kind == fault.Stuck {
			e.How = "and stays so"
		}
	case st.Kind == fault.Read:
		e.By, e.Operation = "an application", fmt.Sprintf("read %d fails", st.Site)
		return e
	case int(st.Site) == len(l.ops):
		e.By, e.Operation, e.How = "at the end", "everything was done", "the power is lost"
		return e
	default:
		op := l.ops[st.Site]
		e.Operation, e.Address = opText(op), op.Addr
		e.How = how(st, op, seed)
	}
	e.Partition = r.partition(e.Address, l.opOf(st))
	return e
}

// opOf returns the operation that a fault strikes, if it strikes one.
func (l *life) opOf(st Step) *flashmodel.Op {
	if st.Kind.AtRest() || int(st.Site) >= len(l.ops) {
		return nil
	}
	return &l.ops[st.Site]
}

func how(st Step, op flashmodel.Op, seed uint64) string {
	text := fault.Describe(st.Kind, int(st.Way), op, seed)
	switch st.Kind {
	case fault.Warm:
		return fmt.Sprintf("the chip is reset %s (rst:0x%x)", text, uint8(fault.Reset(int(st.Way))))
	case fault.NoErase:
		return "does nothing and reports success"
	case fault.Refused:
		return "is refused"
	}
	return "the power is lost " + text
}

func opText(op flashmodel.Op) string {
	switch op.Kind {
	case flashmodel.OpBurn:
		return fmt.Sprintf("burn eFuse BLOCK%d", op.Addr)
	case flashmodel.OpProgram:
		return fmt.Sprintf("program 0x%08x, %d bytes", op.Addr, op.Size)
	}
	return fmt.Sprintf("%s at 0x%08x", op.Kind, op.Addr)
}

// by tells who is at work at an operation.
func (l *life) by(at int) string {
	for i := len(l.boots) - 1; i >= 0; i-- {
		b := &l.boots[i]
		switch {
		case at < b.firstOp:
			continue
		case at < b.appOp || b.outcome.App == nil:
			return fmt.Sprintf("boot %d, bootloader", i+1)
		}
		return fmt.Sprintf("boot %d, app in %s", i+1, b.outcome.App.Label)
	}
	return "boot 1"
}

// partition names what lies at an address.
func (r *runner) partition(at uint32, op *flashmodel.Op) string {
	if op != nil && op.Kind == flashmodel.OpBurn {
		return ""
	}
	for _, p := range r.sc.regions() {
		if at >= p.Offset && uint64(at) < p.End() {
			return p.Name()
		}
	}
	return ""
}
