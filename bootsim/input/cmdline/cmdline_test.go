package cmdline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/input/cmdline"
)

// pairs spells what a command writes, for comparison.
func pairs(commands ...cmdline.Command) string {
	var out []string
	for _, c := range commands {
		for _, p := range c.Pairs {
			s := fmt.Sprintf("%x=%s", p.Address, p.File)
			if p.Encrypt {
				s += "!"
			}
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

// The spellings that esptool's users paste: command lines of its versions 2 to
// 5, of its wrappers, and from several shells.
func TestParsePairs(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"bare": {"0x1000 a.bin 0x8000 b.bin", "1000=a.bin 8000=b.bin"},
		"forum": {`esptool.py --chip esp32 --port COM17 --baud 460800 --before default_reset --after hard_reset write_flash -z --flash_mode dio --flash_freq 40m --flash_size detect 0x1000 bootloader-encrypted.bin 0x8000 my_partition_table-encrypted.bin 0x10000 Avior_ESP32_WiFi_OTAfactory-encrypted.bin  0x60000 Avior_ESP32_WiFi_v2-encrypted.bin`,
			"1000=bootloader-encrypted.bin 8000=my_partition_table-encrypted.bin 10000=Avior_ESP32_WiFi_OTAfactory-encrypted.bin 60000=Avior_ESP32_WiFi_v2-encrypted.bin"},
		"module, version 5":            {"python -m esptool --chip esp32 -p /dev/ttyUSB0 -b 921600 write-flash --flash-mode dio 0x1000 a.bin", "1000=a.bin"},
		"options behind pairs":         {"esptool write_flash 0x1000 a.bin --flash_size 4MB 0x8000 b.bin", "1000=a.bin 8000=b.bin"},
		"equals sign":                  {"esptool.py --before=default_reset --after=hard_reset write_flash --flash_size=4MB 0x1000 a.bin", "1000=a.bin"},
		"encrypt all":                  {"esptool write_flash --encrypt 0x1000 a.bin 0x8000 b.bin", "1000=a.bin! 8000=b.bin!"},
		"encrypt behind":               {"esptool write_flash 0x1000 a.bin --encrypt", "1000=a.bin!"},
		"encrypt some":                 {"esptool write_flash 0x310000 s.bin --encrypt-files 0x1000 a.bin 0x8000 b.bin", "310000=s.bin 1000=a.bin! 8000=b.bin!"},
		"encrypt some, then an option": {"esptool write_flash --encrypt-files 0x1000 a.bin --flash_size detect 0x310000 s.bin", "1000=a.bin! 310000=s.bin"},
		"continued, sh":                {"esptool.py \\\n  -p /dev/ttyUSB0 \\\n  write_flash \\\n 0x1000 ./a.bin \\\n 0x8000 ./b.bin\n", "1000=./a.bin 8000=./b.bin"},
		"continued, blank behind":      {"esptool.py write_flash \\  \n 0x1000 a.bin \\ \r\n 0x8000 b.bin", "1000=a.bin 8000=b.bin"},
		"continued, cmd.exe":           {"esptool.exe write_flash ^\r\n 0x1000 a.bin ^\r\n 0x8000 b.bin", "1000=a.bin 8000=b.bin"},
		"continued, PowerShell":        {"esptool write_flash `\n 0x1000 a.bin `\n 0x8000 b.bin", "1000=a.bin 8000=b.bin"},
		"wrapped by a terminal":        {"esptool.py write_flash -z\n0x1000 a.bin\n0x8000 b.bin\n--flash_mode dio", "1000=a.bin 8000=b.bin"},
		"Windows paths":                {`esptool.exe write_flash 0x1000 C:\Users\me\build\bootloader.bin 0x8000 .\bin\p.bin`, `1000=C:\Users\me\build\bootloader.bin 8000=.\bin\p.bin`},
		"quotes":                       {`esptool.py write_flash 0x1000 "my files/a b.bin" 0x8000 'c "d".bin' 0xe000 "C:\Program Files\x\boot_app0.bin"`, `1000=my files/a b.bin 8000=c "d".bin e000=C:\Program Files\x\boot_app0.bin`},
		"backslash in single quotes":   {`esptool.py write_flash 0x1000 'a\"b.bin'`, `1000=a\"b.bin`},
		"escaped blank":                {`esptool.py write_flash 0x1000 my\ files/a.bin`, "1000=my files/a.bin"},
		"quoted options":               {`python esptool.py --port "COM4" --before "default_reset" write_flash --flash_mode "dio" 0x1000 a.bin`, "1000=a.bin"},
		"decimal and capitals":         {"write_flash 4096 a.bin 0X8000 b.bin", "1000=a.bin 8000=b.bin"},
		"comment":                      {"# esptool.py write_flash 0x1000 no.bin\nwrite_flash 0x1000 a.bin # and 0x8000 b.bin", "1000=a.bin"},
		"other commands around":        {"cd build && esptool.py write_flash 0x1000 a.bin; echo done\nesptool.py run", "1000=a.bin"},
		"prompt":                       {"C:\\esp> esptool.py write_flash 0x1000 a.bin", "1000=a.bin"},
		"commented out in cmd.exe":     {"::esptool.py write_flash 0x1000 no.bin\nrem esptool write_flash 0x1000 no.bin\necho write_flash 0x1000 no.bin\nesptool write_flash 0x1000 a.bin", "1000=a.bin"},
		"two commands":                 {"esptool write_flash 0x1000 a.bin\nesptool write_flash 0x8000 b.bin", "1000=a.bin 8000=b.bin"},
		"merge":                        {"esptool.py --chip esp32 merge_bin -o out.bin -f raw --target-offset 0x1000 -t 0x0 --fill-flash-size 4MB 0x1000 a.bin", "1000=a.bin"},
		"ports that look like flags":   {"esptool write_flash -p 0x1000 a.bin", "1000=a.bin"},
		"erase all":                    {"esptool write_flash -e -u 0x1000 a.bin", "1000=a.bin"},
		"option not known":             {"esptool write_flash --new-option value --other 0x1000 a.bin", "1000=a.bin"},
		"byte order mark":              {"\uFEFF0x1000 a.bin", "1000=a.bin"},
		"variables, sh":                {"B=boot.bin\nexport T='ta ble.bin'\nesptool write_flash 0x1000 $B 0x8000 \"${T}\"", "1000=boot.bin 8000=ta ble.bin"},
		"variables, cmd.exe":           {"set b=.\\boot.bin\nset /p ComGate=\"COM: \"\nesptool -p COM%ComGate% write_flash 0x1000 %b% 0x8000 %~dp0p.bin", `1000=.\boot.bin 8000=./p.bin`},
		"variables, PowerShell":        {"$b = 'boot.bin'\nesptool write_flash 0x1000 $b", "1000=boot.bin"},
		"variables, own folder":        {"D=$(cd \"$(dirname \"$0\")\" && pwd)\nesptool write_flash 0x1000 $D/a.bin 0x8000 \"$(dirname $0)/b.bin\"", "1000=./a.bin 8000=./b.bin"},
		"defaults of parameters":       {"B=boot.bin\nif x; then\n B=$1\nfi\nesptool write_flash 0x1000 $B", "1000=boot.bin"},
		"variables not set":            {"esptool -p $PORT write_flash 0x1000 $HERE/a.bin", "1000=$HERE/a.bin"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := cmdline.Parse(c.text, cmdline.Options{})
			require.NoError(t, err)
			require.Equal(t, c.want, pairs(got...))
		})
	}
}

func TestParseSettings(t *testing.T) {
	got, err := cmdline.Parse("esptool.py --chip ESP32-S3 write_flash -fm DIO -ff 80m -fs 4MB -e 0x0 a.bin\nesptool --chip esp32 erase_flash", cmdline.Options{})
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, cmdline.Write, got[0].Verb)
	require.Equal(t, "esp32s3 dio 80m 4mb true", fmt.Sprint(got[0].Chip, " ", got[0].Mode, " ", got[0].Freq, " ", got[0].Size, " ", got[0].EraseAll))
	require.Equal(t, cmdline.Erase, got[1].Verb)
	require.Equal(t, 2, got[1].Line)
}

