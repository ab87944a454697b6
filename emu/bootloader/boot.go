package bootloader

import "github.com/bootsim/bootsim/emu"

// Boot runs the second stage that p describes on a device: from its entry to
// the jump into an app, or to wherever it ends. Flash and eFuses change as the
// bootloader changes them. The bootloader's own image header is read from flash.
func Boot(d *emu.Device, p *Profile) emu.Outcome {
	s := newSession(d, p)
	return s.finish(s.run())
}

func (s *session) run() error {
	if err := s.start(); err != nil {
		return err
	}
	if s.p.FastBoot && s.dev.Cause == emu.ResetDeepSleep {
		return unmodelled("fast boot after deep sleep, from RTC memory")
	}
	if err := s.loadTable(); err != nil {
		return err
	}
	slot, err := s.selectSlot()
	if err != nil {
		return err
	}
	return s.loadApp(slot)
}
