package efuse_test

import (
	"errors"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
)

// The examples of spec 4.2, and what ESP-IDF v3.1 makes of the eighth bit.
func TestFlashCryptCount(t *testing.T) {
	for _, c := range []struct {
		word        uint32
		on, on8     bool
		left        int
		description string
	}{
		{0x000 << 20, false, false, 3, "blank"},
		{0x001 << 20, true, true, 3, "first encryption"},
		{0x002 << 20, true, true, 3, "counted by ones, not by value"},
		{0x003 << 20, false, false, 2, "switched off again"},
		{0x007 << 20, true, true, 2, "second encryption"},
		{0x01F << 20, true, true, 1, "third"},
		{0x07F << 20, true, true, 0, "for good"},
		{0x0FF << 20, true, false, 0, "v3.1 burnt UART_DOWNLOAD_DIS too and takes it for off"},
		{0x001<<20 | 1<<2, true, true, 0, "count write-protected"},
	} {
		s := efuse.New()
		require.NoError(t, s.Burn(0, []uint32{c.word}))
		require.Equal(t, c.on, s.FlashEncryption(), c.description)
		require.Equal(t, c.on8, s.FlashEncryption8(), c.description)
		require.Equal(t, c.left, s.PlaintextFlashesLeft(), c.description)
	}
}

// Spec 2.3: 0, 1, 3 and 7 are v0 to v3; every other combination is v0.
func TestRevision(t *testing.T) {
	for bits := range 8 {
		s := efuse.New()
		require.NoError(t, s.Burn(0, []uint32{3: uint32(bits&1) << 15, 5: uint32(bits>>1&1)<<20 | 2<<24}))
		major, known := map[int]uint8{0: 0, 1: 1, 3: 2, 7: 3}[bits]
		require.Equal(t, efuse.Revision{Major: major, Minor: 2}, s.Revision(bits>>2 == 1), "bits %03b", bits)
		require.Equal(t, known, s.RevisionConsistent(bits>>2 == 1), "bits %03b", bits)
	}
	require.Equal(t, uint16(301), efuse.Revision{Major: 3, Minor: 1}.Full())
	require.Equal(t, "v3.1", efuse.Revision{Major: 3, Minor: 1}.String())
}

// A burn under write protection leaves the protected bits alone, the others
// not, and says nothing, as on silicon.
func TestBurnHonoursWriteProtection(t *testing.T) {
	s := efuse.New()
	require.NoError(t, s.Burn(0, []uint32{1<<efuse.WrDisCryptCnt | 1<<efuse.WrDisBlock1}))
	require.NoError(t, s.Burn(0, []uint32{0xFF << 20, 0, 0, 1 << 15}))
	require.False(t, s.FlashEncryption())
	require.False(t, s.UARTDownloadDisable())
	require.Equal(t, uint8(1), s.Revision(false).Major)
	require.NoError(t, s.Burn(1, []uint32{0xFFFFFFFF}))
	require.Equal(t, efuse.KeyUnset, s.KeyState(1))
	require.True(t, s.KeyWriteProtected(1))
	require.False(t, s.KeyWriteProtected(2))

	require.NoError(t, s.Burn(0, []uint32{1 << efuse.WrDisRdDis}))
	require.NoError(t, s.Burn(0, []uint32{1 << 17}))
	require.False(t, s.KeyReadProtected(2), "RD_DIS is locked")
	require.NoError(t, s.Burn(0, []uint32{1 << efuse.WrDisWrDis}))
	require.NoError(t, s.Burn(0, []uint32{1 << efuse.WrDisBlock1 << 1}))
	require.False(t, s.KeyWriteProtected(2), "WR_DIS is locked")
}

func TestBurnRefusesWhatIsNotThere(t *testing.T) {
	s := efuse.New()
	var refused *efuse.BurnError
	require.ErrorAs(t, s.Burn(4, nil), &refused)
	require.ErrorAs(t, s.Burn(-1, nil), &refused)
	require.ErrorAs(t, s.Burn(0, make([]uint32, 8)), &refused)
	require.ErrorAs(t, s.Begin().Data(7, nil), &refused)
	require.Zero(t, s.Word(0, 7)|s.Word(9, 0)|s.Word(-1, 0)|s.ReadWord(1, 8)|s.ReadWord(4, 0))
}