// What esptool refuses is refused, with the line and the word.
func TestParseErrors(t *testing.T) {
	for text, want := range map[string]cmdline.Error{
		"esptool write_flash 0x1000":                        {Line: 1, Word: "0x1000"},
		"esptool write_flash 0x1000 --encrypt":              {Line: 1, Word: "0x1000"},
		"esptool write_flash zz a.bin":                      {Line: 1, Word: "zz"},
		"esptool write_flash -4 a.bin":                      {Line: 1, Word: "-4"},
		"esptool write_flash 0x100000000 a.bin":             {Line: 1, Word: "0x100000000"},
		"esptool write_flash \\\n0x1000 a.bin \\\nb.bin":    {Line: 3, Word: "b.bin"},
		"write_flash 0x1000 'a.bin":                         {Line: 1, Word: "a.bin"},
		"esptool write_flash @args":                         {Line: 1, Word: "@args"},
		"0x1000 " + strings.Repeat("a ", cmdline.MaxText):   {Line: 1},
		"0x1000 a.bin\n\nx write_flash 0x8000 b.bin 0x9000": {Line: 3, Word: "0x9000"},
	} {
		_, err := cmdline.Parse(text, cmdline.Options{})
		var bad *cmdline.Error
		require.ErrorAs(t, err, &bad, "%.40s", text)
		require.Equal(t, want.Line, bad.Line, "%.40s", text)
		require.Equal(t, want.Word, bad.Word, "%.40s", text)
		require.NotEmpty(t, bad.Reason)
	}
	got, err := cmdline.Parse("esptool write_flash zz a.bin\nesptool write_flash 0x1000 a.bin", cmdline.Options{Lenient: true})
	require.NoError(t, err)
	require.Equal(t, "1000=a.bin", pairs(got...))
}

