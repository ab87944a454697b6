package input_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/input"
)

// Image files named one by one make one set.
func TestFilesNamedOneByOne(t *testing.T) {
	f := files{"out/bootloader.bin": boot(), "out/partitions.bin": table(arduino), "release/app-1.2.bin": app("1.2"), "out/boot_app0.bin": firstOTA()}
	r := find(t, f, "release/app-1.2.bin", "out/bootloader.bin", "out/boot_app0.bin", "out/partitions.bin")
	require.Equal(t, []string{"app-1: 1000=out/bootloader.bin(bootloader) 8000=out/partitions.bin(partition-table) e000=out/boot_app0.bin(otadata) 20000=release/app-1.2.bin(app)"}, layouts(r))
	l := find(t, f, "release/app-1.2.bin").Lots[0]
	require.Equal(t, "app-1: 10000=release/app-1.2.bin(app)", layout(l))
	require.Contains(t, assumed(l), "no bootloader, no partition table found")
}

// Folders and files together keep their order.
func TestSeveralPaths(t *testing.T) {
	f := idfBuild().in("b/build").with(idfBuild().with(files{"app.bin": app("2")}).in("a/build")).with(files{"m.bin": merged(0, 0, usualParts())})
	r := find(t, f, "b", "a", "m.bin")
	require.Equal(t, 3, len(r.Lots))
	require.Equal(t, "b a m", r.Lots[0].Name+" "+r.Lots[1].Name+" "+r.Lots[2].Name)
}

func TestFilesThatAreNoImages(t *testing.T) {
	f := files{"a.elf": []byte("\x7fELF\x01"), "k.bin": []byte("0123456789abcdefghijklmnopqrstuv"), "empty.bin": {}, "t.csv": []byte(twoOTA),
		"notes.txt": []byte("hello"), "what.bin": noise(1, 3000), "text.bin": []byte(strings.Repeat("lorem ipsum ", 300)), "dir/x": {1}}
	for name, say := range map[string]string{"a.elf": "ELF", "k.bin": "--key", "empty.bin": "empty", "t.csv": "CSV", "notes.txt": "no esptool command line",
		"what.bin": "ciphertext", "text.bin": "unknown content", "gone.bin": "there is no such file"} {
		e := failure[*input.FileError](t, f, input.Request{Paths: []string{name}})
		require.Equal(t, name, e.File)
		require.Contains(t, e.Error(), say)
		require.NotContains(t, e.Error(), "0123456789abcdef", "keys are not printed")
	}
	_, err := input.ReadFile(f.fs(t), "dir")
	require.ErrorContains(t, err, "is a folder")
}

func TestNothingFound(t *testing.T) {
	f := files{"x/readme.md": []byte("hi"), "x/src/main.c": []byte("int"), "y/z/k": {1}}
	e := failure[*input.NothingFoundError](t, f, input.Request{Paths: []string{"x", "y"}})
	require.Equal(t, 2, len(e.Searches))
	require.Equal(t, "x", e.Searches[0].Path)
	require.Equal(t, []string{"readme.md", "1 folder"}, e.Searches[0].Present)
	for _, say := range []string{"flasher_args.json", "manifest", "flash_args", "bootsim.yaml", "--flash-args", "y: looked for"} {
		require.Contains(t, e.Error(), say)
	}
	failure[*input.NothingFoundError](t, files{"x": {1}}, input.Request{})
}

