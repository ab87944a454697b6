package esptool

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// encryptAlign is what addresses and lengths of encrypted files are multiples
// of, in bytes.
const encryptAlign = 32

// writing is what a write-flash was asked to do.
type writing struct {
	plain, encrypted []part
	before           [][]byte // of --diff-with, in the order of the files
	skip, trust      bool
}

// writeFlash writes files to the flash.
func (s *session) writeFlash() (action, error) {
	w := &writing{skip: s.values.Flag(optSkipFlashed), trust: s.values.Flag(optTrust)}
	var err error
	if w.plain, err = s.pairs(pairsName, s.values.Args); err != nil {
		return nil, err
	}
	if s.values.Given(optEncryptList) {
		if w.encrypted, err = s.pairs(optEncryptList, s.values.List(optEncryptList)); err != nil {
			return nil, err
		}
	}
	if err := s.readDiffs(w); err != nil {
		return nil, err
	}
	if err := s.checkTogether(w); err != nil {
		return nil, err
	}
	return func() error { return s.write(w) }, nil
}

// readDiffs reads the files of --diff-with.
func (s *session) readDiffs(w *writing) error {
	for _, name := range s.values.List(optDiffWith) {
		if strings.EqualFold(name, "skip") {
			w.before = append(w.before, nil)
			continue
		}
		parts, err := s.open(optDiffWith, name, 0)
		if err != nil {
			return err
		}
		for _, p := range parts {
			w.before = append(w.before, p.data)
		}
	}
	return nil
}

// checkTogether refuses options that exclude each other.
func (s *session) checkTogether(w *writing) error {
	diff := s.values.Given(optDiffWith)
	switch {
	case w.skip && (diff || w.trust):
		return s.tool.Misused(s.env, s.command, "Illegal usage: --skip-flashed is mutually exclusive with arguments: --diff-with, --trust-flash-content.")
	case s.values.Flag("compress") && s.values.Flag("no-compress"):
		return s.tool.Misused(s.env, s.command, "Illegal usage: --no-compress is mutually exclusive with arguments: --compress.")
	case s.values.Flag("encrypt") && w.encrypted != nil:
		return cli.Fatalf("Options --encrypt and --encrypt-files must not be specified at the same time.")
	case w.trust && !diff:
		return cli.Fatalf("Option --trust-flash-content requires --diff-with.")
	}
	return nil
}

func (s *session) write(w *writing) error {
	s.dropShortcuts(w)
	if err := s.checkWrite(w.plain); err != nil {
		return err
	}
	if err := s.checkSecurity(w); err != nil {
		return err
	}
	params := s.flashParams()
	size, err := s.configureSize()
	if err != nil {
		return err
	}
	params.size = size
	jobs := s.jobs(w)
	if err := s.checkFit(params.size, jobs); err != nil {
		return err
	}
	if s.values.Flag("erase-all") {
		if err := s.eraseAll(); err != nil {
			return err
		}
	}
	for _, j := range jobs {
		if len(jobs) > 1 {
			s.env.Printf("\nWriting '%s' at 0x%08x...\n", j.name, j.addr)
		}
		if err := s.writeJob(params, w, j); err != nil {
			return err
		}
	}
	return s.create()
}

// dropShortcuts gives up --diff-with and --skip-flashed where all data has to
// be written.
func (s *session) dropShortcuts(w *writing) {
	reason := ""
	switch {
	case s.values.Flag("erase-all"):
		reason = "enabled erase-all"
	case s.values.Flag("encrypt"):
		reason = "enabled encryption"
	default:
		return
	}
	if w.before != nil {
		s.note("Fast reflashing of changed data sectors is not supported with %s. Will flash all data.", reason)
		w.before, w.trust = nil, false
	}
	if w.skip {
		s.note("Skipping flashing of already flashed content is not supported with %s. Will flash all data.", reason)
		w.skip = false
	}
}

func (s *session) checkSecurity(w *writing) error {
	switch {
	case s.values.Flag("encrypt"):
		return s.checkEncrypt(w.plain)
	case w.encrypted != nil:
		return s.checkEncrypt(w.encrypted)
	}
	return s.checkPlain()
}
