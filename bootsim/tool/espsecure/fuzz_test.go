package espsecure_test

import (
	"testing"

	"github.com/spf13/afero"
)

// Whatever a file holds, a command ends with one of its exit codes.
func FuzzFiles(f *testing.F) {
	b := newBench(f)
	b.must(f, "generate-signing-key -v 2 -s ecdsa384 ec384.pem")
	b.must(f, "sign-data -v 2 -k ec384.pem -o ec384.signed boot-pad.bin")
	for _, name := range []string{"k1.bin", "k24.bin", "boot-pad.bin", "signed-v1-p100.bin", "signed-v2-boot-pad.bin", "ec384.signed",
		"test-key-ec-a.pem", "test-key-rsa-a.pem", "test-key-rsa-a.pub.pem", "ec384.pem"} {
		f.Add(b.read(f, name))
	}
	disk := b.fs
	f.Fuzz(func(t *testing.T, data []byte) {
		b.fs = afero.NewCopyOnWriteFs(disk, afero.NewMemMapFs())
		b.write(t, "any", data)
		for _, args := range [][]string{
			{"encrypt-flash-data", "-k", "any", "-a", "0", "-o", "o", "p16.bin"},
			{"decrypt-flash-data", "-k", "k1.bin", "-a", "0", "-o", "o", "any"},
			{"encrypt-flash-data", "-x", "-k", "k1.bin", "-a", "16", "-o", "o", "any"},
			{"digest-secure-bootloader", "-k", "k1.bin", "--iv", "any", "-o", "o", "any"},
			{"sign-data", "-v", "1", "-k", "any", "-o", "o", "any"},
			{"sign-data", "-v", "2", "-a", "-k", "test-key-ec-a.pem", "-o", "o", "any"},
			{"sign-data", "-v", "2", "--pub-key", "any", "--signature", "any", "-o", "o", "any"},
			{"verify-signature", "-v", "1", "-k", "any", "signed-v1-p100.bin"},
			{"verify-signature", "-v", "1", "-k", "test-key-ec-a.pem", "any"},
			{"verify-signature", "-v", "2", "-k", "any", "signed-v2-boot-pad.bin"},
			{"verify-signature", "-v", "2", "-k", "ec384.pem", "any"},
			{"verify-signature", "-v", "2", "-k", "test-key-rsa-a.pub.pem", "any"},
			{"signature-info-v2", "any"},
			{"extract-public-key", "-v", "2", "-k", "any", "o"},
			{"digest-private-key", "-k", "any", "o"},
		} {
			if rc := b.run(args...); rc < 0 || rc > 2 {
				t.Fatalf("%v: exit code %d", args, rc)
			}
		}
	})
}