func TestFlashArgs(t *testing.T) {
	f := files{"out/b.bin": boot(), "out/t.bin": table(arduino), "out/a.bin": app("1"), "top.bin": app("2")}
	for _, c := range []struct {
		args, want string
		paths      []string
	}{
		{"0x1000 out/b.bin 0x8000 out/t.bin 0x20000 out/a.bin", "out: 1000=out/b.bin 8000=out/t.bin 20000=out/a.bin", nil},
		{"0x1000 b.bin 0x8000 t.bin 0x20000 a.bin", "out: 1000=out/b.bin 8000=out/t.bin 20000=out/a.bin", []string{"out"}},
		{`write_flash 0x1000 .\out\b.bin 0x20000 "C:\Users\me\out\a.bin"`, "out: 1000=out/b.bin 20000=out/a.bin", nil},
		{"0x1000 out/b.bin 0x20000 top.bin", "flash-args: 1000=out/b.bin 20000=top.bin", nil},
		{"esptool.py write_flash --encrypt 0x1000 out/b.bin", "out: 1000=out/b.bin!", nil},
		{"esptool write_flash 0x20000 out/a.bin 0x1000 out/b.bin\nesptool write_flash 0x20000 top.bin", "flash-args: 1000=out/b.bin 20000=top.bin", nil},
	} {
		r, err := input.Find(f.fs(t), input.Request{Paths: c.paths, FlashArgs: []string{c.args}})
		require.NoError(t, err, c.args)
		require.Equal(t, []string{c.want}, layouts(r))
		require.Equal(t, strings.Contains(c.args, "C:"), strings.Contains(assumed(r.Lots[0]), "is not where that says; took out/a.bin"))
	}
	for args, size := range map[string]uint32{"-fs 4MB 0x20000 out/a.bin": 4 << 20, "-fs 4MB 0x1000 out/b.bin": 0, "-fs keep 0x20000 out/a.bin": 0} {
		r, err := input.Find(f.fs(t), input.Request{FlashArgs: []string{"write_flash " + args}})
		require.NoError(t, err)
		require.Equal(t, size, r.Lots[0].FlashSize, "the size counts where no bootloader's header tells it: %s", args)
	}
	r, err := input.Find(f.fs(t), input.Request{FlashArgs: []string{"0x1000 out/b.bin", "0x1000 out/b.bin 0x20000 top.bin"}})
	require.NoError(t, err)
	require.Equal(t, []string{"out: 1000=out/b.bin", "flash-args 2: 1000=out/b.bin 20000=top.bin"}, layouts(r))
	listed := f.with(files{"out/flasher_args.json": []byte(`{"flash_files":{"0x1000":"b.bin"}}`)})
	r, err = input.Find(listed.fs(t), input.Request{Paths: []string{"out"}, FlashArgs: []string{"0x20000 a.bin"}})
	require.NoError(t, err)
	require.Equal(t, []string{"out: 20000=out/a.bin"}, layouts(r), "the folder is where files are looked for, and not searched")
	r, err = input.Find(f.fs(t), input.Request{FlashArgs: []string{"esptool write_flash 0x310000 top.bin\nesptool --chip esp32 erase_flash\nesptool --chip esp32 write_flash 0x1000 out/b.bin"}})
	require.NoError(t, err)
	require.Equal(t, []string{"out: 1000=out/b.bin"}, layouts(r))
	for args, say := range map[string]string{"": "holds no address", "0x1000 out/gone.bin": "out/gone.bin: there is no such file (--flash-args, address 0x00001000)", "0x1000 wrong/top.bin": "wrong/top.bin: there is", "0x1000": "no file follows", "@gone": "no such file"} {
		e := failure[*input.FileError](t, f, input.Request{FlashArgs: []string{args}})
		require.Contains(t, e.Error(), say)
	}
}

