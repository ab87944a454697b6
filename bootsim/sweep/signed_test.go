package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/fixtures/updates"
)

// An application on a device with Secure Boot V2 refuses an update that is not
// signed with the device's key: the bootloader never sees it selected, and the
// old application stays.
func TestApplicationsVerifySignatures(t *testing.T) {
	plan := updates.Plan(tiny(updates.Spec{Updater: "esp-ota", IDF: "v4.4.8", SecureBoot: true}))
	good := plan.Offer.Files[0].Data
	image := good[:len(good)-0x1000]
	for name, c := range map[string]struct {
		data []byte
		want sweep.Answer
	}{
		"signed": {good, sweep.Proven}, "without a signature": {image, sweep.Violated}, "with another key": {signing.V2(signing.RSA("b"), image), sweep.Violated},
	} {
		plan.Offer.Files[0].Data = c.data
		sc, err := sweep.Prepare(plan)
		require.NoError(t, err, name)
		r := swept(t, sc, sweep.Options{})
		require.Equal(t, c.want, r.Verdict(sweep.Recovers).Answer, name)
		require.Equal(t, sweep.Proven, r.Verdict(sweep.Boots).Answer, name)
		if c.want == sweep.Violated {
			require.Len(t, r.Clean, 3, "%s: one try, one more, and no restart into the update: %q", name, r.Clean)
			require.Contains(t, r.Clean[2], "ESP_ERR_OTA_VALIDATE_FAILED", name)
		}
	}
}
