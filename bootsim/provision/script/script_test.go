package script_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/provision/script"
	"github.com/bootsim/bootsim/fixtures/example"
)

func parse(t testing.TB, text string) *script.Script {
	t.Helper()
	s, err := script.Parse(text)
	require.NoError(t, err)
	return s
}

// calls writes commands as "line tool args".
func calls(s *script.Script) []string {
	out := []string{}
	for _, c := range s.Commands {
		out = append(out, fmt.Sprintf("%d %s %s", c.Line, c.Tool, strings.Join(c.Args, " ")))
	}
	return out
}

// What people write in front of, around and behind a command.
func TestCommands(t *testing.T) {
	for text, want := range map[string]string{
		"espefuse.py --port COM17 burn_efuse FLASH_CRYPT_CNT": "1 espefuse --port COM17 burn_efuse FLASH_CRYPT_CNT",
		"espefuse summary": "1 espefuse summary",
		"K=k.bin; espefuse.py burn_key flash_encryption $K":   "1 espefuse burn_key flash_encryption k.bin",
		"E=\"python -m esptool --port COM3\"\n$E erase_flash": "2 esptool --port COM3 erase_flash",
		"F='a b.bin'; esptool.py write_flash 0 \"$F\"":        "1 esptool write_flash 0 a b.bin",
		"echo BURN | espefuse.py summary | tee log":           "1 espefuse summary",
		"esptool.exe erase_flash":                             "1 esptool erase_flash",
		"$ esptool.py erase_flash":                            "1 esptool erase_flash",
		`C:\esp> esptool.py erase_flash`:                      "1 esptool erase_flash",
		"PS C:\\esp> esptool.py erase_flash":                  "1 esptool erase_flash",
		"me@host:~/esp$ esptool.py erase_flash":               "1 esptool erase_flash",
		"sudo -E esptool.py erase_flash":                      "1 esptool erase_flash",
		"python -m esptool erase_flash":                       "1 esptool erase_flash",
		"python3 -u -m espefuse summary":                      "1 espefuse summary",
		"PORT=COM3 python $IDF_PATH/components/esptool_py/esptool/esptool.py --port $PORT erase_flash": "1 esptool --port $PORT erase_flash",
		`"C:\Python27\python.exe" C:\msys32\esp\esptool.py erase_flash`:                                "1 esptool erase_flash",
		"bootsim espsecure generate_flash_encryption_key k.bin":                                        "1 espsecure generate_flash_encryption_key k.bin",
		"make -j8 erase_flash":       "1 esptool erase_flash",
		"idf.py -p COM3 erase-flash": "1 esptool erase_flash",
		"esptool.py write_flash \\\n  0x1000 \"my boot.bin\" \\\n  0x8000 t.bin":     "1 esptool write_flash 0x1000 my boot.bin 0x8000 t.bin",
		"esptool.py write_flash ^\r\n 0x1000 b.bin":                                  "1 esptool write_flash 0x1000 b.bin",
		`espsecure.py encrypt_flash_data -k C:\keys\k.bin -a 0x0 -o o.bin 'a b.bin'`: `1 espsecure encrypt_flash_data -k C:\keys\k.bin -a 0x0 -o o.bin a b.bin`,
		"esptool.py chip_id # who is it":                                             "1 esptool chip_id",
		"esptool.py chip_id 2>&1 | tee log.txt":                                      "1 esptool chip_id",
		"esptool.py chip_id > /dev/null 2> err.txt":                                  "1 esptool chip_id",
		"cp a.bin b.bin": "1 cp a.bin b.bin",
		"head -c 8192 /dev/zero | tr '\\0' '\\377' > o.bin":          "1 fill 8192 255 o.bin",
		"head -c 8K /dev/zero > z.bin":                               "",
		"dd if=/dev/zero bs=4096 count=2 of=z.bin":                   "1 fill 8192 0 z.bin",
		"dd if=/dev/zero bs=1K count=8 | tr '\\000' '\\377' > o.bin": "1 fill 8192 255 o.bin",
		"cat a.bin b.bin > c.bin":                                    "1 cat a.bin b.bin c.bin",
	} {
		s := parse(t, text)
		got := strings.Join(calls(s), "\n")
		require.Equal(t, want, got, text)
		require.Equal(t, want == "", len(s.Unmodelled) > 0, text)
	}
}