// Software reads zero from a protected key; hardware goes on using it.
func TestReadProtectionHidesFromSoftwareOnly(t *testing.T) {
	file := stateFile(t, "k1.bin")
	key, err := crypt.ParseKey(file)
	require.NoError(t, err)
	s := efuse.New()
	b := s.Begin()
	require.NoError(t, b.Key("flash_encryption", file, true))
	require.NoError(t, b.Commit())
	require.Equal(t, efuse.KeyProtected, s.KeyState(1))
	require.Zero(t, s.ReadWord(1, 0))
	require.NotZero(t, s.Word(1, 0))
	require.True(t, s.HardwareFlashKey().Equal(key))
	require.Equal(t, make([]byte, 32), s.Bytes(lookup(t, "BLOCK1")))

	require.NoError(t, s.Burn(0, []uint32{1 << (16 + efuse.RdDisConfig), 0, 0, 0, 0, 0xF << 28}))
	require.Equal(t, crypt.FullConfig, s.CryptConfig())
	require.Zero(t, s.Get(lookup(t, "FLASH_CRYPT_CONFIG")))
	require.Equal(t, uint64(0xF), s.GetHidden(lookup(t, "FLASH_CRYPT_CONFIG")))
}

// The 24-byte key of a recorded chip with 3/4 coding is, in hardware, what
// crypt makes of the same key file (spec 4.6).
func TestHardwareKeyUnder34(t *testing.T) {
	key, err := crypt.ParseKey(stateFile(t, "k24.bin"))
	require.NoError(t, err)
	s := parse(t, stateFile(t, "coding34-visible.virt")).Set
	got, err := s.FlashKey()
	require.NoError(t, err)
	require.True(t, got.Equal(key))

	// The same chip read back from a dump that hides the key.
	d := parse(t, stateFile(t, "coding34-protected.dump"))
	require.True(t, d.Hidden[1])
	require.False(t, d.Set.HardwareFlashKey().Equal(key))
	require.NoError(t, d.Set.PlaceFlashKey(key))
	require.True(t, d.Set.HardwareFlashKey().Equal(key))
	require.Equal(t, stateFile(t, "coding34-protected.dump"), d.Set.Dump(), "still hidden")

	other, err := crypt.ParseKey(stateFile(t, "k1.bin"))
	require.NoError(t, err)
	var expansion *efuse.KeyExpansionError
	require.ErrorAs(t, d.Set.PlaceFlashKey(other), &expansion)
}

// A key burnt before the coding scheme gives the hardware other bytes, and the
// check bytes tell.
func TestKeyBurntBeforeCodingScheme(t *testing.T) {
	s := parse(t, stateFile(t, "fe-dev-visible.virt")).Set
	_, err := s.FlashKey()
	require.NoError(t, err)
	require.NoError(t, s.BurnField(lookup(t, "CODING_SCHEME"), 1))
	_, err = s.FlashKey()
	require.Equal(t, &efuse.CodingError{Block: 1, Scheme: efuse.Coding34, Groups: []int{0, 1, 2, 3}}, err)
	want := stateFile(t, "k1.bin")
	raw := s.Cells(1)
	require.Equal(t, want[31], raw[0])
	require.Equal(t, raw[8:14], s.Bytes(lookup(t, "BLOCK1"))[6:12], "the seventh and eighth byte of a group are no data")
	require.True(t, parse(t, s.Virtual()).Set.Equal(s))
}

func TestMAC(t *testing.T) {
	s, err := efuse.FromFields(map[string]any{"MAC": "24:0a:c4:01:02:03"})
	require.NoError(t, err)
	m, ok := s.MAC()
	require.True(t, ok)
	require.Equal(t, "24:0a:c4:01:02:03", m.String())
	require.Equal(t, uint8(0x38), m.CRC(), "as espefuse 3.3.3 calculates in dense.v3.txt")
	require.NoError(t, s.Burn(0, []uint32{2: 1 << 16}))
	_, ok = s.MAC()
	require.False(t, ok)
	custom, ok, used := parse(t, stateFile(t, "custom-mac.virt")).Set.CustomMAC()
	require.True(t, ok && used)
	require.Equal(t, "aa:cd:ef:01:02:03", custom.String())
}

