package xtensa

// Cause is the number of an exception (EXCCAUSE).
type Cause uint8

// Causes that the core or its host raises.
const (
	CauseIllegal      Cause = 0
	CauseSyscall      Cause = 1
	CauseFetch        Cause = 2 // instruction fetch from nowhere
	CauseLoadStore    Cause = 3
	CauseAlloca       Cause = 5
	CauseDivide       Cause = 6 // division by zero
	CausePrivilege    Cause = 8
	CauseFetchAddress Cause = 14 // hole in the address space, fetching
	CauseBusAddress   Cause = 15 // hole in the address space, load or store
	CauseFetchIllegal Cause = 20 // region closed for fetches
	CauseLoadIllegal  Cause = 28 // region closed for loads
	CauseStoreIllegal Cause = 29 // region closed for stores
	CauseCoprocessor0 Cause = 32 // floating point while CPENABLE bit 0 is clear
	NoCause           Cause = 0xFF
)

// Host is the machine around the core. It is asked for whatever is not plain
// memory that the core has mapped.
type Host interface {
	// Load reads size bytes (1, 2 or 4, at any alignment) and returns NoCause,
	// or why it cannot.
	Load(addr, size uint32) (uint32, Cause)
	// Store writes the low size bytes of v.
	Store(addr, size, v uint32) Cause
	// Fetch reads the aligned word at addr as code. What is not lasting may
	// change unseen, and is fetched again every time.
	Fetch(addr uint32) (word uint32, lasting bool, cause Cause)
	// Call serves code in the host's range, inside a CALLn or CALLXn to target
	// from the instruction at pc: arguments are in a[first] and following and
	// on the stack, results go to a[first]. first is 4n+2.
	Call(c *CPU, target, pc uint32, first int)
	// External reads or writes a register of the debug module (RER, WER).
	External(reg uint32) uint32
}

// StopKind tells why a run ended.
type StopKind uint8

// The reasons.
const (
	StopLimit  StopKind = iota // as many instructions as asked for
	StopHost                   // the host asked for it
	StopNative                 // execution came into the host's range by something else than a call
	StopJump                   // an indirect jump or call that the host wants to look at
	StopSpin                   // a jump to itself: nothing can happen any more
	StopWait                   // WAITI: nothing can happen without interrupts
	StopBreak                  // BREAK or BREAK.N
	StopAbsent                 // something the core has but that is not modelled; Text names it
)

// Stop is the end of a run. PC is where execution goes on, but for StopNative
// and StopJump, where it is the address that was to be entered.
type Stop struct {
	Kind StopKind
	PC   uint32 // see above
	From uint32 // address of the instruction that ended the run
	Text string
}
