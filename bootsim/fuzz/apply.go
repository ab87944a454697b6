package fuzz

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
)

// Bounds of a mutation, so that a token which somebody made up ends soon.
const (
	maxChange  = 4 << 20 // bytes of one change
	maxChanges = 256
)

// ChangeError tells that a change makes no sense: it was written by hand, or
// for another lot.
type ChangeError struct {
	Index  int
	Reason string
}

// Error names the change.
func (e *ChangeError) Error() string {
	return fmt.Sprintf("change %d: %s: is it from these images?", e.Index, e.Reason)
}

// Apply does a mutation to a fork of the subject's device.
func (s *Subject) Apply(m Mutation) (*emu.Device, error) {
	if n := len(m.Changes); n > maxChanges {
		return nil, &ChangeError{Index: maxChanges, Reason: fmt.Sprintf("%d changes are more than %d", n, maxChanges)}
	}
	w := &work{Subject: s, dev: s.Device.Fork()}
	for i := range m.Changes {
		if err := w.change(&m.Changes[i]); err != nil {
			return nil, &ChangeError{Index: i, Reason: err.Error()}
		}
	}
	return w.dev, nil
}

// work is a device while it is mutated.
type work struct {
	*Subject
	dev *emu.Device
}

func (w *work) change(c *Change) error {
	if c.Size > maxChange || len(c.Data) > maxChange {
		return fmt.Errorf("%d bytes are more than 4 MiB", max(int(c.Size), len(c.Data)))
	}
	var err error
	switch c.Kind {
	case KindPlain:
		err = w.write(c.At, c.Data)
	case KindFlip:
		err = w.write(c.At, xored(w.plain(c.At, len(c.Data)), c.Data))
	case KindCipher:
		err = w.place(c.At, xored(w.raw(c.At, int(c.Size), len(c.Data)), c.Data))
	case KindErase:
		err = w.place(c.At, ones(int(c.Size)))
	case KindMove:
		err = w.place(c.At, w.raw(c.From, int(c.Size), 0))
	case KindShift:
		err = w.write(c.At, w.plain(c.From, int(c.Size)))
	case KindSeal:
		err = w.seal(c)
	case KindPart:
		err = w.part(c)
	case KindEfuse, KindKey, KindBootKey:
		err = w.fuse(c)
	case KindSign:
		err = w.sign(c)
	case KindChip:
		err = w.chip(c)
	default:
		err = fmt.Errorf("there is no kind %q", c.Kind)
	}
	if err != nil {
		return err
	}
	return w.repair(c)
}