func TestSwitches(t *testing.T) {
	s, err := efuse.FromFields(map[string]any{
		"ABS_DONE_0": 1, "DISABLE_JTAG": true, "DISABLE_DL_CACHE": 1, "CHIP_PACKAGE": 5, "CHIP_PACKAGE_4BIT": 1,
		"CHIP_CPU_FREQ_RATED": 1, "CHIP_CPU_FREQ_LOW": 1, "DIS_CACHE": 1, "SECURE_VERSION": 0b10110,
		"XPD_SDIO_FORCE": 1, "XPD_SDIO_REG": 1,
	})
	require.NoError(t, err)
	require.True(t, s.AbsDone0() && s.JTAGDisable() && s.DLCacheDisable() && s.CPULimit160() && s.CacheDisable())
	require.False(t, s.AbsDone1() || s.DLEncryptDisable() || s.DLDecryptDisable() || s.AppCPUDisable() || s.ConsoleDebugDisable())
	require.Equal(t, uint8(13), s.Package())
	require.Equal(t, uint32(3), s.SecureVersion(), "counted by ones")
	require.Equal(t, efuse.Supply18V, s.FlashSupply())
	require.NoError(t, s.Burn(0, []uint32{1 << 18}))
	require.Zero(t, s.SecureVersion(), "software cannot read BLOCK3 any more")
}

// Two bits together rate a chip at 160 MHz: one says that it is rated, the other
// that the rate is the low one.
func TestCPULimit160(t *testing.T) {
	for _, c := range []struct {
		rated, low int
		want       bool
	}{{0, 0, false}, {1, 0, false}, {0, 1, false}, {1, 1, true}} {
		s, err := efuse.FromFields(map[string]any{"CHIP_CPU_FREQ_RATED": c.rated, "CHIP_CPU_FREQ_LOW": c.low})
		require.NoError(t, err)
		require.Equal(t, c.want, s.CPULimit160(), "%+v", c)
	}
}

// XPD_SDIO_FORCE takes the supply from the strap, XPD_SDIO_REG switches it on,
// and only then does XPD_SDIO_TIEH choose the voltage.
func TestFlashSupply(t *testing.T) {
	for _, c := range []struct {
		force, on, high int
		want            efuse.Supply
	}{
		{0, 1, 1, efuse.SupplyStrap}, {1, 0, 0, efuse.SupplyOff}, {1, 0, 1, efuse.SupplyOff},
		{1, 1, 0, efuse.Supply18V}, {1, 1, 1, efuse.Supply33V},
	} {
		s, err := efuse.FromFields(map[string]any{"XPD_SDIO_FORCE": c.force, "XPD_SDIO_REG": c.on, "XPD_SDIO_TIEH": c.high})
		require.NoError(t, err)
		require.Equal(t, c.want, s.FlashSupply(), "%+v", c)
	}
}

// faulty lets half of a burn through and stops the machine.
type faulty struct{ stop error }

func (f faulty) Intercept(op flashmodel.Op, before, after []byte) error {
	if op.Addr != 1 {
		return nil
	}
	copy(after[16:], before[16:])
	after[0] = 0 // tries to clear what was burnt
	return f.stop
}

// A burn is one operation of the journal; a fault in BLOCK1 leaves it half burnt
// and BLOCK0, which would have come after it, untouched.
func TestFaultDuringBurn(t *testing.T) {
	stop := errors.New("power cut")
	j := &flashmodel.Journal{Interceptor: faulty{stop}}
	s := efuse.New()
	require.NoError(t, s.Burn(1, []uint32{0x08})) // a bit that the key has too
	s.Attach(j)
	b := s.Begin()
	require.NoError(t, b.Key("flash_encryption", stateFile(t, "k1.bin"), true))
	require.ErrorIs(t, b.Commit(), stop)
	require.Len(t, j.Ops(), 1)
	require.Equal(t, flashmodel.OpBurn, j.Ops()[0].Kind)
	require.Equal(t, uint32(1), j.Ops()[0].Addr)
	require.Equal(t, uint32(32), j.Ops()[0].Size)
	require.NotZero(t, s.Word(1, 3))
	require.Zero(t, s.Word(1, 4)|s.Word(0, 0))
	require.NotZero(t, s.Word(1, 0)&0x08, "a burnt bit stays burnt")
	require.NoError(t, s.Clone().Burn(1, []uint32{1}))
	require.Len(t, j.Ops(), 1, "a clone has no journal")
}
