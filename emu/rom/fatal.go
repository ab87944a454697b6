package rom

import "strconv"

// UserCodeDone is what the ROM prints when the second stage returns (spec 1.4).
const UserCodeDone = "user code done"

// Causes of CPU exceptions that a boot can bring about.
const (
	CauseIllegal         = 0
	CauseDivideByZero    = 6
	CauseBusAddress      = 15 // hole in the address space
	CauseLoadProhibited  = 28
	CauseStoreProhibited = 29 // region closed by the bootloader
)

// Fatal returns what the ROM's exception handler prints. The program counter
// is not modelled and printed as an asterisk; excvaddr is the address of data
// that was accessed.
func Fatal(cause uint8, excvaddr uint32) []string {
	return []string{
		Sprintf("Fatal exception (%d): %s", cause, CauseName(cause)),
		"epc1=0x*" + Sprintf(", epc2=0x%08x, epc3=0x%08x, excvaddr=0x%08x, depc=0x%08x", 0, 0, excvaddr, 0),
	}
}

// causeNames is the ROM's name table; causes that are missing are "Reserved".
var causeNames = [...]string{
	0: "IllegalInstruction", 1: "Syscall", 2: "InstructionFetchError", 3: "LoadStoreError",
	4: "Level1Interrupt", 5: "Alloca", 6: "IntegerDivideByZero", 7: "PCValueError",
	8: "Privileged", 9: "LoadStoreAlignment", 12: "InstrPIFDataError", 13: "LoadStorePIFDataError",
	14: "InstrPIFAddrError", 15: "LoadStorePIFAddrError", 16: "InstTLBMiss", 17: "InstTLBMultiHit",
	18: "InstFetchPrivilege", 20: "InstFetchProhibited", 24: "LoadStoreTLBMiss",
	25: "LoadStoreTLBMultiHit", 26: "LoadStorePrivilege", 28: "LoadProhibited", 29: "StoreProhibited",
}

// CauseName returns the name that the ROM prints for an exception's cause.
func CauseName(cause uint8) string {
	switch {
	case cause >= 32 && cause <= 39:
		return "Coprocessor" + strconv.Itoa(int(cause)-32) + "Disabled"
	case int(cause) < len(causeNames) && causeNames[cause] != "":
		return causeNames[cause]
	}
	return "Reserved"
}
