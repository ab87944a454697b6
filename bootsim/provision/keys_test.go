package provision_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/fixtures/example"
)

const otherName = "AVIOR_encryption_key.bin"

// A file of the other name that is there counts: with the same content there is
// nothing to say, with another it is a wrong key, and both files are named.
func TestKeyOfAnotherName(t *testing.T) {
	key := example.Key().Bytes()
	generate := "espsecure.py generate_flash_encryption_key $KEY\n"
	text := text(t, example.PlanCorrected, generate, "", burnKey, strings.ReplaceAll(burnKey, "$KEY", otherName))
	for _, c := range []struct {
		name  string
		other []byte
		want  []string
	}{
		{"absent", nil, []string{"warning plan-key-name"}},
		{"the same", key[:], []string{}},
		{"another", bytes.Repeat([]byte{7}, 32), []string{"error wrong-key"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLine(t)
			l.write(t, "My_encryption_key.bin", key[:])
			if c.other != nil {
				l.write(t, otherName, c.other)
			}
			r, _ := l.check(t, l.load(t, "plan.sh", text))
			require.Equal(t, c.want, found(r))
			for _, f := range r.Findings {
				require.Contains(t, f.Message, "My_encryption_key.bin")
				require.Contains(t, f.Message, otherName)
			}
		})
	}
}

// scheme34 burns a key under the 3/4 coding scheme and encrypts with one.
const scheme34 = `set -e
espsecure.py encrypt_flash_data --keyfile ENCRYPT --address 0x1000 -o b.enc bootloader.bin
espsecure.py encrypt_flash_data --keyfile ENCRYPT --address 0x8000 -o t.enc my_partition_table.bin
espsecure.py encrypt_flash_data --keyfile ENCRYPT --address 0x10000 -o f.enc Avior_ESP32_WiFi_OTAfactory.bin
head -c 8192 /dev/zero | tr '\0' '\377' > o.bin
espsecure.py encrypt_flash_data --keyfile ENCRYPT --address 0xd000 -o o.enc o.bin
espefuse.py --do-not-confirm BURN
espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CONFIG 0xf
esptool.py write_flash 0x1000 b.enc 0x8000 t.enc 0x10000 f.enc 0xd000 o.enc
espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CNT 1
`

// Under 3/4 coding a key has 24 bytes, is burnt as espefuse burns it, and
// encrypts as it is.
func TestCodingScheme(t *testing.T) {
	for _, c := range []struct {
		name, encrypt, burn string
		want                []string
	}{
		{"24 bytes", "k24.bin", "burn_key flash_encryption k24.bin", []string{"note plan-resume"}},
		{"32 bytes burnt", "k32.bin", "burn_key flash_encryption k32.bin", []string{"error plan-step-fails"}},
		{"encrypted with 32 bytes", "k32.bin", "burn_key flash_encryption k24.bin", []string{"error key-length"}},
		{"not reversed", "k24.bin", "burn_key BLOCK1 k24.bin", []string{"error key-reversed", "warning key-readable"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLine(t)
			key := example.Key().Bytes()
			l.write(t, "k32.bin", key[:])
			l.write(t, "k24.bin", key[:24])
			plan := l.load(t, "plan.sh", strings.NewReplacer("ENCRYPT", c.encrypt, "BURN", c.burn).Replace(scheme34))
			l.write(t, "scheme.yaml", []byte("version: 1\ndevice: {coding_scheme: 3/4, chip_revision: v1.0}\nsteps: [power-cycle]\n"))
			plan.Device = l.load(t, "scheme.yaml", "version: 1\ndevice: {coding_scheme: 3/4, chip_revision: v1.0}\nsteps: [power-cycle]\n").Device
			r, _ := l.check(t, plan)
			require.Equal(t, c.want, found(r), "%v", r.Findings)
		})
	}
}