func TestStandardInput(t *testing.T) {
	f := files{"build/b.bin": boot(), "build/t.bin": table(arduino), "build/a.bin": app("1")}
	for _, text := range []string{
		"$ esptool.py --chip esp32 -p /dev/ttyUSB0 write_flash \\\n  0x1000 build/b.bin \\\n  0x8000 build/t.bin 0x20000 build/a.bin\n",
		"esptool.py v4.8.1\nSerial port /dev/ttyUSB0\nesptool write-flash 0x1000 build/b.bin 0x8000 build/t.bin 0x20000 build/a.bin\nHard resetting...",
		`{"flash_files":{"0x1000":"build/b.bin","0x8000":"build/t.bin","0x20000":"build/a.bin"}}`,
		"\uFEFF0x1000 build/b.bin 0x8000 build/t.bin\r\n0x20000 build/a.bin\r\n",
	} {
		r, err := input.Find(f.fs(t), input.Request{Paths: []string{"-"}, Stdin: strings.NewReader(text)})
		require.NoError(t, err, text)
		require.Contains(t, layout(r.Lots[0]), " 1000=build/b.bin 8000=build/t.bin 20000=build/a.bin", text)
	}
	for _, text := range []string{"", "no command", "write_flash 0x1000", "\xff\xfe", `{"a":1}`} {
		e := failure[*input.FileError](t, f, input.Request{Paths: []string{"-"}, Stdin: strings.NewReader(text)})
		require.Equal(t, "standard input", e.File)
		require.Equal(t, text == "\xff\xfe", strings.Contains(e.Reason, "is no text"))
	}
	failure[*input.FileError](t, f, input.Request{Paths: []string{"-"}})
	failure[*input.FileError](t, f, input.Request{Paths: []string{"-"}, Stdin: failing{}})
	failure[*input.SizeError](t, f, input.Request{Paths: []string{"-"}, Stdin: strings.NewReader(strings.Repeat("x", 1<<20+1))})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestConfiguration(t *testing.T) {
	yaml := []byte("lots: []\n")
	set := idfBuild().in("p/build")
	for _, name := range []string{"bootsim.yaml", "bootsim.yml"} {
		r, err := input.Find(set.with(files{"p/" + name: yaml}).fs(t), input.Request{Paths: []string{"p"}})
		require.NoError(t, err)
		require.Equal(t, "p/"+name, r.ConfigFile)
		require.Empty(t, r.Lots, "the configuration wins")
		r, err = input.Find(set.with(files{"p/" + name: yaml}).fs(t), input.Request{Paths: []string{"p/" + name}})
		require.NoError(t, err)
		require.Equal(t, "p/"+name, r.ConfigFile)
	}
	// One further down is not read beside sets, and is when there is nothing else.
	r := find(t, set.with(files{"p/sub/bootsim.yaml": yaml}).with(idfBuild().in("p/sub/build")), "p")
	require.Equal(t, 1, len(r.Lots))
	require.Empty(t, r.ConfigFile)
	require.Contains(t, notes(r), "p/sub/bootsim.yaml: not read")
	r = find(t, files{"p/sub/bootsim.yaml": yaml}, "p")
	require.Equal(t, "p/sub/bootsim.yaml", r.ConfigFile)
	require.Empty(t, r.Notes)
	failure[*input.FileError](t, files{"a/bootsim.yaml": yaml, "b/bootsim.yaml": yaml}, input.Request{Paths: []string{"a", "b"}})
}

// Sets that differ in a single part are two.
func TestSetsThatDifferInAPart(t *testing.T) {
	without := files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA), "app.bin": app("1")}
	with := without.with(files{"otadata.bin": firstOTA()})
	require.Equal(t, 2, len(find(t, without.in("x/a").with(with.in("x/b")), "x").Lots))
	require.Equal(t, 2, len(find(t, with.in("x/a").with(without.in("x/b")), "x").Lots))
	require.Equal(t, 1, len(find(t, without.with(files{"ota_data_initial.bin": blankOTA()}).in("x/a").with(without.in("x/b")), "x").Lots),
		"erased OTA data is what erased flash holds")
}

// One tree with many sets: each is found once, under a name that tells where.
func TestTree(t *testing.T) {
	f := idfBuild().with(files{"flasher_args.json": []byte(flasherArgs), "bootloader/bootloader-reflash-digest.bin": noise(1, 9000)}).in("r/one/build").
		with(idfBuild().with(files{"app.bin": app("2")}).in("r/two/build")).
		with(idfBuild().with(files{"app.bin": app("3")}).in("r/lib/one/build")).
		with(idfBuild().with(files{"app.bin": app("4")}).in("r/.git/build")).
		with(idfBuild().with(files{"app.bin": app("5")}).in("r/node_modules/build")).
		with(idfBuild().with(files{"flasher_args.json": []byte(flasherArgs)}).in("r/copy/of/one"))
	r := find(t, f, "r")
	var names []string
	for _, l := range r.Lots {
		names = append(names, l.Name)
	}
	require.Equal(t, []string{"copy/of/one", "lib/one", "two"}, names)
	require.Contains(t, notes(r), "r/one/build/flasher_args.json: the same flash content as r/copy/of/one/flasher_args.json")
	require.NotContains(t, notes(r), "reflash-digest", "what lies in a build's folders is its own")
	again := find(t, f, "r")
	require.Equal(t, layouts(r), layouts(again))
	require.Equal(t, r.Notes, again.Notes)
}

