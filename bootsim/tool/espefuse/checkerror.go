package espefuse

import (
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

func prepareCheckError(s *session, call cli.Call) (action, error) {
	return func() error { return s.checkError(call.Values.Flag(optRecovery)) }, nil
}

func (s *session) checkError(recovery bool) error {
	errors := s.reportErrors()
	if recovery && errors {
		if err := s.recover(); err != nil {
			return err
		}
		errors = s.reportErrors()
	}
	if errors {
		return cli.Fatalf("Error(s) were detected in eFuses.")
	}
	s.env.Print("No errors detected.")
	return nil
}

// reportErrors lists the blocks with errors. A key in them is not shown.
func (s *session) reportErrors() bool {
	if !s.chip.codingErrors(false) {
		return false
	}
	locked := false
	for i := 1; i < efuse.BlockCount; i++ {
		state := "writable"
		if !s.blockWriteable(i) {
			state, locked = "not writable", true
		}
		s.env.Printf("BLOCK%-2d: %-40s = %-8s (%s)\n", i, blockName(i)+" [ERRORS:0 FAIL:1]", s.chip.blocks[i].data, state)
	}
	if locked {
		s.env.Print("Not all errors can be fixed because some fields are write-protected!")
	}
	return true
}

// recover burns what the blocks with errors hold once more.
func (s *session) recover() error {
	asked := false
	for i := efuse.BlockCount - 1; i > 0; i-- {
		if !s.chip.failed(i) || s.chip.blocks[i].data.zero() {
			continue
		}
		s.addBits(i, s.chip.blocks[i].data)
		if !asked {
			asked = true
			if err := s.confirm("Recovery of block coding errors"); err != nil {
				return err
			}
		}
		if err := s.burnBlock(i); err != nil {
			return err
		}
	}
	if !asked {
		return nil
	}
	return s.chip.updateFields()
}
