package script_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const burn = "espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CNT 0x3"

// A burn in any disguise is a step or not modelled, in a script and on a page.
func TestDisguises(t *testing.T) {
	for _, text := range []string{
		"if ! " + burn + "; then echo failed >&2; exit 1; fi", "if " + burn + "; then echo ok; else exit 1; fi",
		"if [ -z \"$1\" ]; then\n echo x\nelif " + burn + "; then\n exit 1\nfi", "if [ -z \"$(" + burn + ")\" ]; then exit 1; fi",
		"timeout 30 " + burn, "timeout -k 5 30 " + burn, "call " + burn, "trap '" + burn + "' EXIT", "alias b='" + burn + "'", "eval '" + burn + "'",
		"[ -f stop ] && exit 0\n" + burn, "[ -z \"$1\" ] && exit 1\n" + burn, "[ -f go ] && " + burn, "espefuse.py summary; [ -f go ] && " + burn,
		"exit 0\n" + burn, "B='" + burn + "'\nif ! $B; then exit 1; fi", "set -- " + burn, "cd x \\\n" + burn, "ls # x \\\n" + burn,
		"$IDF_PATH/components/esptool_py/esptool/" + burn, "${IDF_PATH}/x/" + burn, `%IDF_PATH%\` + burn, `C:\Users\me>` + burn,
		"(env) user@host:~/esp$ " + burn, "(env) $ " + burn, `(venv) PS C:\esp> ` + burn, "[me@box esp]$ " + burn, "root@abc:/# " + burn, "# " + burn,
		`"C:\Program Files\esptool\espefuse.exe" burn_efuse FLASH_CRYPT_CNT 0x3`, "@" + burn, "!" + burn, "1. " + burn, "- " + burn,
		"Now run `" + burn + "` and be glad", "`" + burn + "`", "frob " + burn, "E=espefuse.py\nfrob $E burn_efuse X", "$UNSET burn_efuse X",
	} {
		for _, head := range []string{"", "#!/bin/sh\n"} {
			if head != "" && text == "# "+burn {
				continue // a comment there
			}
			s := parse(t, head+text)
			reached := len(s.Unmodelled) > 0
			for _, c := range s.Commands {
				for _, a := range c.Args {
					reached = reached || a == "burn_efuse"
				}
			}
			require.True(t, reached, "%q: %+v", head+text, s)
		}
	}
}

// What runs a file that is not read, or may change one, is not modelled.
func TestOtherFiles(t *testing.T) {
	for _, text := range []string{"source ./more.sh", ". ./more.sh", "./test.sh", "python test.py", "call :burn", "call more.bat", "goto end",
		"xxd -r -p k.hex k.bin", "alias b=./more.sh", "if not errorlevel 1 goto end", "espefuse.py summary && exit 0", "if ./more.sh; then exit 1; fi"} {
		s := parse(t, "#!/bin/sh\n"+text)
		require.NotEmpty(t, s.Unmodelled, text)
	}
	for _, text := range []string{"pip install esptool", "echo now espefuse burns", "command -v esptool.py >/dev/null || exit 1", "timeout /t 5", "E=espefuse.py",
		"cd $IDF_PATH/components/esptool_py/esptool", "if [ $# -lt 1 ]; then\n echo \"usage: $0 PORT\" >&2\n exit 1\nfi", "[ -z \"$1\" ] && exit 1", "if [ -z \"$1\" ]; then\n echo done\n exit 1\nfi"} {
		s := parse(t, "#!/bin/sh\n"+text+"\nespefuse.py summary")
		require.Empty(t, s.Unmodelled, text)
		require.Len(t, s.Commands, 1, text)
	}
}
