package bootloader

import "github.com/bootsim/bootsim/emu"

// Address classes of segments (spec 3.3; soc.h).
const (
	dromLow, dromHigh       = 0x3F400000, 0x3F800000
	iromLow, iromHigh       = 0x400D0000, 0x40400000
	paddingEnd              = 0x10000000 // below: never loaded
	rtcCodeLow, rtcCodeHigh = 0x400C0000, 0x400C2000
	rtcFastLow, rtcFastHigh = 0x3FF80000, 0x3FF82000
	rtcSlowLow, rtcSlowHigh = 0x50000000, 0x50002000
	diramDataLow            = 0x3FFE0000
	diramCodeLow            = 0x400A0000
	dramHigh                = 0x40000000
	iramLow                 = 0x40080000
	iramLowSingle           = 0x40078000 // of builds for one core
)

func within(a, low, high uint32) bool { return a >= low && a < high }

// mappedAddress tells whether a segment is mapped from flash instead of loaded.
func mappedAddress(a uint32) bool {
	return within(a, iromLow, iromHigh) || within(a, dromLow, dromHigh)
}

// shouldLoad tells whether a segment at an address is put into memory. RTC
// memory keeps what it holds over deep sleep.
func (s *session) shouldLoad(a uint32) bool {
	if mappedAddress(a) || a < paddingEnd {
		return false
	}
	if s.dev.Cause != emu.ResetDeepSleep {
		return true
	}
	switch {
	case within(a, rtcCodeLow, rtcCodeHigh), within(a, rtcFastLow, rtcFastHigh) && s.p.has(featSkipsRTCData):
		s.log(msgSkipRTCFast, a)
		return false
	case within(a, rtcSlowLow, rtcSlowHigh):
		s.log(msgSkipRTCSlow, a)
		return false
	}
	return true
}
