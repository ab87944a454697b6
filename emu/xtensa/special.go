package xtensa

// Numbers of special registers that do more than store (spec exec 2.4).
const (
	srLBEG        = 0
	srLEND        = 1
	srLCOUNT      = 2
	srSAR         = 3
	srBR          = 4
	srSCOMPARE1   = 12
	srACCLO       = 16
	srACCHI       = 17
	srM0          = 32
	srWINDOWBASE  = 72
	srWINDOWSTART = 73
	srDEBUGCAUSE  = 233
	srEPC1        = 177
	srDEPC        = 192
	srEPS2        = 194
	srCONFIGID0   = 176
	srCONFIGID1   = 208
	srCPENABLE    = 224
	srINTERRUPT   = 226
	srINTCLEAR    = 227
	srPS          = 230
	srVECBASE     = 231
	srEXCCAUSE    = 232
	srCCOUNT      = 234
	srPRID        = 235
	srEXCVADDR    = 238
)

// readSpecial returns a special register.
func (c *CPU) readSpecial(n uint32) uint32 {
	switch n {
	case srLBEG:
		return c.lbeg
	case srLEND:
		return c.lend
	case srLCOUNT:
		return c.lcount
	case srSAR:
		return c.sar
	case srBR:
		return c.br
	case srACCLO:
		return uint32(c.acc)
	case srACCHI:
		return uint32(c.acc >> 32)
	case srM0, srM0 + 1, srM0 + 2, srM0 + 3:
		return c.mr[n-srM0]
	case srWINDOWBASE:
		return c.wb
	case srWINDOWSTART:
		return c.ws
	case srPS:
		return c.ps&^(3<<16) | c.callinc<<16
	case srCCOUNT:
		c.clockRead = true
		return uint32(c.Cycles()) + c.ccount
	}
	return c.sr[n]
}

// writeSpecial sets a special register. Writes to read-only ones do nothing.
func (c *CPU) writeSpecial(n, v uint32) {
	switch n {
	case srLBEG:
		c.lbeg = v
	case srLEND:
		c.lend = v
	case srLCOUNT:
		c.lcount = v
	case srSAR:
		c.sar = v & 63
	case srBR:
		c.br = v & 0xFFFF
	case srACCLO:
		c.acc = c.acc&^0xFFFFFFFF | int64(v)
	case srACCHI:
		c.acc = int64(int8(v))<<32 | c.acc&0xFFFFFFFF
	case srM0, srM0 + 1, srM0 + 2, srM0 + 3:
		c.mr[n-srM0] = v
	case srWINDOWBASE:
		c.rotate(v)
	case srWINDOWSTART:
		c.ws = v & 0xFFFF
	default:
		c.writeControl(n, v)
	}
}

func (c *CPU) writeControl(n, v uint32) {
	switch n {
	case srPS:
		c.ps, c.callinc = v&^(3<<16), v>>16&3
	case srCCOUNT:
		c.ccount = v - uint32(c.Cycles())
	case srINTERRUPT:
		c.sr[srINTERRUPT] |= v
	case srINTCLEAR:
		c.sr[srINTERRUPT] &^= v
	case srPRID, srCONFIGID0, srCONFIGID1, srDEBUGCAUSE:
	case srVECBASE:
		c.sr[n] = v &^ 0x3FF
	default:
		c.sr[n] = v
	}
}

// Special returns a special register by its number.
func (c *CPU) Special(n int) uint32 { return c.readSpecial(uint32(n) & 0xFF) }

// SetSpecial sets a special register by its number.
func (c *CPU) SetSpecial(n int, v uint32) { c.writeSpecial(uint32(n)&0xFF, v) }

// SpecialRegister returns the number of a special register by its name.
func SpecialRegister(name string) (n int, ok bool) {
	for i, s := range specialNames {
		if s == name && s != "" {
			return i, true
		}
	}
	return 0, false
}

// specialNames are the special registers of this core.
var specialNames = [256]string{
	0: "lbeg", 1: "lend", 2: "lcount", 3: "sar", 4: "br", 12: "scompare1", 16: "acclo", 17: "acchi",
	32: "m0", 33: "m1", 34: "m2", 35: "m3", 72: "windowbase", 73: "windowstart", 83: "ptevaddr", 89: "mmid",
	96: "ibreakenable", 97: "memctl", 99: "atomctl", 104: "ddr", 128: "ibreaka0", 129: "ibreaka1",
	144: "dbreaka0", 145: "dbreaka1", 160: "dbreakc0", 161: "dbreakc1", 176: "configid0",
	177: "epc1", 178: "epc2", 179: "epc3", 180: "epc4", 181: "epc5", 182: "epc6", 183: "epc7", 192: "depc",
	194: "eps2", 195: "eps3", 196: "eps4", 197: "eps5", 198: "eps6", 199: "eps7", 208: "configid1",
	209: "excsave1", 210: "excsave2", 211: "excsave3", 212: "excsave4", 213: "excsave5", 214: "excsave6", 215: "excsave7",
	224: "cpenable", 226: "interrupt", 227: "intclear", 228: "intenable", 230: "ps", 231: "vecbase",
	232: "exccause", 233: "debugcause", 234: "ccount", 235: "prid", 236: "icount", 237: "icountlevel", 238: "excvaddr",
	240: "ccompare0", 241: "ccompare1", 242: "ccompare2", 244: "misc0", 245: "misc1", 246: "misc2", 247: "misc3",
}

// userNames are the user registers.
var userNames = map[int32]string{231: "threadptr", 232: "fcr", 233: "fsr"}
