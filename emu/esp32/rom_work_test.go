package esp32

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// Few instructions call for functions that take long: they count by what they do,
// so that a program that calls them for ever comes to an end.
func TestLongFunctionsCountAsWork(t *testing.T) {
	m := board(t, program(""), Options{})
	m.secure.iv, m.secure.data = make([]byte, secureboot.V1IVSize), make([]byte, 1<<20)
	for name, c := range map[string]struct {
		args  []uint32
		least uint64
	}{
		"ets_secure_boot_obtain":           {nil, 1 << 20},
		"ets_mgf1_sha256":                  {[]uint32{dataAt, 4096, 4096, dataAt + 0x2000}, 4096 * 4096 / 32},
		"ets_secure_boot_verify_signature": {[]uint32{dataAt, dataAt, dataAt, dataAt}, signatureWork},
		"ets_rsa_pss_verify":               {[]uint32{dataAt, dataAt, dataAt, dataAt}, signatureWork},
	} {
		before := m.work
		m.try(t, name, c.args...)
		require.Nil(t, m.result, name)
		require.GreaterOrEqual(t, m.work-before, c.least, name)
	}
	m.work = maxWork + 1
	m.Call(m.CPU, named(t, "ets_rsa_pss_verify").Addr, codeAt, 10)
	require.Equal(t, OutOfSteps, m.result.How)
}

// A mask of the size of a flash chip is refused before it is made.
func TestMasksAreBounded(t *testing.T) {
	for _, args := range [][]uint32{{dataAt, 32, 4097, dataAt}, {dataAt, 4097, 32, dataAt}, {0, 16 << 20, 16 << 20, 0}} {
		m := board(t, program(""), Options{})
		for i, v := range args {
			m.CPU.SetA(10+i, v)
		}
		m.Call(m.CPU, named(t, "ets_mgf1_sha256").Addr, codeAt, 10)
		require.Equal(t, Unmodelled, m.result.How)
		require.Zero(t, m.work)
	}
}

// The counters' reset values are those of ESP-IDF v5.2.2, soc/timer_group_reg.h:
// up, undivided, off; the third has its own calibration on.
func TestTimersAfterReset(t *testing.T) {
	m := board(t, program(""), Options{})
	for group := range uint32(2) {
		for off, want := range map[uint32]uint32{0x00: 0x60002000, 0x24: 0x60002000, 0x70: 0x60002300} {
			require.Equal(t, want, m.loadRegister(timerGroup+group*0x1000+off), "0x%x", off)
		}
	}
}
