package execute

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/vectors"
)

// fuzzTime is how long TestDifferential looks for disagreements, such as "1h".
const fuzzTime = "BOOTSIM_DIFFERENTIAL"

// places are where a boot looks: image header and first segments of the
// applications, partition table, otadata.
var places = []uint32{0x8000, 0x8000, 0x8020, 0x8040, 0x8060, 0x80A0, 0xD000, 0xE000, 0x10000, 0x10000, 0x10018, 0x10020, 0x50000, 0x50018, 0x90000}

// TestDifferential damages recorded scenarios at random and boots them with
// both engines.
func TestDifferential(t *testing.T) {
	dir, limit := os.Getenv(bootloaders), os.Getenv(fuzzTime)
	if dir == "" || limit == "" {
		t.Skip(bootloaders + " or " + fuzzTime + " is not set")
	}
	span, err := time.ParseDuration(limit)
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(dir, "*.bin"))
	require.NoError(t, err)
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(t, err)
	var loaders []*vectors.Bootloader
	for _, file := range files {
		image, err := os.ReadFile(file)
		require.NoError(t, err)
		loaders = append(loaders, vectors.WithImage(image))
	}
	var ids []string
	for id, s := range f.Scenarios {
		if s.Kind != "rom" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	seen, runs := map[string]string{}, 0
	for end, seed := time.Now().Add(span), uint64(span); time.Now().Before(end); seed++ {
		r := rand.New(rand.NewPCG(seed, 7))
		n := r.IntN(len(loaders))
		id := ids[r.IntN(len(ids))]
		d, err := f.Device(f.Scenarios[id], loaders[n])
		require.NoError(t, err)
		damage(r, d)
		twin := d.Fork()
		out := (&engine.Engine{}).Boot(d)
		model := machine.New(told(files[n])).Boot(twin)
		runs++
		if found := Compare(model, out, twin, d); len(found) > 0 {
			key := filepath.Base(files[n]) + ": " + mask.ReplaceAllString(strings.Join(found, "; "), "#")
			if seen[key] == "" {
				seen[key] = fmt.Sprintf("seed %d, %s, %s: %s", seed, filepath.Base(files[n]), id, strings.Join(found, "; "))
			}
		}
	}
	fmt.Printf("%d boots, %d kinds of disagreement\n", runs, len(seen))
	for _, s := range seen {
		t.Error(s)
	}
}

// told is what a model has to be told of a recorded bootloader, because no
// binary betrays it.
func told(file string) machine.Options {
	switch strings.TrimSuffix(filepath.Base(file), ".bin") {
	case "idf-v4.0.1-rollback":
		return machine.Options{Rollback: bootloader.Yes}
	case "fe-dev-build":
		return machine.Options{TableOffset: 0xC000}
	}
	return machine.Options{}
}

var mask = regexp.MustCompile(`0x[0-9a-f]+|\d+|[0-9a-f]{5,}`)

// damage changes a few bytes, words or stretches.
func damage(r *rand.Rand, d *emu.Device) {
	for range 1 + r.IntN(3) {
		at := places[r.IntN(len(places))] + uint32(r.IntN(64))
		size := []int{1, 1, 1, 4, 4, 16, 64}[r.IntN(7)]
		b := make([]byte, size)
		d.Flash.Read(at, b)
		for i := range b {
			switch r.IntN(4) {
			case 0:
				b[i] ^= 1 << r.IntN(8)
			case 1:
				b[i] = byte(r.Uint32())
			case 2:
				b[i] = []byte{0, 0xFF, 1, 0x7F, 0x80}[r.IntN(5)]
			}
		}
		_ = d.Flash.Place(at, b)
	}
}