// A line is a step, passed over, or not modelled. Nothing is dropped.
func TestNothingIsDropped(t *testing.T) {
	kinds := func(text string) string {
		s := parse(t, text)
		return fmt.Sprintf("%d %d %d", len(s.Commands), len(s.Passed), len(s.Unmodelled))
	}
	for text, want := range map[string]string{
		"esptool.py erase_flash && espefuse.py summary; espefuse.py dump": "3 0 0",
		"make menuconfig":                                    "0 1 0",
		"make -j4 flash":                                     "0 0 1",
		"idf.py build flash monitor":                         "0 0 1",
		"idf.py build":                                       "0 1 0",
		"idf.py efuse-burn-key BLOCK1 k.bin":                 "0 0 1",
		"pio run -t upload":                                  "0 0 1",
		"Code: Select all":                                   "0 1 0",
		"If I disable flash-encryption everything works.":    "0 1 0",
		"make sure that the device is in download mode":      "0 1 0",
		"esptool is the tool for it":                         "0 1 0",
		"I'm stuck, \"really":                                "0 1 0",
		"D (15) boot: magic e9":                              "0 1 0",
		"https://esp32.com/viewtopic.php?f=2&t=7":            "0 1 0",
		"nvs,data,nvs,0x9000,16K,":                           "0 1 0",
		"openssl rand -out k.bin 32":                         "0 0 1",
		"./burn_all.sh COM3":                                 "0 0 1",
		"python gen_key.py > k.bin":                          "0 0 1",
		"srec_cat a.bin -binary -o b.hex":                    "0 0 1",
		"nvs_tool nvs.csv nvs.bin":                           "0 0 1",
		"for f in a b; do esptool.py write_flash 0 $f; done": "0 0 1",
		"while true\ndo\n  esptool.py erase_flash\ndone\nespefuse.py summary":         "1 0 1",
		"if [ -z \"$1\" ]; then\n  echo usage >&2\n  exit 1\nfi\nespefuse.py summary": "1 1 0",
		"if [ -f k.bin ]; then\n  espefuse.py burn_key flash_encryption k.bin\nfi":    "0 0 1",
		"burn() {\n  espefuse.py summary\n}\nburn":                                    "0 1 1",
		"esptool.py erase_flash | sh":                                                 "0 0 1",
		"espefuse.py summary || exit 1":                                               "1 1 0",
		"espefuse.py summary || espefuse.py dump":                                     "1 0 1",
		"esptool.py write_flash 0x1000 *.bin":                                         "0 0 1",
		"esptool.py write_flash 0x1000 $(ls *.bin)":                                   "0 0 1",
		"esptool.py write_flash 0x1000 \"b.bin":                                       "0 0 1",
		"espefuse.py burn_efuse X 1 < answers":                                        "0 0 1",
		"(espefuse.py summary)":                                                       "0 1 0",
		"echo secret > k.bin":                                                         "0 0 1",
		"set -e\nfrobnicate":                                                          "0 1 1",
		"frobnicate":                                                                  "0 1 0",
		"#!/bin/sh\n(espefuse.py summary)":                                            "0 1 1",
		"@echo off\nset K=k.bin\nif errorlevel 1 goto fail\nespefuse.py burn_key flash_encryption %K%\nif exist x.bin del x.bin\npause\n:fail": "1 5 1",
		"for i in 1 2\nespefuse.py summary":                            "0 0 1",
		"exit 0\nespefuse.py summary":                                  "0 1 1",
		"export KEY=k.bin\nespefuse.py burn_key flash_encryption $KEY": "1 1 0",
		"espefuse.py summary &":                                        "0 0 1",
		"rm *.bin":                                                     "0 0 1",
		"":                                                             "0 0 0",
	} {
		require.Equal(t, want, kinds(text), text)
	}
}

