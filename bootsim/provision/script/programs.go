package script

import (
	"path"
	"slices"
	"strings"
)

// kind is what a program means to a device.
type kind uint8

const (
	foreign kind = iota // not known
	tool                // one of Espressif's tools
	files               // a file operation that is followed
	build               // builds firmware, or flashes it
	idle                // changes nothing that matters
	wrapper             // runs the program that follows
	shell               // changes the shell: cd, export
	leave               // ends the script
)

// programs are known by the name that remains without folder and extension.
func programs() map[kind][]string {
	return map[kind][]string{
		tool:  {"espsecure", "espefuse", "esptool", "gen_esp32part", "parttool", "otatool"},
		files: {"cp", "copy", "mv", "move", "rm", "del", "mkdir", "md", "cat", "dd", "head"},
		build: {"make", "gmake", "mingw32-make", "idf", "cmake", "ninja", "pio", "platformio"},
		idle: {"echo", "printf", "yes", "set", "ls", "dir", "pwd", "sleep", "timeout", "pause", "read", "true", ":", "clear", "cls", "date", "which",
			"hexdump", "xxd", "od", "md5sum", "sha1sum", "sha256sum", "shasum", "cmp", "diff", "stat", "file", "grep", "source", ".", "alias", "unset",
			"trap", "pip", "pip3", "git", "activate", "deactivate", "test", "[", "@echo", "call", "chcp", "title", "setlocal", "endlocal", "shopt", "umask"},
		wrapper: {"sudo", "env", "time", "winpty", "nohup", "command", "exec", "nice", "python", "python3", "python2", "py", "pypy", "pypy3", "bootsim"},
		shell:   {"cd", "pushd", "chdir", "export", "readonly", "local", "declare"},
		leave:   {"exit", "return"},
	}
}

// program returns a program's bare name and what it means.
func program(word string) (string, kind) {
	name := path.Base(strings.ReplaceAll(word, `\`, "/"))
	for _, ext := range []string{".exe", ".py", ".bat", ".cmd", ".sh"} {
		name = strings.TrimSuffix(name, ext)
	}
	for k, names := range programs() {
		if slices.Contains(names, name) || slices.Contains(names, word) {
			return name, k
		}
	}
	return name, foreign
}

// unwrapped takes sudo, python -m and their like off a call.
func unwrapped(words []token) []token {
	for len(words) > 0 {
		name, k := program(words[0].text)
		if k != wrapper {
			return words
		}
		words = words[1:]
		for len(words) > 1 && (strings.HasPrefix(words[0].text, "-") || name == "env" && assignment.MatchString(words[0].text)) {
			words = words[1:] // -m, -u, -E
		}
	}
	return words
}

// device tells which targets of make, idf.py and pio reach for the device:
// those that erase it, and those that do what is not followed.
func deviceTargets(words []token) (erases, flashes bool) {
	for _, w := range words[1:] {
		t := strings.ReplaceAll(w.text, "_", "-")
		switch {
		case t == "erase-flash":
			erases = true
		case t == "flash", t == "upload", t == "uploadfs", t == "erase", t == "program", strings.HasSuffix(t, "-flash"),
			strings.HasPrefix(t, "erase-"), strings.HasPrefix(t, "efuse-"), strings.HasPrefix(t, "secure-"):
			flashes = true
		}
	}
	return erases, flashes
}
