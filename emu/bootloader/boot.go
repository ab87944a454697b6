package bootloader

import "github.com/bootsim/bootsim/emu"

// Boot runs the second stage that p describes on a device: from its entry to
// the jump into an app, or to wherever it ends. Flash and eFuses change as the
// bootloader changes them. The bootloader's own image header is read from flash.
func Boot(d *emu.Device, p *Profile) emu.Outcome { return BootAfter(nil, d, p, nil) }

// BootAfter is Boot behind a stage that printed log, and with a history of
// earlier boots, nil for none. The outcome's log begins with a copy of log.
func BootAfter(log []emu.Line, d *emu.Device, p *Profile, h *History) emu.Outcome {
	s := newSession(d, p, h)
	s.out.Log = append(make([]emu.Line, 0, max(len(log), h.room())), log...)
	out := s.finish(s.run())
	h.ended(len(out.Log))
	return out
}

// usualLines is how many lines a boot at log level INFO seldom exceeds.
const usualLines = 80

func (s *session) run() error {
	if s.p.NotModelled != "" {
		return unmodelled("%s", s.p.NotModelled)
	}
	if err := s.recalled(stepStart, (*session).begin, nil); err != nil {
		return err
	}
	if s.p.FastBoot && s.dev.Cause == emu.ResetDeepSleep {
		return unmodelled("fast boot after deep sleep, from RTC memory")
	}
	if err := s.recalled(stepTable, (*session).readTable, nil); err != nil {
		return err
	}
	slot, err := s.selectSlot()
	if err != nil {
		return err
	}
	return s.loadApp(slot)
}

func (s *session) begin(*image) error { return s.start() }

func (s *session) readTable(*image) error { return s.loadTable() }