// The first post of the thread is ten commands, of which nine matter, and prose.
func TestThePostedPage(t *testing.T) {
	s := parse(t, planText(t, example.PlanAsPosted))
	require.Empty(t, s.Unmodelled)
	require.Len(t, s.Commands, 9)
	require.Equal(t, "7 esptool erase_flash", calls(s)[0])
	require.Equal(t, "58 espefuse --port COM17 burn_efuse FLASH_CRYPT_CNT", calls(s)[8])
	why := map[string]int{}
	for _, r := range s.Passed {
		why[r.Why]++
	}
	require.Equal(t, map[string]int{"build step": 3, "no command": 18}, why)
}

func planText(t testing.TB, name string) string {
	for _, f := range example.PlanFiles() {
		if f.Path == name {
			return string(f.Data)
		}
	}
	t.Fatal(name)
	return ""
}

func TestSurroundings(t *testing.T) {
	s := parse(t, "cd build\nespefuse.py summary\ncd ../x; espefuse.py dump\ncd /abs && espefuse.py dump\ncd 'C:\\esp'\nespefuse.py dump")
	var dirs []string
	for _, c := range s.Commands {
		dirs = append(dirs, c.Dir)
	}
	require.Equal(t, []string{"build", "x", "/abs", "C:/esp"}, dirs)

	s = parse(t, "echo BURN | espefuse.py burn_efuse JTAG_DISABLE\nespefuse.py burn_efuse X <<< BURN\nprintf 'BURN\\nBURN\\n' | espefuse.py x\nespefuse.py y || true")
	require.Equal(t, "BURN\n", s.Commands[0].Input)
	require.Equal(t, "BURN\n", s.Commands[1].Input)
	require.Equal(t, "BURN\nBURN\n", s.Commands[2].Input)
	require.True(t, s.Commands[3].MayFail)
	require.False(t, s.Commands[2].MayFail)

	s = parse(t, "K=${1:-k.bin}\nA=a.bin\nespefuse.py burn_key flash_encryption ${KEY:-$A} $UNSET %A% '$A'")
	require.Equal(t, "burn_key flash_encryption a.bin $UNSET a.bin $A", strings.Join(s.Commands[0].Args, " "))

	s = parse(t, "espefuse.py burn_efuse BLOCK1 "+strings.Repeat("ab", 32))
	require.NotContains(t, s.Commands[0].Text, "abab", "a key on a command line is not shown")
}

func TestTextsThatAreNone(t *testing.T) {
	for _, text := range []string{"a\x00b", "\xff\xfe", strings.Repeat("x", 1<<20+1), strings.Repeat("espefuse.py summary\n", 501)} {
		_, err := script.Parse(text)
		var e *script.Error
		require.ErrorAs(t, err, &e)
	}
}

// No text makes it panic or run for ever, and no command has a line that is not there.
func TestAnyText(t *testing.T) {
	pieces := []string{"espefuse.py", "esptool", " ", "\n", "\\\n", "'", "\"", "$(", ")", "`", "${A:-", "}", "|", "||", "&&", ";", ">", "<<<", "for x in a", "do", "done",
		"if [", "fi", "{", "#", "cd ..", "A=b", "$A", "%A%", "head -c 9", "/dev/zero", "tr", "dd", "cat", "make", "*", "exit", "\r\n", "^", "é", "(", "burn_key"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		s, err := script.Parse(text)
		require.NoError(t, err)
		lines := strings.Count(text, "\n") + 1
		for _, c := range s.Commands {
			require.True(t, c.Line >= 1 && c.Line <= lines)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, p := range example.PlanFiles() {
		if strings.Contains(p.Path, ".sh") || strings.Contains(p.Path, ".txt") {
			f.Add(string(p.Data))
		}
	}
	f.Fuzz(func(_ *testing.T, text string) { _, _ = script.Parse(text) })
}
