package provision_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
)

// planV1 enables Secure Boot V1 and flash encryption on chips before v3.0.
const planV1 = `version: 1
mode: release
device:
  flash_size: 4MB
  chip_revision: v1.0
  efuse: {fields: {CONSOLE_DEBUG_DISABLE: 1}}
seed: example
steps:
  - espsecure.py generate_flash_encryption_key key.bin
  - espsecure.py digest_secure_bootloader --keyfile boot-key.bin -o digest-0x0.bin bootloader-v1.bin
  - espsecure.py sign_data --version 1 --keyfile signing.pem -o factory-signed.bin app-secure.bin
  - espsecure.py encrypt_flash_data --keyfile key.bin --address 0x0 -o digest-encrypted.bin digest-0x0.bin
  - espsecure.py encrypt_flash_data --keyfile key.bin --address 0x8000 -o table-encrypted.bin my_partition_table.bin
  - head -c 8192 /dev/zero | tr '\0' '\377' > otadata.bin
  - espsecure.py encrypt_flash_data --keyfile key.bin --address 0xd000 -o otadata-encrypted.bin otadata.bin
  - espsecure.py encrypt_flash_data --keyfile key.bin --address 0x10000 -o factory-encrypted.bin factory-signed.bin
  - >-
    esptool.py --after no_reset write_flash 0x0 digest-encrypted.bin 0x8000 table-encrypted.bin
    0xd000 otadata-encrypted.bin 0x10000 factory-encrypted.bin
  - espefuse.py --do-not-confirm burn_key flash_encryption key.bin
  - espefuse.py --do-not-confirm burn_key secure_boot_v1 boot-key.bin
  - espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CONFIG 0xf
  - espefuse.py --do-not-confirm burn_efuse DISABLE_DL_ENCRYPT 1 DISABLE_DL_DECRYPT 1 DISABLE_DL_CACHE 1 JTAG_DISABLE 1
  - espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CNT 0x1
  - espefuse.py --do-not-confirm write_protect_efuse FLASH_CRYPT_CNT
  - espefuse.py --do-not-confirm burn_efuse ABS_DONE_0 1
  - power-cycle
expect: {boots: factory}
`