func TestArgumentFiles(t *testing.T) {
	files := map[string]string{
		"flash_args": "--flash_mode dio --flash_size 4MB \r\n0x1000 bootloader/bootloader.bin\n0x8000 'partition table.bin'\n",
		"outer":      "0x10000 app.bin @flash_args",
		"loop":       "0x1000 a.bin @loop",
		"wide":       strings.Repeat("@flash_args ", 1000),
		"empty":      "# nothing\n",
	}
	o := cmdline.Options{ReadFile: func(name string) (string, error) {
		text, ok := files[name]
		if !ok {
			return "", fmt.Errorf("no such file")
		}
		return text, nil
	}}
	got, err := cmdline.Parse("esptool write_flash @outer", o)
	require.NoError(t, err)
	require.Equal(t, "10000=app.bin 1000=bootloader/bootloader.bin 8000=partition table.bin", pairs(got...))
	require.Equal(t, "4mb", got[0].Size)
	require.Equal(t, "flash_args", got[0].Pairs[2].From)
	require.Equal(t, 3, got[0].Pairs[2].Line)
	for _, name := range []string{"loop", "wide", "empty", "none"} {
		_, err := cmdline.Parse("esptool write_flash @"+name, o)
		var bad *cmdline.Error
		require.ErrorAs(t, err, &bad, name)
	}
}

// Whatever the names, what is quoted comes back.
func TestQuotingRoundTrip(t *testing.T) {
	name := rapid.StringMatching(`[A-Za-z0-9_ .:\\/()é😀;&|<>#$%^-]{0,20}[a-z]`)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "n")
		var text, want []string
		for range n {
			address, file := rapid.Uint32().Draw(t, "address"), "f"+name.Draw(t, "file")
			if strings.ContainsAny(file, "$%") {
				file = strings.NewReplacer("$", "", "%", "").Replace(file)
			}
			text = append(text, fmt.Sprintf("0x%x '%s'", address, file))
			want = append(want, fmt.Sprintf("%x=%s", address, file))
		}
		got, err := cmdline.Parse("esptool.py write_flash "+strings.Join(text, " "), cmdline.Options{})
		require.NoError(t, err)
		require.Equal(t, strings.Join(want, " "), pairs(got...))
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"esptool.py --chip esp32 write_flash -z --flash_mode dio 0x1000 a.bin \\\n 0x8000 \"b c.bin\" --encrypt-files 0x10000 d.bin",
		"set A=1\nesptool write-flash %A% $B ${C} $(pwd)/x @f @g ^\r\n 0x1 '", "0x0 a\n-p\n--x=y", "X=$X$X\nX=$X$X\nwrite_flash 0 $X",
	} {
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, lenient bool) {
		o := cmdline.Options{Lenient: lenient, ReadFile: func(name string) (string, error) { return text, nil }}
		commands, err := cmdline.Parse(text, o)
		if lenient && len(text) < cmdline.MaxText && err != nil {
			require.Contains(t, err.Error(), "line")
		}
		for _, c := range commands {
			require.True(t, c.Verb == cmdline.Erase || len(c.Pairs) > 0)
		}
	})
}
