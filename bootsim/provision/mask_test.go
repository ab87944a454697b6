package provision_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/fixtures/example"
)

// A key that somebody gives in place of its file is shown by nothing, in
// whatever way he writes it.
func TestKeyOnTheCommandLineStaysHidden(t *testing.T) {
	key := example.Key().Bytes()
	for _, written := range []string{fmt.Sprintf("%x", key), fmt.Sprintf("0x%X", key), fmt.Sprintf("% x", key), fmt.Sprintf("'% X'", key), fmt.Sprintf("%x.bin", key)} {
		for _, before := range []string{"", "espsecure.py generate_flash_encryption_key k.bin\nespsecure.py encrypt_flash_data --keyfile k.bin --address 0x1000 -o b.enc bootloader.bin\n"} {
			l := newLine(t)
			p := l.load(t, "plan.sh", "set -e\n"+before+"espefuse.py --do-not-confirm burn_key flash_encryption "+written+"\nfrobnicate "+written+"\n")
			var all bytes.Buffer
			_, err := provision.Run(&all, l.fs, p, provision.Options{Engine: model.Engine{}})
			require.NoError(t, err)
			r, _ := l.check(t, p)
			for _, format := range report.Formats() {
				w, err := report.For(format, report.Options{Console: true})
				require.NoError(t, err)
				require.NoError(t, w.Write(&all, r))
			}
			require.Contains(t, all.String(), "<hidden>")
			for _, form := range []string{fmt.Sprintf("%x", key[8:14]), fmt.Sprintf("%X", key[8:14]), fmt.Sprintf("% x", key[8:14]), fmt.Sprintf("% X", key[8:14])} {
				require.NotContains(t, all.String(), form, written)
			}
		}
	}
}