// signingLine is a production line with what Secure Boot V1 and V2 need.
func signingLine(t testing.TB) *line {
	l := newLine(t)
	own, other := signing.EC("production"), signing.EC("development")
	v1 := func(at string) lot.BootloaderSpec {
		return lot.BootloaderSpec{IDF: "v4.4.8", Time: at, FlashEncryption: true, Release: true, SecureBoot: "v1", AppKey: signing.PublicV1(own)}
	}
	l.write(t, "bootloader-v1.bin", lot.Bootloader(v1("11:00:00")))
	l.write(t, "signing.pem", curvePEM(t, own))
	l.write(t, "other.pem", curvePEM(t, other))
	l.write(t, "other-rsa.pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(signing.RSA("b"))}))
	l.write(t, "bootloader-v1-later.bin", lot.Bootloader(v1("12:00:00")))
	bootKey := example.Key().Bytes()
	l.write(t, "boot-key.bin", bootKey[:])
	l.write(t, "other-boot-key.bin", bytes.Repeat([]byte{7}, 32))
	iv, otherIV := signing.IV("own"), signing.IV("another")
	l.write(t, "iv.bin", iv[:])
	sector := signing.Digest(example.Key(), iv, lot.Bootloader(v1("11:00:00")))
	l.write(t, "other-iv.bin", append(otherIV[:], sector[len(iv):len(iv)+64]...))
	return l
}

func curvePEM(t testing.TB, key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
}

// Steps of the plans.
const (
	doneV1      = "  - espefuse.py --do-not-confirm burn_efuse ABS_DONE_0 1\n"
	doneV2      = "  - name: switch Secure Boot on\n    run: espefuse.py --port COM17 --do-not-confirm burn_efuse ABS_DONE_1 1\n"
	burnFlashV1 = "  - espefuse.py --do-not-confirm burn_key flash_encryption key.bin\n"
	fixRdDis    = "  - name: nothing else may be hidden\n    run: espefuse.py --port COM17 --do-not-confirm write_protect_efuse RD_DIS\n"
	hideKey     = "  - name: burn the key and hide it\n"
	flashV1     = "  - >-\n    esptool.py"
	flashV2     = "  - name: flash ciphertext\n"
	burnBoot    = "burn_key secure_boot_v1 boot-key.bin"
	burnV2      = "burn_key_digest signing.pem"
	digestV1    = "digest_secure_bootloader --keyfile boot-key.bin"
	signBoot    = "sign_data --version 2 --keyfile signing.pem -o bootloader-signed.bin"
	signApp     = "sign_data --version 2 --keyfile signing.pem -o factory-signed.bin"
	signAppV1   = "sign_data --version 1 --keyfile signing.pem -o factory-signed.bin app-secure.bin"
)

// secureMistakes are plans of Secure Boot with one mistake each.
func secureMistakes() []planted {
	v1, v2 := planOfV1, example.PlanSecureBoot
	other := func(s string) string { return strings.ReplaceAll(s, "signing.pem", "other.pem") }
	otherRSA := func(s string) string { return strings.ReplaceAll(s, "signing.pem", "other-rsa.pem") }
	also := func(from, at string) []string {
		return []string{burnFlashV1, "  - espsecure.py encrypt_flash_data --keyfile key.bin --address " + at + " -o also.enc " + from + "\n" +
			"  - esptool.py --after no_reset write_flash " + at + " also.enc\n" + burnFlashV1}
	}
	return []planted{
		{"V1", v1, nil, []string{"note plan-order-matters"}, ""},
		{"V2", v2, nil, []string{"note plan-order-matters"}, ""},
		{"V1 digest by another key", v1, []string{digestV1, strings.ReplaceAll(digestV1, "boot-key", "other-boot-key")},
			[]string{"error secure-boot-digest-other-key"}, "step 11 burns boot-key.bin; step 2 makes the digest with other-boot-key.bin"},
		{"V1 another key burnt", v1, []string{burnBoot, "burn_key secure_boot_v1 other-boot-key.bin"},
			[]string{"error secure-boot-digest-other-key"}, "step 11 burns other-boot-key.bin"},
		{"V1 another IV", v1, append(also("other-iv.bin", "0x0"), digestV1, digestV1+" --iv iv.bin"), []string{"error secure-boot-digest-other-iv"}, "the IV of digest-encrypted.bin"},
		{"V1 digest of another bootloader", v1, also("bootloader-v1-later.bin", "0x1000"),
			[]string{"error secure-boot-digest-other-bootloader"}, "belong to the bootloader in digest-encrypted.bin"},
		{"V1 digest for another address", v1, []string{"--address 0x0 ", "--address 0x1000 "}, []string{"error wrong-address"}, "was encrypted for 0x00002000"},
		{"V1 app not signed", v1, []string{"espsecure.py " + signAppV1, "cp app-secure.bin factory-signed.bin"},
			[]string{"error app-not-signed"}, "factory"},
		{"V1 app signed with another key", v1, []string{signAppV1, other(signAppV1)}, []string{"error app-signed-with-other-key"}, "factory"},
		{"V1 key readable", v1, []string{"burn_key secure_boot_v1", "burn_key --no-protect-key secure_boot_v1"},
			[]string{"error secure-boot-key-open", "error secure-boot-key-readable"}, "BLOCK2 is not write-protected"},
		{"V1 enabled before the bootloader is flashed", v1, []string{doneV1, "", flashV1, doneV1 + flashV1},
			[]string{"error plan-step-fails"}, "Secure Boot V1 detected"},
		{"V1 enabled early, and the tool forced", v1, []string{doneV1, "", flashV1, doneV1 + flashV1, "write_flash", "write_flash --force"},
			[]string{"warning plan-secure-boot-early", "note plan-order-matters"}, "writes the bootloader only then"},
		{"V2 bootloader not signed", v2, []string{"espsecure.py " + signBoot + " bootloader-secure.bin", "cp bootloader-secure.bin bootloader-signed.bin"},
			[]string{"error bootloader-not-signed"}, "0x00001000"},
		{"V2 bootloader signed with another key", v2, []string{signBoot, otherRSA(signBoot)}, []string{"error bootloader-signed-with-other-key"}, "BLOCK2"},
		{"V2 app not signed", v2, []string{"espsecure.py " + signApp + " app-secure.bin", "cp app-secure.bin factory-signed.bin"},
			[]string{"error app-not-signed"}, "factory"},
		{"V2 app signed with another key", v2, []string{signApp, otherRSA(signApp)}, []string{"error app-signed-with-other-key"}, "BLOCK2"},
		{"V2 app encrypted before it was signed", v2, []string{"espsecure.py " + signApp + " app-secure.bin", "cp app-secure.bin factory-signed.bin",
			"factory-encrypted.bin factory-signed.bin\n", "sealed.bin factory-signed.bin\n  - espsecure.py sign_data --version 2 --keyfile signing.pem -o factory-encrypted.bin sealed.bin\n"},
			[]string{"error app-encrypted-before-signing"}, "factory"},
		{"V2 another digest burnt", v2, []string{burnV2, otherRSA(burnV2)}, []string{"error bootloader-signed-with-other-key"}, "BLOCK2"},
		{"V2 digest not burnt", v2, []string{burnV2, "summary"},
			[]string{"error secure-boot-block2-empty", "error digest-open"}, "BLOCK2 is blank"},
		{"V2 digest hidden", v2, []string{fixRdDis, "  - espefuse.py --do-not-confirm read_protect_efuse BLOCK2\n"},
			[]string{"error secure-boot-block2-hidden", "error digest-hidden"}, "read-protected"},
		{"V2 RD_DIS fixed too early", v2, []string{fixRdDis, "", hideKey, fixRdDis + hideKey}, []string{"error plan-step-fails"}, "RD_DIS field being already write-disabled"},
		{"V2 RD_DIS left open", v2, []string{fixRdDis, ""}, []string{"error rd-dis-open"}, "can be hidden"},
		{"V2 enabled before the bootloader is flashed", v2, []string{doneV2, "", flashV2, doneV2 + flashV2},
			[]string{"warning plan-secure-boot-early", "note plan-order-matters"}, "switches Secure Boot on"},
	}
}

// Each corrected plan of Secure Boot passes, and each mistake is found by its
// own cause, and by nothing else.
func TestSecureBootPlans(t *testing.T) {
	for _, c := range secureMistakes() {
		t.Run(c.name, func(t *testing.T) {
			r, tally := checkSecure(t, c)
			require.Equal(t, c.want, found(r), "%+v", r.Findings)
			require.Contains(t, r.Findings[0].Message, c.says)
			refuted := strings.HasPrefix(c.want[0], "error")
			require.Equal(t, refuted, r.Verdict == bootsim.Fail)
			require.Equal(t, refuted, tally.Skipped != "")
		})
	}
}

// planOfV1 is the file of planV1.
const planOfV1 = "v1.yaml"

// checkSecure checks a plan with its mistake on a line of its own.
func checkSecure(t *testing.T, c planted) (*bootsim.Report, provision.Tally) {
	t.Helper()
	l := signingLine(t)
	body := planV1
	if c.plan != planOfV1 {
		body = text(t, c.plan)
		require.NoError(t, l.fs.Remove("signing.pem"), "the plan makes it")
	}
	for i := 0; i < len(c.changes); i += 2 {
		require.Contains(t, body, c.changes[i])
		body = strings.ReplaceAll(body, c.changes[i], c.changes[i+1])
	}
	return l.check(t, l.load(t, c.plan, body))
}

// What the plans sign comes of their seed: two checks give the same report, and
// the signatures of another seed are others.
func TestSignaturesFollowTheSeed(t *testing.T) {
	mistake := []string{burnV2, strings.ReplaceAll(burnV2, "signing.pem", "other-rsa.pem")} // the report shows the key's digest
	for _, changes := range [][]string{nil, mistake} {
		c := planted{plan: example.PlanSecureBoot, changes: changes}
		first, _ := checkSecure(t, c)
		again, _ := checkSecure(t, c)
		require.Equal(t, first, again)
	}
	first, _ := checkSecure(t, planted{plan: example.PlanSecureBoot, changes: mistake})
	other, _ := checkSecure(t, planted{plan: example.PlanSecureBoot, changes: append([]string{"seed: example", "seed: another"}, mistake...)})
	require.NotEqual(t, first.Findings[0].Evidence, other.Findings[0].Evidence)
}