// A digest of Secure Boot V2 that is burnt as a key of V1 is hidden, and the
// device lost.
func TestDigestMustStayReadable(t *testing.T) {
	key := example.Key().Bytes()
	burn := func(block string) *bootsim.Report {
		l := newLine(t)
		l.write(t, "digest.bin", key[:])
		r, _ := l.check(t, l.load(t, "plan.sh", fmt.Sprintf("set -e\nespefuse.py burn_key %s digest.bin\nespefuse.py burn_efuse ABS_DONE_1\n", block)))
		return r
	}
	require.Contains(t, found(burn("secure_boot_v1")), "error digest-hidden")
	require.NotContains(t, found(burn("secure_boot_v2")), "error digest-hidden")
}

// Secure boot leaves its own things open.
func TestSecureBootHygiene(t *testing.T) {
	key := example.Key().Bytes()
	run := func(steps string) []string {
		l := newLine(t)
		l.write(t, "k.bin", key[:])
		p := l.load(t, "plan.sh", "set -e\n"+steps)
		p.Mode = provision.Release
		r, _ := l.check(t, p)
		return found(r)
	}
	v2 := "espefuse.py burn_efuse ABS_DONE_1\n"
	require.Subset(t, run("espefuse.py burn_key --no-protect-key secure_boot_v2 k.bin\n"+v2), []string{"error digest-open", "error rd-dis-open", "error jtag-open"})
	done := run("espefuse.py burn_key secure_boot_v2 k.bin\nespefuse.py write_protect_efuse RD_DIS\nespefuse.py burn_efuse JTAG_DISABLE\n" + v2)
	for _, rule := range []string{"error digest-open", "error rd-dis-open", "error jtag-open"} {
		require.NotContains(t, done, rule)
	}
	v1 := "espefuse.py burn_efuse ABS_DONE_0\n"
	require.Contains(t, run("espefuse.py burn_key --no-protect-key secure_boot_v1 k.bin\n"+v1), "error secure-boot-key-readable")
	require.Contains(t, run("espefuse.py burn_key --no-protect-key secure_boot_v1 k.bin\n"+v1), "error secure-boot-key-open")
	require.NotContains(t, run("espefuse.py burn_key secure_boot_v1 k.bin\n"+v1), "error secure-boot-key-readable")
	require.NotContains(t, run("espefuse.py burn_key secure_boot_v1 k.bin\n"+v1), "error secure-boot-key-open")
}

// Keys are in no report and in no course, and input files stay as they are.
func TestKeysStayHidden(t *testing.T) {
	key := example.Key().Bytes()
	for _, plan := range []string{example.PlanAsPosted, example.PlanCorrected, example.PlanRelease} {
		l := newLine(t)
		body := strings.NewReplacer("espsecure.py generate_flash_encryption_key", "espefuse.py --debug summary; echo").Replace(text(t, plan))
		l.write(t, "My_encryption_key.bin", key[:])
		l.write(t, "key.bin", key[:])
		p := l.load(t, plan, body)
		before := contents(t, l.fs)
		var all bytes.Buffer
		_, err := provision.Run(&all, l.fs, p, provision.Options{Engine: model.Engine{}})
		require.NoError(t, err)
		r, _ := l.check(t, p)
		for _, format := range report.Formats() {
			w, err := report.For(format, report.Options{Console: true})
			require.NoError(t, err)
			require.NoError(t, w.Write(&all, r))
		}
		for _, form := range secretForms(key[:8]) {
			require.NotContains(t, all.String(), form)
		}
		require.Equal(t, before, contents(t, l.fs))
	}
}

func secretForms(b []byte) []string {
	back := bytes.Clone(b)
	for i := range back {
		back[i] = b[len(b)-1-i]
	}
	return []string{hex.EncodeToString(b), hex.EncodeToString(back), fmt.Sprintf("% x", b), fmt.Sprintf("% x", back), string(b)}
}

func contents(t *testing.T, fs afero.Fs) map[string]string {
	t.Helper()
	out := map[string]string{}
	names, err := afero.ReadDir(fs, ".")
	require.NoError(t, err)
	for _, n := range names {
		b, err := afero.ReadFile(fs, n.Name())
		require.NoError(t, err)
		out[n.Name()] = string(b)
	}
	require.NotEmpty(t, out)
	return out
}
