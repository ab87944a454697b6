package esptool_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// random is what esptool v5.3.1 made of damaged images and of random merges.
type random struct {
	Info []struct {
		Base   string
		Edits  [][2]int // offset and new value
		Length int
		Chip   string
		RC     int
		Stdout string `json:"stdout_sha256"`
		Stderr string
	} `json:"image_info"`
	Merge []struct {
		Files [][2]int // length, and what the content is made from
		Args  []string
		outcome
	} `json:"merge_bin"`
}

// Damaged images, read as those of any chip, are explained or refused as the
// reference does.
func TestRandomImages(t *testing.T) {
	var all random
	refdata.JSON(t, &all, "esptool", "random.json")
	require.Len(t, all.Info, 400)
	crashes := 0
	for i, r := range all.Info {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			b := append([]byte(nil), refdata.Read(t, "esptool", r.Base)...)
			for _, e := range r.Edits {
				b[e[0]] = byte(e[1])
			}
			fs := afero.NewMemMapFs()
			require.NoError(t, afero.WriteFile(fs, "x.bin", b[:r.Length], 0o644))
			args := []string{"image-info", "x.bin"}
			if r.Chip != "" {
				args = append([]string{"--chip", r.Chip}, args...)
			}
			got := tool(fs, args...)
			if r.RC == 1 && got.RC == 0 {
				crashes++ // the reference breaks off at a descriptor that is cut or no text
				require.True(t, strings.ContainsRune(got.Stdout, 0xFFFD) || !strings.Contains(got.Stdout, "Application Information"))
				return
			}
			require.Equal(t, r.RC, got.RC, got.Stdout+got.Stderr)
			require.Equal(t, r.Stdout, sum([]byte(got.Stdout)), got.Stdout)
			if r.RC != 1 {
				require.Equal(t, r.Stderr, got.Stderr)
			}
		})
	}
	require.Equal(t, 16, crashes)
}

// Images of both kinds of the ESP8266 are explained as the reference does.
func TestESP8266Images(t *testing.T) {
	var all struct {
		Info []struct {
			Data, Chip string
			outcome
		} `json:"image_info"`
	}
	refdata.JSON(t, &all, "esptool", "esp8266.json")
	require.Len(t, all.Info, 60)
	for i, r := range all.Info {
		b, err := hex.DecodeString(r.Data)
		require.NoError(t, err)
		fs := afero.NewMemMapFs()
		require.NoError(t, afero.WriteFile(fs, "x.bin", b, 0o644))
		args := []string{"image-info", "x.bin"}
		if r.Chip != "" {
			args = append([]string{"--chip", r.Chip}, args...)
		}
		sameEnd(t, r.outcome, tool(fs, args...), fmt.Sprint(i))
	}
}

// The parts of an Intel HEX file are explained one by one.
func TestHexImages(t *testing.T) {
	var all struct {
		Hex []struct {
			Parts [][2]any // address and file
			Chip  string
			outcome
		}
		Edited []struct {
			Edits [][2]int // changes to small.bin
			outcome
		}
	}
	refdata.JSON(t, &all, "esptool", "image-info-more.json")
	require.Len(t, all.Hex, 36)
	require.Len(t, all.Edited, 18)
	for i, r := range all.Hex {
		fs := afero.NewMemMapFs()
		merge := []string{"--chip", "esp32", "merge-bin", "--format", "hex", "-o", "x.hex"}
		for _, p := range r.Parts {
			name := p[1].(string)
			put(t, fs, name, refdata.Read(t, "esptool", name))
			merge = append(merge, fmt.Sprint(int(p[0].(float64))), name)
		}
		require.Zero(t, tool(fs, merge...).RC)
		args := []string{"image-info", "x.hex"}
		if r.Chip != "" {
			args = append([]string{"--chip", r.Chip}, args...)
		}
		sameEnd(t, r.outcome, tool(fs, args...), fmt.Sprint(i, r.Parts, r.Chip))
	}
	for _, r := range all.Edited {
		fs := afero.NewMemMapFs()
		b := append([]byte(nil), refdata.Read(t, "esptool", "small.bin")...)
		b[r.Edits[0][0]] = byte(r.Edits[0][1])
		put(t, fs, "x.bin", b)
		sameEnd(t, r.outcome, tool(fs, "image-info", "x.bin"), fmt.Sprint(r.Edits))
	}
}

// Random files at random addresses merge into the same bytes, in every format
// and for every chip.
func TestRandomMerges(t *testing.T) {
	var all random
	refdata.JSON(t, &all, "esptool", "random.json")
	require.Len(t, all.Merge, 150)
	written := 0
	for i, r := range all.Merge {
		fs := afero.NewMemMapFs()
		for n, f := range r.Files {
			b := make([]byte, f[0])
			for k := range b {
				b[k] = byte(k*f[1] + k>>8)
			}
			require.NoError(t, afero.WriteFile(fs, fmt.Sprintf("f%d.bin", n), b, 0o644))
		}
		got := tool(fs, r.Args...)
		sameEnd(t, r.outcome, got, fmt.Sprint(i, strings.Join(r.Args, " ")))
		out, err := afero.ReadFile(fs, "out.bin")
		require.Equal(t, r.SHA256 == "", err != nil)
		if r.SHA256 != "" {
			require.Equal(t, r.SHA256, sum(out), r.Args)
			written++
		}
	}
	require.Equal(t, 144, written)
}
