package provision_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/example"
)

// planted is one of the example's plans with a mistake in it.
type planted struct {
	name    string
	plan    string
	changes []string
	want    []string // findings, in their order
	says    string   // in the message of the first
}

const (
	burnKey    = "espefuse.py --port $PORT --do-not-confirm burn_key flash_encryption $KEY\n"
	burnConfig = "espefuse.py --port $PORT --do-not-confirm burn_efuse FLASH_CRYPT_CONFIG 0xf\n"
	burnCount  = "espefuse.py --port $PORT --do-not-confirm burn_efuse FLASH_CRYPT_CNT 0x1\n"
	closeAll   = "DISABLE_DL_ENCRYPT 1 DISABLE_DL_DECRYPT 1 DISABLE_DL_CACHE 1 JTAG_DISABLE 1"
	keepOn     = "  - name: keep it on\n    run: espefuse.py --port COM17 --do-not-confirm write_protect_efuse FLASH_CRYPT_CNT\n"
)

func plantedPlans() []planted {
	return []planted{
		{"as posted", example.PlanAsPosted, nil,
			[]string{"error wrong-crypt-config", "warning plan-key-name", "warning otadata-not-encrypted"}, "no step burns FLASH_CRYPT_CONFIG"},
		{"corrected", example.PlanCorrected, nil, []string{}, ""},
		{"for release", example.PlanRelease, nil, []string{"note plan-order-matters"}, ""},
		{"configuration not burnt", example.PlanCorrected, []string{burnConfig, ""},
			[]string{"error wrong-crypt-config"}, "no step burns FLASH_CRYPT_CONFIG"},
		{"configuration burnt incompletely", example.PlanCorrected, []string{"CONFIG 0xf", "CONFIG 0x7"},
			[]string{"error wrong-crypt-config"}, "FLASH_CRYPT_CONFIG 0xF, and the device has 0x7"},
		{"configuration burnt late", example.PlanCorrected, []string{burnConfig, "", burnCount, burnCount + burnConfig},
			[]string{"warning plan-config-late"}, "step 10 (line"},
		{"otadata left erased", example.PlanCorrected, []string{"    0xd000 otadata-encrypted.bin \\\n", ""},
			[]string{"warning otadata-not-encrypted"}, "otadata at 0x0000d000 is erased"},
		{"bootloader for another address", example.PlanCorrected, []string{"--address 0x1000 ", "--address 0x0 "},
			[]string{"error wrong-address"}, "encrypted for 0x00000000"},
		{"app for another address", example.PlanCorrected, []string{"--address 0x10000 ", "--address 0x60000 "},
			[]string{"error wrong-address"}, "encrypted for 0x00060000"},
		{"spare app for another address", example.PlanCorrected, []string{"--address 0x60000 ", "--address 0x10000 "},
			[]string{"error wrong-address"}, "app in ota_0 at 0x00060000 was encrypted for 0x00010000"},
		{"spare app in plaintext", example.PlanRelease, []string{"0x60000 app-encrypted.bin", "0x60000 Avior_ESP32_WiFi_v2.bin"},
			[]string{"error not-encrypted"}, "app in ota_0 at 0x00060000"},
		{"spare app with another key", example.PlanCorrected, []string{"$KEY --address 0x60000", "other.bin --address 0x60000",
			"generate_flash_encryption_key $KEY", "generate_flash_encryption_key $KEY\nespsecure.py generate_flash_encryption_key other.bin"},
			[]string{"error wrong-key"}, "app in ota_0 at 0x00060000"},
		{"encrypted twice", example.PlanCorrected, []string{"write_flash -z", "write_flash --encrypt -z"},
			[]string{"error encrypted-twice"}, "encrypted twice"},
		{"not encrypted", example.PlanCorrected, []string{"0x1000 bootloader-encrypted.bin", "0x1000 bootloader.bin"},
			[]string{"error not-encrypted"}, "plaintext"},
		{"count not burnt", example.PlanCorrected, []string{burnCount, ""},
			[]string{"error encrypted-but-disabled"}, "FLASH_CRYPT_CNT is 0"},
		{"count burnt twice", example.PlanCorrected, []string{burnCount, burnCount + "espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CNT 0x3\n"},
			[]string{"error flash-crypt-cnt-even"}, "even number"},
		{"count burnt twice without a value", example.PlanCorrected, []string{burnCount, strings.Repeat(strings.ReplaceAll(burnCount, " 0x1", ""), 2)},
			[]string{"error flash-crypt-cnt-even"}, "FLASH_CRYPT_CNT=0x03"},
		{"key not burnt", example.PlanCorrected, []string{burnKey, ""},
			[]string{"error key-blank"}, "no key is burnt"},
		{"key in the wrong byte order", example.PlanCorrected, []string{"burn_key flash_encryption", "burn_key BLOCK1"},
			[]string{"error key-reversed", "warning key-readable"}, "step 8 burns My_encryption_key.bin"},
		{"read protection locked before the key is hidden", example.PlanCorrected,
			[]string{burnKey, "espefuse.py --do-not-confirm burn_key --no-protect-key flash_encryption $KEY\nespefuse.py --do-not-confirm write_protect_efuse RD_DIS\n"},
			[]string{"error key-cannot-be-hidden"}, "WR_DIS bit 0"},
		{"read protection locked before the key", example.PlanCorrected,
			[]string{burnKey, "espefuse.py --do-not-confirm write_protect_efuse RD_DIS\n" + burnKey},
			[]string{"error plan-step-fails"}, "is refused"},
		{"a file that is not there", example.PlanCorrected, []string{"bootloader-encrypted.bin bootloader.bin", "bootloader-encrypted.bin nosuch.bin"},
			[]string{"error plan-file-missing"}, "reads nosuch.bin"},
		{"a loop", example.PlanCorrected, []string{burnCount, "for i in 1 2; do espefuse.py burn_efuse FLASH_CRYPT_CNT; done\n"},
			[]string{"error plan-not-modelled", "error encrypted-but-disabled"}, "a loop"},
		{"JTAG left open", example.PlanRelease, []string{" JTAG_DISABLE 1", ""}, []string{"error jtag-open"}, ""},
		{"download mode decrypts", example.PlanRelease, []string{"DISABLE_DL_DECRYPT 1 ", ""},
			[]string{"error download-mode-open"}, "and DISABLE_DL_DECRYPT not burnt"},
		{"download mode open", example.PlanRelease, []string{closeAll, "JTAG_DISABLE 1"},
			[]string{"error download-mode-open"}, "DISABLE_DL_CACHE, DISABLE_DL_DECRYPT, DISABLE_DL_ENCRYPT"},
		{"count left open", example.PlanRelease, []string{keepOn, ""}, []string{"error crypt-cnt-open"}, ""},
		{"console left open", example.PlanRelease, []string{"CONSOLE_DEBUG_DISABLE: 1", "CHIP_VER_REV1: 1"},
			[]string{"warning basic-console-open", "note plan-order-matters"}, ""},
		{"key left readable", example.PlanRelease, []string{"burn_key flash", "burn_key --no-protect-key flash"},
			[]string{"error key-readable", "error key-block-open"}, ""},
		{"download mode disabled under v3.1's bootloader", example.PlanRelease, []string{keepOn, "  - espefuse.py --do-not-confirm burn_efuse UART_DOWNLOAD_DIS\n", "chip_revision: v1.0", "chip_revision: v3.0"},
			[]string{"error cnt-bit-27"}, "encrypted twice, the second time by the bootloader: it takes FLASH_CRYPT_CNT for eight bits, 0x81"},
		{"nothing protected", example.PlanRelease, []string{"burn_efuse FLASH_CRYPT_CNT 0x1", "summary", "--address", "--flash_crypt_conf 0 --address"},
			[]string{"error encrypted-but-disabled", "warning release-unprotected"}, ""},
	}
}

// Each mistake is found by its own cause, and by nothing else.
func TestPlantedMistakes(t *testing.T) {
	for _, c := range plantedPlans() {
		t.Run(c.name, func(t *testing.T) {
			l := newLine(t)
			r, _ := l.check(t, l.load(t, c.plan, text(t, c.plan, c.changes...)))
			require.Equal(t, c.want, found(r), "%+v", r.Findings)
			if c.says != "" {
				require.Contains(t, r.Findings[0].Message, c.says)
			}
			if r.Findings != nil && c.name == "a loop" {
				require.Equal(t, bootsim.NotModelled, r.Verdict)
				return
			}
			want := bootsim.Pass
			if len(c.want) > 0 && c.want[0][:5] == "error" {
				want = bootsim.Fail
			}
			require.Equal(t, want, r.Verdict)
			for _, f := range r.Findings {
				require.NotEmpty(t, f.Remedy, f.Rule)
			}
		})
	}
}
