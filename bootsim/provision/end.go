package provision

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// atEnd names the scenario after the last step.
const atEnd = "after the last step"

// end judges the device after the last step that was carried out: what it
// boots, how its flash was encrypted, and what its eFuses leave open. After a
// step that failed, what the device does not boot is no finding of its own.
func (j *judge) end() {
	s := j.last()
	r := check.Run([]bootsim.Lot{j.lot(s)}, nil, check.Options{Engine: j.engine}).Lots[0]
	for _, a := range slices.Concat(j.assumed, j.shelf.assumed, r.Assumed) {
		if !slices.Contains(j.report.Assumed, a) {
			j.report.Assumed = append(j.report.Assumed, a)
		}
	}
	if j.complete() {
		j.ending(s, r)
		j.hygiene()
		j.configOrder()
		j.bootOrder()
		return
	}
	for _, f := range r.Findings {
		if f.Rule == "key-cannot-be-hidden" || f.Rule == "coding-scheme-broken" {
			f.Scenario = ""
			j.report.Findings = append(j.report.Findings, f)
		}
	}
}

// ending takes over what the check of the device found, with the steps that
// brought it about.
func (j *judge) ending(s *state, r bootsim.LotReport) {
	rename := func(name string) string { return strings.Replace(name, "as flashed", atEnd, 1) }
	for _, sc := range r.Scenarios {
		sc.Name = rename(sc.Name)
		j.scenario(sc)
	}
	if len(r.Scenarios) == 0 {
		j.scenario(bootsim.Scenario{Name: atEnd, Verdict: r.Verdict})
	}
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.Rule] = true
	}
	for _, f := range r.Findings {
		if f.Rule == "crypt-config-incomplete" && found["wrong-crypt-config"] {
			continue // the same burn is missing
		}
		f.Scenario = rename(f.Scenario)
		if len(j.plan.Unmodelled) > 0 {
			f.DependsOn = unfollowed
		}
		j.trace(&f, s)
		ownFault(&f, s)
		j.report.Findings = append(j.report.Findings, f)
	}
	if !found["otadata-not-encrypted"] {
		j.otadata(s)
	}
	j.expected(s)
}

// expected makes sure that a partition which the plan names and the table does
// not have is no pass.
func (j *judge) expected(s *state) {
	want := j.plan.Device.Expect
	b := j.boot(s)
	if want == nil || want.Slot == "" || b.outcome.App == nil || b.outcome.App.Label == want.Slot || j.refuted() {
		return
	}
	f := j.add("boots-other-slot", "boots %s instead of %s, which the partition table does not have", b.app(), want.Slot)
	f.Scenario, f.Partition = atEnd, b.outcome.App.Label
	j.report.Verdict = bootsim.Fail
}

// trace adds to a finding which steps are at its root.
func (j *judge) trace(f *bootsim.Finding, s *state) {
	switch f.Rule {
	case "wrong-crypt-config", "crypt-config-incomplete":
		if s.device.Efuses.CryptConfig() == 0 {
			f.Message += "; no step burns FLASH_CRYPT_CONFIG"
			f.Remedy = "Add a step before FLASH_CRYPT_CNT is burnt: espefuse.py burn_efuse FLASH_CRYPT_CONFIG 0xf"
		}
	case "wrong-key", "key-reversed", "key-length", "undecryptable":
		if _, one := s.onlyKey(); f.Rule == "wrong-key" && one && burntAsUsed(s) {
			r, _ := rules.Lookup("key-reversed")
			f.Rule, f.Remedy = r.ID, r.Remedy
			f.Message += ", although it was made of that file: in another byte order than the hardware takes it"
		}
		f.Message += keyNames(s, false, "encrypts")
	case "secure-boot-digest-other-key", "secure-boot-digest-mismatch":
		f.Message += keyNames(s, true, "makes the digest")
	}
	if f.Offset == nil {
		return
	}
	for _, w := range s.writes {
		if w.addr == *f.Offset {
			f.Evidence = append(f.Evidence, fmt.Sprintf("written by step %d: %s", w.step, w.file))
		}
	}
}

// burntAsUsed tells that the key which was burnt is one that encrypted.
func burntAsUsed(s *state) bool {
	return slices.ContainsFunc(s.keys, func(b keyUse) bool {
		return b.burnt && !b.boot && slices.ContainsFunc(s.keys, func(e keyUse) bool { return !e.burnt && !e.boot && e.key.Equal(b.key) })
	})
}

// keyNames tells which key file was burnt and which ones files were made with:
// of flash encryption, or of Secure Boot V1.
func keyNames(s *state, boot bool, verb string) string {
	var text string
	for _, k := range s.keys {
		if k.burnt && k.boot == boot {
			text += fmt.Sprintf("; step %d burns %s", k.step, k.file)
		}
	}
	seen := map[string]bool{}
	for _, k := range s.keys {
		if !k.burnt && k.boot == boot && !seen[k.file] {
			seen[k.file] = true
			text += fmt.Sprintf("; step %d %s with %s", k.step, verb, k.file)
		}
	}
	return text
}

// substituted warns of a key file that was taken for one that is missing.
func (j *judge) substituted(i int, out outcome) {
	if out.instead == "" {
		return
	}
	st := &j.plan.Steps[i]
	f := j.add("plan-key-name", "%s burns %s, which no step makes and which is not there; the steps before encrypt with %s: it is taken for the same key",
		st.At(), burnsKey(st), out.instead)
	f.File = burnsKey(st)
	f.Evidence = append(f.Evidence, "step: "+st.Text)
	f.Remedy = fmt.Sprintf("Burn %s, or give %s with --file if it is the same key.", out.instead, burnsKey(st))
}

// otadata warns of an otadata that is erased on a device that decrypts, which
// the check of a device that does not boot never came to.
func (j *judge) otadata(s *state) {
	d := s.device
	if !d.Efuses.FlashEncryption() {
		return
	}
	lot := j.lot(s)
	ctx := diagnose.Context{Lot: &lot, Device: d, TableOffset: lot.TableOffset}
	table, ok := diagnose.IntendedTable(&ctx)
	if !ok {
		return
	}
	row, ok := table.OTAData()
	if !ok || len(table.OTASlots()) == 0 || !d.Flash.Erased(row.Offset, crypt.UnitSize) || !d.Flash.Erased(row.Offset+flashmodel.SectorSize, crypt.UnitSize) {
		return
	}
	f := j.add("otadata-not-encrypted", "no step writes otadata at 0x%08x: it stays erased, and the device decrypts what it reads there: the entry is noise", row.Offset)
	f.Offset, f.Partition, f.Scenario = &row.Offset, row.Name(), atEnd
}

// configOrder warns of FLASH_CRYPT_CONFIG that is burnt after the count.
func (j *judge) configOrder() {
	on := 0
	before := j.first.device.Efuses
	for i, out := range j.trail {
		now := out.state.device.Efuses
		if now.FlashEncryption() && !before.FlashEncryption() && now.CryptConfig() == before.CryptConfig() && now.CryptConfig() == 0 {
			on = i + 1
		}
		if on > 0 && before.CryptConfig() == 0 && now.CryptConfig() != 0 {
			f := j.add("plan-config-late", "%s burns FLASH_CRYPT_CNT, and FLASH_CRYPT_CONFIG follows only in %s", j.plan.Steps[on-1].At(), j.plan.Steps[i].At())
			f.File = j.plan.Source
			return
		}
		before = now
	}
}
