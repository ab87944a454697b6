package espefuse_test

import (
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// A virtual file of any content is shown, burnt and checked, or refused.
func FuzzVirtualFile(f *testing.F) {
	for _, state := range []string{"blank", "coding34-visible", "fe-release", "custom-mac"} {
		f.Add(refdata.Read(f, "espefuse", state+".virt"))
	}
	f.Add([]byte(strings.Repeat("\xff", 288)))
	f.Fuzz(func(t *testing.T, content []byte) {
		fs := shop(t)
		require.NoError(t, afero.WriteFile(fs, "f.bin", content, 0o666))
		for _, cmd := range []string{"summary --format json", "-d dump adc-info get-custom-mac", "check-error --recovery",
			"burn-bit BLOCK1 3 burn-efuse RD_DIS 15 summary", "burn-key BLOCK2 k24.bin --force-write-always"} {
			require.Contains(t, []int{0, 2}, try(fs, "", virtual(cmd)...).rc, cmd)
		}
	})
}

// A table of any content is used or refused.
func FuzzTable(f *testing.F) {
	f.Add("A.B, EFUSE_BLK3, 56, 8, text\n, EFUSE_BLK3, 0x40, 3, [ALT] more\n# c\nC, 0, 0, MAX_BLK_LEN")
	f.Add("A,3,0,256,x\nB,1,0,37,")
	f.Fuzz(func(t *testing.T, table string) {
		fs := shop(t)
		require.NoError(t, afero.WriteFile(fs, "t.csv", []byte(table), 0o666))
		for _, cmd := range []string{"--extend-efuse-table t.csv summary", "--extend-efuse-table t.csv summary --format json",
			"--extend-efuse-table t.csv burn-efuse A 1", "--extend-efuse-table t.csv burn-bit BLOCK3 1 2 3 summary"} {
			require.Contains(t, []int{0, 1, 2}, try(fs, "", virtual(cmd)...).rc, cmd)
		}
	})
}

// Any command line ends.
func FuzzCommandLine(f *testing.F) {
	f.Add("burn-efuse FLASH_CRYPT_CNT 0x7f burn_key BLOCK1 k1.bin summary", "coding34-no-key")
	f.Add("-d burn-block-data BLOCK3 k16.bin --offset 16 --force-write-always", "blank")
	f.Add("burn-efuse SECURE_VERSION", "secure-version-2")
	f.Add("burn-custom-mac aa:bb:cc:dd:ee:ff dump --format split", "custom-mac")
	f.Fuzz(func(t *testing.T, line, state string) {
		fs := shop(t)
		if strings.Contains("blank coding34-no-key secure-version-2 custom-mac fe-release", state) && state != "" {
			place(t, fs, strings.Fields("blank coding34-no-key secure-version-2 custom-mac fe-release")[len(state)%5])
		}
		require.Contains(t, []int{0, 1, 2}, try(fs, "BURN\n", virtual(line)...).rc)
	})
}
