package input_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/input"
)

// requireTyped checks that a search ends in a result or in an error of this package.
func requireTyped(t *testing.T, err error) {
	t.Helper()
	var none *input.NothingFoundError
	var file *input.FileError
	var size *input.SizeError
	var chip *input.ChipError
	if err != nil && !errors.As(err, &none) && !errors.As(err, &file) && !errors.As(err, &size) && !errors.As(err, &chip) {
		t.Fatalf("%T: %v", err, err)
	}
}

// FuzzText reads JSON descriptions and command lines from standard input.
func FuzzText(f *testing.F) {
	for _, seed := range []string{flasherArgs,
		`{"builds":[{"chipFamily":"ESP32","parts":[{"path":"a.bin?v=1","offset":4096},{"path":"https://x/%41.bin","offset":"0x8000"}]}]}`,
		`{"flash_files":{"0x1000":"a.bin","":"","4096":"b.bin"},"app":{"offset":65536,"file":"a.bin","encrypted":true},"extra_esptool_args":{"chip":"esp32"}}`,
		"esptool.py write_flash -fs detect 0x1000 a.bin 0x8000 b.bin @args", `{"write_flash_args":["--flash_size"]}`, "{",
	} {
		f.Add(seed)
	}
	fs := files{"a.bin": boot(), "b.bin": table(twoOTA), "args": []byte("0x10000 c.bin"), "c.bin": app("1"), "bootloader/bootloader.bin": boot()}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := input.Find(fs.fs(t), input.Request{Paths: []string{"-"}, Stdin: strings.NewReader(text)})
		requireTyped(t, err)
		requireSound(t, fs, r)
	})
}

// unpacked reads files from text: a line "-- name --", then the content. A
// line "@boot" and the like stands for an image of that sort.
func unpacked(text []byte, images files) files {
	f, name := files{}, "x/unnamed.bin"
	for line := range bytes.Lines(text) {
		trimmed := strings.TrimSpace(string(line))
		if n, ok := strings.CutPrefix(trimmed, "-- "); ok && strings.HasSuffix(n, " --") && len(n) < 200 {
			name = "x/" + strings.Trim(strings.ReplaceAll(strings.TrimSuffix(n, " --"), "..", "_"), "/ ")
			f[name] = nil
			continue
		}
		if image, ok := images[trimmed]; ok && len(f[name]) < 1<<20 {
			line = image
		}
		f[name] = append(f[name], line...)
	}
	return f
}

// FuzzFolder searches whole folders.
func FuzzFolder(f *testing.F) {
	for _, seed := range []string{
		"-- bootloader.bin --\n@boot\n-- partitions.bin --\n@table\n-- app.bin --\n@app\n-- boot_app0.bin --\n@ota\n",
		"-- build/flasher_args.json --\n" + flasherArgs + "\n-- build/bootloader/bootloader.bin --\n@boot\n-- build/app.bin --\n@app\n",
		"-- m.bin --\n@merged\n-- s.bin --\n@shifted\n-- u.uf2 --\n@uf2\n-- flash.sh --\nA=m.bin\nesptool.py write_flash 0 $A\n",
		"-- flash_args --\n0x1000 b.bin\n@flash_args\n-- b.bin --\n@noise\n@noise\n-- partitions.csv --\nnvs,data,nvs,0x9000,0x4000\n",
		"-- manifest.json --\n{\"builds\":[{\"chipFamily\":\"ESP32\",\"parts\":[{\"path\":\"a/b.bin\",\"offset\":0}]}]}\n-- a/b.bin --\n@erased\n@boot\n",
		"-- sdkconfig --\nCONFIG_PARTITION_TABLE_OFFSET=0xF000\n-- x.ino.bootloader.bin --\n@boot\n-- x.ino.bin --\n@app\n-- y.ino.bootloader.bin --\n@boot\n-- y.ino.bin --\n@app\n",
		"-- app_0xFFFFFF.bin --\n@app\n-- ffff000-bootloader.bin --\n@boot\n-- x.hex --\n:020000040000FA\n:00000001FF\n",
	} {
		f.Add([]byte(seed))
	}
	images := files{"@boot": boot(), "@app": app("1"), "@table": table(twoOTA), "@ota": firstOTA(), "@erased": erased(0x1000),
		"@noise": noise(1, 0x1000), "@merged": merged(0, 0, usualParts()), "@shifted": merged(0x1000, 0, usualParts()), "@uf2": uf2File(0x1c5f21b0, 0x1000, boot())}
	f.Fuzz(func(t *testing.T, text []byte) {
		tree := unpacked(text, images)
		for name := range tree { // a file cannot be a folder too
			for dir := name; strings.Contains(dir, "/"); {
				dir = dir[:strings.LastIndex(dir, "/")]
				delete(tree, dir)
			}
		}
		r, err := input.Find(tree.fs(t), input.Request{Paths: []string{"x"}})
		if len(tree) > 0 {
			requireTyped(t, err)
		}
		requireSound(t, tree, r)
		again, err2 := input.Find(tree.fs(t), input.Request{Paths: []string{"x"}})
		require.Equal(t, err == nil, err2 == nil)
		require.Equal(t, layouts(r), layouts(again))
		require.Equal(t, r.Notes, again.Notes)
	})
}

// FuzzFile looks at one file of any content and name.
func FuzzFile(f *testing.F) {
	for name, b := range map[string][]byte{"a.bin": boot(), "b.bin": table(twoOTA), "c.uf2": uf2File(0x1c5f21b0, 0x1000, boot()[:600]),
		"d.hex": intelHex(map[uint32][]byte{0x1000: {1, 2, 3}}), "e.zip": zipped(f, files{"bootloader.bin": boot()[:3000]}), "flash_args": []byte("0x1000 a.bin"), "g.json": []byte("{}")} {
		f.Add(name, b)
	}
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		if strings.ContainsAny(name, "/\x00") || name == "" || name == "." || name == ".." {
			return
		}
		fs := files{name: b}
		r, err := input.Find(fs.fs(t), input.Request{Paths: []string{name}})
		requireTyped(t, err)
		requireSound(t, fs, r)
	})
}
