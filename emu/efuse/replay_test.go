package efuse_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/stretchr/testify/require"
)

// errOutOfScope marks a command of espefuse that this package has nothing for.
var errOutOfScope = errors.New("not an operation on eFuses")

// replayer carries out espefuse's commands on a Set. It is only as much of a
// command line as the recordings need.
type replayer struct {
	t     *testing.T
	set   *efuse.Set
	batch *efuse.Batch
	args  []string
}

// replay runs one recorded command.
func replay(t *testing.T, s *efuse.Set, cmd string) error {
	r := &replayer{t: t, set: s, batch: s.Begin()}
	protect := true
	for _, arg := range strings.Fields(cmd) {
		switch arg {
		case "--no-protect-key":
			protect = false
		case "--force-write-always":
			r.batch.Force = true
		case "--show-sensitive-info":
		default:
			r.args = append(r.args, arg)
		}
	}
	if len(r.args) == 0 {
		return errOutOfScope
	}
	name := r.args[0]
	r.args = r.args[1:]
	if next := slices.Index(r.args, name); next >= 0 { // two commands in one line
		first, second := slices.Concat([]string{name}, r.args[:next]), r.args[next:]
		return errors.Join(replay(t, s, strings.Join(first, " ")), replay(t, s, strings.Join(second, " ")))
	}
	if err := r.run(name, protect); err != nil {
		return err
	}
	return r.batch.Commit()
}

func (r *replayer) run(name string, protect bool) error {
	switch name {
	case "burn-efuse":
		return r.burnFields()
	case "burn-key":
		return r.pairs(func(block, file string) error { return r.batch.Key(block, r.file(file), protect) })
	case "burn-key-digest":
		digest := strings.TrimSuffix(strings.TrimSuffix(r.args[0], ".pem"), ".pub")
		return r.batch.Key("secure_boot_v2", r.file(map[string]string{
			"test-key-rsa-a": "test-key-rsa-a.sbv2digest.bin", "test-key-ec-a": "test-key-ec-a.digest.bin",
		}[digest]), protect)
	case "burn-block-data":
		return r.burnBlocks()
	case "burn-bit":
		return r.burnBits()
	case "burn-custom-mac":
		return r.burnMAC()
	case "read-protect-efuse":
		return r.fields(r.batch.ReadProtect)
	case "write-protect-efuse":
		return r.fields(r.batch.WriteProtect)
	case "set-flash-voltage":
		return r.voltage()
	}
	return errOutOfScope
}

func (r *replayer) file(name string) []byte {
	if name == "nosuch.bin" || name == "k0.bin" {
		return nil
	}
	return stateFile(r.t, name)
}

func (r *replayer) pairs(do func(a, b string) error) error {
	for i := 0; i+1 < len(r.args); i += 2 {
		if err := do(r.args[i], r.args[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (r *replayer) fields(do func(efuse.Field) error) error {
	for _, name := range r.args {
		f, err := efuse.Lookup(name)
		if err != nil {
			return err
		}
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

func (r *replayer) burnFields() error {
	if len(r.args) == 1 && lookup(r.t, r.args[0]).Kind != efuse.Bool {
		return errors.New("value required")
	} else if len(r.args) == 1 {
		r.args = append(r.args, "1")
	}
	return r.pairs(func(name, value string) error {
		f, err := efuse.Lookup(name)
		if err != nil {
			return err
		}
		v, err := strconv.ParseUint(value, 0, 64)
		if err != nil {
			return err
		}
		return r.batch.Field(f, v)
	})
}

func (r *replayer) burnBlocks() error {
	offset := 0
	if r.args[0] == "--offset" {
		offset, _ = strconv.Atoi(r.args[1])
		r.args = r.args[2:]
	}
	return r.pairs(func(name, file string) error {
		data := append(make([]byte, offset), r.file(file)...)
		if offset > 0 && len(data) < efuse.BlockSize {
			data = append(data, make([]byte, efuse.BlockSize-len(data))...)
		}
		return r.batch.Data(int(name[len(name)-1]-'0'), data)
	})
}

func (r *replayer) burnBits() error {
	block := int(r.args[0][5] - '0')
	data := make([]byte, r.set.CodingScheme().DataSize())
	if block == 0 {
		data = make([]byte, efuse.Block0Size)
	}
	for _, arg := range r.args[1:] {
		bit, err := strconv.Atoi(arg)
		if err != nil || bit >= 8*len(data) {
			return fmt.Errorf("bit %s", arg)
		}
		data[bit/8] |= 1 << (bit % 8)
	}
	return r.batch.Data(block, data)
}

func (r *replayer) burnMAC() error {
	b, err := hex.DecodeString(strings.ReplaceAll(r.args[0], ":", ""))
	if err != nil || len(b) != 6 {
		return errors.New("no address")
	}
	return r.batch.CustomMAC(efuse.MAC(b))
}

func (r *replayer) voltage() error {
	names := map[string][]string{
		"1.8V": {"XPD_SDIO_FORCE", "XPD_SDIO_REG"}, "3.3V": {"XPD_SDIO_FORCE", "XPD_SDIO_REG", "XPD_SDIO_TIEH"},
		"OFF": {"XPD_SDIO_FORCE"},
	}[r.args[0]]
	if names == nil {
		return errors.New("no such voltage")
	}
	r.args = names
	return r.fields(func(f efuse.Field) error { return r.batch.Field(f, 1) })
}

// readRegisters returns the 31 words that software can read, in hexadecimal, as
// the recordings have them: whatever the coding scheme, 124 bytes.
func readRegisters(s *efuse.Set) string {
	regs := s.Virtual()
	slices.Reverse(regs)
	return hex.EncodeToString(slices.Concat(regs[:0x1C], regs[0x38:0x98]))
}

// Every step by which the recorded states were made leaves the same dump here.
func TestReplaySteps(t *testing.T) {
	replayed := 0
	for _, st := range record(t).States {
		s := efuse.New()
		for _, step := range st.Steps {
			require.Zero(t, step.RC)
			require.NoError(t, replay(t, s, step.Cmd), "%s: %s", st.State, step.Cmd)
			require.Equal(t, step.DumpAfter, readRegisters(s), "%s: %s", st.State, step.Cmd)
			replayed++
		}
		require.Equal(t, stateFile(t, st.State+".virt"), s.Virtual(), st.State)
	}
	t.Logf("%d steps replayed, none out of scope", replayed)
	require.Equal(t, 76, replayed)
}
