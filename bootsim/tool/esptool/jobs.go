package esptool

import "github.com/bootsim/bootsim/bootsim/tool/cli"

// job is a file to be written.
type job struct {
	part
	encrypt bool
	before  []byte // what was flashed last time; nil if that is not known
}

// jobs lists the files in the order in which they are written.
func (s *session) jobs(w *writing) []job {
	parts, encrypted := w.plain, map[int]bool{}
	if w.encrypted != nil {
		parts = byAddress(append(append([]part(nil), w.plain...), w.encrypted...))
	}
	for i, p := range parts {
		for _, e := range w.encrypted {
			encrypted[i] = encrypted[i] || e.addr == p.addr && e.name == p.name
		}
	}
	jobs := make([]job, len(parts))
	for i, p := range parts {
		jobs[i] = job{part: p, encrypt: encrypted[i] || s.values.Flag("encrypt")}
		if i < len(w.before) {
			jobs[i].before = w.before[i]
		}
	}
	return jobs
}

// checkFit refuses files that reach past the flash.
func (s *session) checkFit(size string, jobs []job) error {
	end := uint64(s.chip.Flash.Size())
	if size != "keep" {
		set := sizeBytes(size)
		if set > end {
			s.env.Warn("Set flash_size %s is larger than the available flash size of %s.", size, s.chip.SizeText())
		}
		end = min(end, set)
	}
	for _, j := range jobs {
		if j.addr+uint64(len(j.data)) > end {
			return cli.Fatalf("File '%s' (length %d) at offset 0x%08x will not fit in %d bytes of flash. Change the flash_size argument or flashing address.",
				j.name, len(j.data), j.addr, end)
		}
	}
	return nil
}
