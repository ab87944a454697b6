package config

import (
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// logLevels are the log levels that a bootloader is built with, "none" apart.
func logLevels() []string { return []string{"error", "warn", "warning", "info", "debug", "verbose"} }

// idfForm is a version as `git describe` and the releases write it.
var idfForm = pattern.Of(`^v?([0-9]+\.[0-9]+(?:\.[0-9]+)?(?:[-+][0-9A-Za-z.+-]+)?)$`)

// bootloader reads what is known of the second stage besides its image.
func (l *loader) bootloader(out *lot, o object) {
	if !o.has("bootloader") {
		return
	}
	b, ok := l.object(o.values["bootloader"], "\"bootloader\"",
		"file", "encrypt", "idf", "log_level", "rollback", "anti_rollback", "factory_reset")
	if !ok {
		return
	}
	opt := &out.Bootloader
	opt.IDF, opt.LogLevel = l.idf(b), l.logLevel(b)
	opt.Rollback, opt.AntiRollback, opt.FactoryReset = b.flag("rollback"), b.flag("anti_rollback"), b.flag("factory_reset")
	if b.has("file") {
		if p, ok := l.source(b, "\"bootloader\"", maxImage); ok {
			p.Address, p.Role = bootloaderAddress, "bootloader"
			out.files = append(out.files, p)
		}
	} else if b.has("encrypt") {
		l.fail(b.at("encrypt"), "\"encrypt\" needs the key \"file\" beside it")
	}
}

// idf returns the version with a leading v.
func (l *loader) idf(o object) string {
	s := o.text("idf")
	if s == "" {
		return ""
	}
	m := idfForm.FindStringSubmatch(s)
	if m == nil {
		l.fail(o.at("idf"), "%q is no ESP-IDF version: write it as v3.1 or v4.4.8", clip(s))
		return ""
	}
	return "v" + m[1]
}

func (l *loader) logLevel(o object) string {
	s := o.text("log_level")
	if s == "" || contains(logLevels(), s) {
		return s
	}
	l.fail(o.at("log_level"), "there is no log level %q: %s", clip(s), strings.Join(logLevels(), ", "))
	return ""
}