// Links to folders are not followed, so that circles end.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	for name, b := range idfBuild().in(filepath.Join(dir, "p")) {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, b, 0o644))
	}
	require.NoError(t, os.Symlink("..", filepath.Join(dir, "p", "loop")))
	require.NoError(t, os.Symlink("gone", filepath.Join(dir, "p", "dangling.bin")))
	require.NoError(t, os.Rename(filepath.Join(dir, "p", "app.bin"), filepath.Join(dir, "real")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "real"), filepath.Join(dir, "p", "app.bin")))
	require.NoError(t, os.Symlink("p", filepath.Join(dir, "link")))
	for _, path := range []string{"p", "link"} {
		r, err := input.Find(afero.NewOsFs(), input.Request{Paths: []string{filepath.Join(dir, path)}})
		require.NoError(t, err)
		require.Equal(t, 1, len(r.Lots))
		require.Equal(t, 4, len(r.Lots[0].Contents))
	}
}

// stubborn refuses to open some files and to list some folders.
type stubborn struct {
	afero.Fs
	name string
}

func (s stubborn) Open(name string) (afero.File, error) {
	if filepath.Base(name) == s.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return s.Fs.Open(name)
}

func TestUnreadable(t *testing.T) {
	f := idfBuild().with(files{"secret/x.bin": {1}}).in("x")
	_, err := input.Find(stubborn{f.fs(t), "app.bin"}, input.Request{Paths: []string{"x"}})
	var e *input.FileError
	require.ErrorAs(t, err, &e)
	require.Equal(t, filepath.Join("x", "app.bin"), e.File)
	require.ErrorIs(t, err, fs.ErrPermission)
	_, err = input.Find(stubborn{f.fs(t), "x"}, input.Request{Paths: []string{"x"}})
	require.ErrorAs(t, err, &e)
	r, err := input.Find(stubborn{f.fs(t), "secret"}, input.Request{Paths: []string{"x"}})
	require.NoError(t, err)
	require.Equal(t, 1, len(r.Lots))
	// An empty part is an error that names it.
	f["x/bootloader/bootloader.bin"] = nil
	require.Contains(t, failure[*input.FileError](t, f, input.Request{Paths: []string{"x"}}).Error(), "bootloader.bin: the file is empty")
}

// Placements serve configurations: plain files where they are put, encoded
// ones where they say.
func TestPlacements(t *testing.T) {
	f := files{"a.bin": app("1"), "m.hex": intelHex(map[uint32][]byte{0x1000: {1, 2}}), "d.bin": merged(0, 0, usualParts()), "s3.uf2": uf2File(0xc47e5767, 0, boot())}
	got, err := input.Placements(f.fs(t), "a.bin", 0x20000, bootsim.FormEncrypted)
	require.NoError(t, err)
	require.Equal(t, []bootsim.Placement{{File: "a.bin", Address: 0x20000, Data: f["a.bin"], Form: bootsim.FormEncrypted}}, got)
	got, err = input.Placements(f.fs(t), "m.hex", 0x20000, bootsim.FormRaw)
	require.NoError(t, err)
	require.Equal(t, []bootsim.Placement{{File: "m.hex", Address: 0x1000, Data: []byte{1, 2}}}, got)
	got, err = input.Placements(f.fs(t), "d.bin", 0, bootsim.FormRaw)
	require.NoError(t, err)
	require.NotEmpty(t, got[0].Gaps)
	_, err = input.Placements(f.fs(t), "s3.uf2", 0, bootsim.FormRaw)
	var chip *input.ChipError
	require.ErrorAs(t, err, &chip)
}
