package xtensa

// The operations, in the groups of the architecture's options. The zero value is
// no operation.
const (
	_ Op = iota

	// core
	opIll
	opRet
	opJx
	opCallx0

	// sync
	opIsync
	opRsync
	opEsync
	opDsync
	opExcw
	opMemw
	opExtw
	opNop

	// exception
	opRfe
	opRfde
	opSyscall
	opSimcall
	opRfi
	opBreak
	opRsil
	opWaiti

	// arithmetic
	opAnd
	opOr
	opXor
	opAdd
	opAddx2
	opAddx4
	opAddx8
	opSub
	opSubx2
	opSubx4
	opSubx8
	opNeg
	opAbs
	opNsa
	opNsau
	opAddi
	opAddmi
	opMovi
	opSext
	opClamps
	opMin
	opMax
	opMinu
	opMaxu
	opMoveqz
	opMovnez
	opMovltz
	opMovgez

	// multiply
	opMul16u
	opMul16s
	opMull
	opMuluh
	opMulsh
	opQuou
	opQuos
	opRemu
	opRems

	// shift
	opSsr
	opSsl
	opSsa8l
	opSsa8b
	opSsai
	opSlli
	opSrai
	opSrli
	opSrc
	opSrl
	opSll
	opSra
	opExtui

	// memory
	opL32r
	opL8ui
	opL16ui
	opL32i
	opS8i
	opS16i
	opS32i
	opL16si
	opL32ai
	opS32c1i
	opS32ri

	// cache
	opDpfr
	opDpfw
	opDpfro
	opDpfwo
	opDhwb
	opDhwbi
	opDhi
	opDii
	opIpf
	opIhi
	opIii
	opDpfl
	opDhu
	opDiu
	opDiwb
	opDiwbi
	opIpfl
	opIhu
	opIiu

	// branch
	opCall0
	opJ
	opBeqz
	opBnez
	opBltz
	opBgez
	opBeqi
	opBnei
	opBlti
	opBgei
	opBltui
	opBgeui
	opBnone
	opBeq
	opBlt
	opBltu
	opBall
	opBbc
	opBany
	opBne
	opBge
	opBgeu
	opBnall
	opBbs
	opBbci
	opBbsi

	// loop
	opLoop
	opLoopnez
	opLoopgtz

	// window
	opRetw
	opCallx4
	opCallx8
	opCallx12
	opCall4
	opCall8
	opCall12
	opEntry
	opMovsp
	opRotw
	opRfwo
	opRfwu
	opL32e
	opS32e

	// special
	opRsr
	opWsr
	opXsr
	opRur
	opWur
	opRer
	opWer

	// protection
	opRitlb0
	opPitlb
	opWitlb
	opRitlb1
	opRdtlb0
	opPdtlb
	opWdtlb
	opRdtlb1
	opIitlb
	opIdtlb

	// boolean
	opAndb
	opAndbc
	opOrb
	opOrbc
	opXorb
	opAny4
	opAll4
	opAny8
	opAll8
	opBf
	opBt
	opMovf
	opMovt

	// density
	opL32iN
	opS32iN
	opAddN
	opAddiN
	opMoviN
	opBeqzN
	opBnezN
	opMovN
	opRetN
	opRetwN
	opBreakN
	opNopN
	opIllN

	// mac16
	opUmulAaLl
	opUmulAaHl
	opUmulAaLh
	opUmulAaHh
	opMulAaLl
	opMulAaHl
	opMulAaLh
	opMulAaHh
	opMulaAaLl
	opMulaAaHl
	opMulaAaLh
	opMulaAaHh
	opMulsAaLl
	opMulsAaHl
	opMulsAaLh
	opMulsAaHh
	opMulAdLl
	opMulAdHl
	opMulAdLh
	opMulAdHh
	opMulaAdLl
	opMulaAdHl
	opMulaAdLh
	opMulaAdHh
	opMulsAdLl
	opMulsAdHl
	opMulsAdLh
	opMulsAdHh
	opMulDaLl
	opMulDaHl
	opMulDaLh
	opMulDaHh
	opMulaDaLl
	opMulaDaHl
	opMulaDaLh
	opMulaDaHh
	opMulsDaLl
	opMulsDaHl
	opMulsDaLh
	opMulsDaHh
	opMulDdLl
	opMulDdHl
	opMulDdLh
	opMulDdHh
	opMulaDdLl
	opMulaDdHl
	opMulaDdLh
	opMulaDdHh
	opMulsDdLl
	opMulsDdHl
	opMulsDdLh
	opMulsDdHh
	opMulaDaLlLdinc
	opMulaDaHlLdinc
	opMulaDaLhLdinc
	opMulaDaHhLdinc
	opMulaDaLlLddec
	opMulaDaHlLddec
	opMulaDaLhLddec
	opMulaDaHhLddec
	opMulaDdLlLdinc
	opMulaDdHlLdinc
	opMulaDdLhLdinc
	opMulaDdHhLdinc
	opMulaDdLlLddec
	opMulaDdHlLddec
	opMulaDdLhLddec
	opMulaDdHhLddec
	opLdinc
	opLddec

	// float
	opLsi
	opSsi
	opLsiu
	opSsiu
	opLsx
	opLsxu
	opSsx
	opSsxu
	opAddS
	opSubS
	opMulS
	opMaddS
	opMsubS
	opMaddnS
	opDivnS
	opRoundS
	opTruncS
	opFloorS
	opCeilS
	opUtruncS
	opFloatS
	opUfloatS
	opMovS
	opAbsS
	opNegS
	opDiv0S
	opRecip0S
	opSqrt0S
	opRsqrt0S
	opNexp01S
	opMksadjS
	opMkdadjS
	opAddexpS
	opAddexpmS
	opConstS
	opRfr
	opWfr
	opUnS
	opOeqS
	opUeqS
	opOltS
	opUltS
	opOleS
	opUleS
	opMoveqzS
	opMovnezS
	opMovltzS
	opMovgezS
	opMovfS
	opMovtS

	// Illegal is any word that is no instruction.
	opIllegal

	opCount
)
