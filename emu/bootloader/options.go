package bootloader

import "strings"

// level takes the log level from which texts there are, and what is printed
// about the build itself.
func (d *detection) level() {
	level, known := d.logLevel()
	d.p.LogLevel = level
	if !known && d.mentions(msgLoaded) {
		d.p.LogLevel = LogInfo
	}
	d.p.CompileTime = d.compileTime()
	if d.p.LogLevel < LogInfo {
		return
	}
	for _, id := range []messageID{msgMulticore, msgUnicore} {
		if !d.mentions(id) {
			d.p.texts[id] = message{}
		}
	}
}

// mentions tells whether the message of the profile's version is compiled in.
func (d *detection) mentions(id messageID) bool {
	m := d.p.texts[id]
	return m.text != "" && d.says(m)
}

// compileTime is what follows "compile time " in a format, or the date in the
// descriptor of versions that print that.
func (d *detection) compileTime() string {
	rest, ok := d.beginning('I', "compile time ")
	if ok && rest == "%s" {
		if d.im.Boot == nil {
			return ""
		}
		return d.im.Boot.DateTime
	}
	return rest
}

// reword replaces messages by how the binary words them, where the version
// would have it otherwise, and behaviours that have texts of their own.
func (d *detection) reword() {
	changed := 0
	for id, h := range messages() {
		m := d.p.texts[id]
		if m.text == "" || d.says(m) || d.levels[m.level] == 0 {
			continue
		}
		if found := d.otherwise(h); found != (message{}) {
			d.p.texts[id] = found
			changed++
		}
	}
	for _, p := range proofs {
		if d.p.LogLevel < p.level {
			continue
		}
		if has := d.containsAny(p.texts); has != d.p.features[p.feature] {
			d.p.features[p.feature] = has
			changed++
		}
	}
	if changed > 0 {
		d.assume("%d of the bootloader's texts are not those of %s; the texts of the binary count.", changed, d.p.Version)
	}
}

// proofs are behaviours that show in texts of a level.
var proofs = []struct {
	feature feature
	level   LogLevel
	texts   []string
}{
	{featChipIDs, LogError, []string{"mismatch chip ID"}},
	{featRevisionTwoPart, LogInfo, []string{"chip revision: v%d.%d"}},
	{featRevisionThreeDigits, LogInfo, []string{"chip revision: V%03d"}},
	{featRevisionFull, LogError, []string{"Image requires chip rev >=", "chip revision check failed. Required >="}},
	{featRevisionMax, LogError, []string{"Image requires chip rev <=", "chip revision check failed. Required <="}},
	{featStackLimit, LogError, []string{"overlaps bootloader IRAM ("}},
	{featLoadChecks, LogError, []string{"bad load address range"}},
	{featTableMD5, LogError, []string{"Incorrect MD5 checksum"}},
	{featUsageNVSKeys, LogInfo, []string{"NVS keys"}},
	{featUsageBoot, LogInfo, []string{"primary bootloader"}},
	{featUsageRecovery, LogInfo, []string{"recovery bootloader"}},
	{featLargeSizeTexts, LogInfo, []string{"128MB"}},
	{featSPIWarnings, LogWarn, []string{"has invalid SPI mode"}},
	{featEarlyInit, LogInfo, []string{"Chip Revision: %d"}},
	{featWritesOTAData, LogError, []string{"Error in write_otadata operation"}},
}

func (e *evidence) containsAny(texts []string) bool {
	for _, t := range texts {
		if e.contains(t) {
			return true
		}
	}
	return false
}

// options takes build options from the texts that come with them.
func (d *detection) options() {
	switch {
	case d.says(messages()[msgUnicore].newest()):
		d.p.SingleCore = Yes
	case d.says(messages()[msgMulticore].newest()):
		d.p.SingleCore = No
	}
	d.p.Assertions = TriOf(d.contains("abort() was called at PC") || d.contains("Assert failed in") || d.contains("assert failed:"))
	if d.mentions(msgQIODefault) || d.mentions(msgQIOFailed) {
		d.p.Quad = QuadOn
		d.assume("The flash chip can do quad mode, and is not one of the makes that the bootloader has a command of its own for.")
	}
	d.p.PinsFixed = d.contains("SPI flash pins are overridden")
	if d.mentions(msgCPURated) {
		d.p.CPUFrequency = 240
	}
	d.p.TestApp = d.contains("Detect a boot condition of the test firmware")
	d.p.FastBoot = d.contains("Fast booting app from partition") || d.contains("Fast booting is not successful")
	if d.contains("Detect a condition of the factory reset") {
		d.p.FactoryReset = &FactoryReset{Labels: d.resetLabels()}
	}
	d.rollback()
}

// resetLabels is the list of labels that a factory reset erases: the literal
// next to the text that names it.
func (d *detection) resetLabels() string {
	at, ok := d.formats[spoken{'I', plainFormat(messages()[msgEraseList][0].text)}]
	if ok && at > 0 && !strings.ContainsAny(d.literals[at-1], "%\x1b\n") {
		return d.literals[at-1]
	}
	d.assume("Which partitions a factory reset erases is not known; \"nvs\" is assumed.")
	return "nvs"
}

// rollback decides the two options of that name. The texts of rollback itself
// are of level DEBUG.
func (d *detection) rollback() {
	p := &d.p
	switch {
	case !p.has(featFillsLabel):
		p.AntiRollback = No
	case p.LogLevel >= LogInfo:
		p.AntiRollback = TriOf(d.mentions(msgAntiRollback))
	case d.contains("Max secure version is"):
		p.AntiRollback = Yes
	}
	switch {
	case !p.has(featWritesOTAData):
		p.Rollback = No
	case p.AntiRollback == Yes:
		p.Rollback = Yes
	case p.LogLevel >= LogDebug:
		p.Rollback = TriOf(d.mentions(msgAborted))
	}
}

// newest is a message as it reads today.
func (h history) newest() message { return h[len(h)-1].message }
