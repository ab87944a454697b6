package script

import (
	"strconv"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// fill compiles the two usual ways of making a file of one byte:
// head -c SIZE /dev/zero | tr '\0' '\377' > FILE, and dd.
func (r *reader) fill(line int, calls []call, text string) {
	size, ok := sizeOf(calls[0].words)
	value, file := "0", calls[len(calls)-1].output
	if len(calls) == 2 {
		to := calls[1].words
		ok = ok && len(to) == 3 && to[0].text == "tr" && strings.Trim(to[1].text, `\0`) == "" && strings.Trim(to[2].text, `\`) == "377"
		value = "255"
	} else if name := calls[0].words[0].text; name == "dd" {
		file = argument(calls[0].words, "of=", file)
	}
	first, last := calls[0], calls[len(calls)-1]
	if !ok || last.append || len(calls) > 1 && first.output != "" || file == "" || len(calls) > 2 || size > maxFill {
		r.refuse(line, text, "what it writes")
		return
	}
	c := call{words: []token{{text: "fill"}, {text: strconv.Itoa(size)}, {text: value}, {text: file}}}
	r.add(line, text, "fill", c)
}

// maxFill bounds such a file, in bytes: no flash is larger.
const maxFill = 16 << 20

var sizeForm = pattern.Of(`^(\d+)([kKmM]?)$`)

// sizeOf returns how many zeros head -c or dd read from /dev/zero.
func sizeOf(words []token) (int, bool) {
	if words[0].text == "dd" {
		if argument(words, "if=", "") != "/dev/zero" || !plainCopy(words[1:]) {
			return 0, false
		}
		bs, ok1 := number(argument(words, "bs=", "512"))
		count, ok2 := number(argument(words, "count=", ""))
		return bs * count, ok1 && ok2 && bs <= maxFill && count <= maxFill
	}
	size, ok := strings.CutPrefix(show(words[1:]), "-c")
	size, zeros := strings.CutSuffix(size, " /dev/zero")
	if !ok || !zeros {
		return 0, false
	}
	return number(strings.TrimSpace(size))
}

// plainCopy tells whether dd has only operands that are followed: with seek,
// conv or ibs it writes other bytes. What it reports (status) is no matter.
func plainCopy(words []token) bool {
	for _, w := range words {
		switch name, _, _ := strings.Cut(w.text, "="); name {
		case "if", "of", "bs", "count", "status":
		default:
			return false
		}
	}
	return true
}

func argument(words []token, prefix, otherwise string) string {
	for _, w := range words {
		if v, ok := strings.CutPrefix(w.text, prefix); ok {
			return v
		}
	}
	return otherwise
}

func number(s string) (int, bool) {
	m := sizeForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	n *= map[string]int{"": 1, "K": 1 << 10, "M": 1 << 20}[strings.ToUpper(m[2])]
	return n, err == nil && n >= 0 && n <= maxFill
}
