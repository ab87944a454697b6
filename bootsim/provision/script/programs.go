package script

import (
	"path"
	"slices"
	"strings"
	"sync"
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
	opaque              // runs what another file or a later line tells
)

// programs are known by the name that remains without folder and extension.
var programs = sync.OnceValue(func() map[string]kind {
	known := map[string]kind{}
	for k, names := range map[kind][]string{
		tool:  {"espsecure", "espefuse", "esptool", "gen_esp32part", "parttool", "otatool"},
		files: {"cp", "copy", "mv", "move", "rm", "del", "mkdir", "md", "cat", "dd", "head"},
		build: {"make", "gmake", "mingw32-make", "idf", "cmake", "ninja", "pio", "platformio"},
		idle: {"echo", "printf", "yes", "set", "ls", "dir", "pwd", "sleep", "pause", "read", "true", ":", "clear", "cls", "date", "which",
			"hexdump", "xxd", "od", "md5sum", "sha1sum", "sha256sum", "shasum", "cmp", "diff", "stat", "file", "grep", "unset",
			"pip", "pip3", "git", "activate", "deactivate", "test", "[", "@echo", "chcp", "title", "setlocal", "endlocal", "shopt", "umask"},
		wrapper: {"sudo", "env", "time", "winpty", "nohup", "command", "nice", "timeout", "call", "python", "python3", "python2", "py", "pypy", "pypy3", "bootsim"},
		shell:   {"cd", "pushd", "chdir", "export", "readonly", "local", "declare"},
		leave:   {"exit", "return"},
		opaque:  {"source", ".", "trap", "alias", "eval", "goto", "exec"},
	} {
		for _, name := range names {
			known[name] = k
		}
	}
	return known
})

// program returns a program's bare name and what it means. Tools are known in
// any folder and with any extension; a script that happens to be called
// test.sh is not the program test.
func program(word string) (string, kind) {
	whole := strings.TrimSuffix(strings.ReplaceAll(word, `\`, "/"), ".exe")
	name := path.Base(whole)
	for _, ext := range []string{".py", ".bat", ".cmd", ".sh"} {
		name = strings.TrimSuffix(name, ext)
	}
	exact := name == whole || slices.Contains([]string{"/bin/", "/usr/bin/", "/usr/local/bin/"}, strings.TrimSuffix(whole, name))
	if k, known := programs()[word]; known {
		return word, k
	}
	k, known := programs()[name]
	if known && (exact || k == tool || name == "idf" || name == "activate" || k == wrapper && path.Base(whole) == name) {
		return name, k
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
		if name == "command" && len(words) > 1 && strings.EqualFold(words[1].text, "-v") {
			return append([]token{{text: "which"}}, words[2:]...)
		}
		rest := withoutOptions(name, words[1:])
		if name == "timeout" && len(rest) > 0 {
			if rest = rest[1:]; len(rest) == 0 || words[1].text == "/t" || strings.HasPrefix(rest[0].text, "/") {
				return []token{{text: "sleep"}}
			}
		}
		if strings.HasPrefix(name, "py") && len(rest) > 0 && !runByPython(rest[0].text) {
			return words // a script of that name
		}
		words = rest
	}
	return words
}

// withoutOptions takes a wrapper's own options off: -m, -u, -E and their like.
func withoutOptions(name string, rest []token) []token {
	for len(rest) > 1 && (strings.HasPrefix(rest[0].text, "-") || name == "env" && assignment.MatchString(rest[0].text)) {
		if name == "timeout" && (rest[0].text == "-k" || rest[0].text == "-s") {
			rest = rest[1:]
		}
		rest = rest[1:]
	}
	return rest
}

// environments are scripts of ESP-IDF and of Python that only set variables.
func environments() []string {
	return []string{"export.sh", "export.bat", "export.ps1", "export.fish", "activate", "activate.bat", "activate.ps1", "activate.fish"}
}

// setsUp tells whether a call reads a script that only sets up the environment.
func setsUp(words []token) bool {
	if len(words) != 2 {
		return false
	}
	file := path.Base(strings.ReplaceAll(words[1].text, `\`, "/"))
	return (words[0].text == "." || words[0].text == "source") && slices.Contains(environments(), strings.ToLower(file))
}

func runByPython(word string) bool {
	name, k := program(word)
	return k == tool || k == foreign || name == "idf" || name == "pip"
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
