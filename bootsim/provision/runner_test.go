package provision

import (
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/provision/script"
)

// TestStepsOnFilesDependOnTheFiles: a step that does not touch the device is done once
// for the same files, whatever the device is like, and anew for others.
func TestStepsOnFilesDependOnTheFiles(t *testing.T) {
	plan := &Plan{Steps: []Step{{Number: 1, Command: script.Command{Tool: "cp", Args: []string{"in.bin", "out.bin"}}}}}
	r, err := newRunner(afero.NewMemMapFs(), plan, nil)
	require.NoError(t, err)
	of := func(in string) string {
		s := *r.first
		s.device = s.device.Fork()
		require.NoError(t, s.device.Flash.Place(0x1000, []byte(in[:1])))
		s.files = map[string]*content{"in.bin": newContent([]byte(in))}
		out := r.step(&s, 0)
		require.False(t, out.failed, out.message)
		require.Equal(t, s.device.Flash.Sum(), out.state.device.Flash.Sum())
		return string(out.state.files["out.bin"].data)
	}
	for _, in := range []string{"first", "second", "first"} {
		got := of(in)
		require.Equal(t, in, got)
	}
	require.Len(t, r.memo, 2)
}
