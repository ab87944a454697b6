// Package cmdline reads esptool command lines, the scripts that hold them, and
// the argument files that esptool takes as @FILE: which file goes to which
// flash address.
//
// The options are those of esptool.py 2.8 to 4.12 (write_flash, merge_bin) and
// of esptool 5 (write-flash, merge-bin). What a shell does to the text is
// followed as far as paths need it: quotes, continued lines (\ ^ `), variables
// set in the same text.
package cmdline

import "fmt"

// Verb is what a command does to flash.
type Verb uint8

// The verbs that matter to flash content.
const (
	Write Verb = iota // write_flash, write-flash
	List              // address and file pairs without a verb: an argument file
	Merge             // merge_bin, merge-bin: the same pairs, merged into one file
	Erase             // erase_flash, erase-flash
)

// Command is one esptool command.
type Command struct {
	Verb     Verb
	Line     int // of its first word, from 1
	Chip     string
	Mode     string // --flash_mode, empty: not given
	Freq     string // --flash_freq
	Size     string // --flash_size, "keep", "detect" or "4MB"
	EraseAll bool   // the chip is erased before writing
	Pairs    []Pair // in the order that they are written
}

// Pair is one file at one flash address.
type Pair struct {
	Address uint32
	File    string // as written, quotes removed
	From    string // the argument file that names it; empty: the text itself
	Line    int    // in From or the text, from 1
	Encrypt bool   // --encrypt, or listed after --encrypt-files
}

// Error tells which word of a command line cannot be understood.
type Error struct {
	Source string // argument file; empty: the text itself
	Line   int
	Word   string
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%sline %d: %q: %s", prefix(e.Source), e.Line, e.Word, e.Reason)
}

func prefix(source string) string {
	if source == "" {
		return ""
	}
	return source + ": "
}

// Limits of what is read. No flasher needs more; hostile text does.
const (
	MaxText  = 1 << 20 // bytes of one text
	maxWords = 1 << 16 // of a text with its argument files
	maxDepth = 4       // argument files that name argument files
	fileCost = 1 << 10 // words that an argument file counts as, whatever is in it
)

// Options tells Parse about the surroundings of a text.
type Options struct {
	// ReadFile returns the text of an argument file; nil: @FILE is an error.
	ReadFile func(name string) (string, error)
	// Lenient skips commands that cannot be understood, as scripts need it:
	// they hold much that is no flashing.
	Lenient bool
}

// Parse returns the flash commands in a text, in its order. Lines that are no
// esptool command are passed over. Errors: *Error, unless o.Lenient.
func Parse(text string, o Options) ([]Command, error) {
	if len(text) > MaxText {
		return nil, &Error{Line: 1, Reason: fmt.Sprintf("text of %d bytes; no more than %d are read", len(text), MaxText)}
	}
	lines, err := split(text)
	if err != nil {
		return nil, err
	}
	var commands []Command
	budget := maxWords
	for _, words := range group(expandVariables(lines)) {
		c, ok, err := parseCommand(words, o, &budget)
		if err != nil && !o.Lenient {
			return nil, err
		}
		if ok && err == nil {
			commands = append(commands, c)
		}
	}
	return commands, nil
}
