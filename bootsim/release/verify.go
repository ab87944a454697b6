package release

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// Subject is what Verify looks at.
type Subject struct {
	Folder *Folder        // nil: none
	Only   string         // of the folder, this file alone; empty: all
	Bundle *bundle.Bundle // the folder's, or one by itself; nil: none
	File   string         // name of the bundle, for messages
}

// Take puts a folder in, with its bundle. A bundle that cannot be read is left
// out; Verify reports it as damage.
func (s *Subject) Take(f *Folder) {
	s.Folder = f
	if b := f.Index.Bundle; b != nil && (s.Only == "" || s.Only == b.Name) {
		s.File = f.Path(b.Name)
		s.Bundle, _ = bundle.Decode(f.Files[b.Name])
	}
}

// Verify reads every image of a release as the devices of every lot would that
// it claims to serve, and compares the index with where those devices update
// to. It needs the lots' keys and tables, not the plaintext. A lot that is not
// described, or whose key is not known, gets no verdict.
func Verify(lots []bootsim.Lot, s *Subject, opt check.Options) *bootsim.Report {
	r := &bootsim.Report{Schema: check.SchemaID, Tool: opt.Tool, Verdict: bootsim.Pass, Lots: []bootsim.LotReport{}, Findings: []bootsim.Finding{}}
	for _, name := range s.lots(lots) {
		v := &verifier{all: lots, subject: s, report: bootsim.LotReport{Name: name, Verdict: bootsim.Pass, Scenarios: []bootsim.Scenario{}, Findings: []bootsim.Finding{}}}
		v.lot(name, opt.Engine)
		r.Lots = append(r.Lots, v.report)
		r.Findings = append(r.Findings, v.report.Findings...)
		if v.report.Verdict != bootsim.Pass {
			r.Verdict = bootsim.Fail
		}
	}
	return r
}

// lots lists the lots that the subject claims to serve: those of the index,
// those of the bundle, and ids of the bundle that belong to none described.
func (s *Subject) lots(known []bootsim.Lot) []string {
	var out []string
	ids := map[uint32]bool{}
	add := func(name string, id uint32) {
		if !ids[id] {
			ids[id] = true
			out = append(out, name)
		}
	}
	if s.Folder != nil {
		for i := range s.Folder.Index.Lots {
			if l := &s.Folder.Index.Lots[i]; len(s.claims(l.Name)) > 0 || s.Only == "" {
				add(l.Name, l.ID)
			}
		}
	}
	if s.Bundle == nil {
		return out
	}
	for _, e := range s.Bundle.Entries {
		i := slices.IndexFunc(known, func(l bootsim.Lot) bool { return bundle.LotID(l.Name) == e.Lot })
		if i < 0 {
			add(strangerName(e.Lot), e.Lot)
			continue
		}
		add(known[i].Name, e.Lot)
	}
	return out
}

// strangerName stands for a lot of which only the id is known.
func strangerName(id uint32) string { return fmt.Sprintf("lot id 0x%08x", id) }

// claims is all that the subject says of a lot.
func (s *Subject) claims(name string) []*claim {
	var out []*claim
	if s.Folder != nil {
		for i := range s.Folder.Index.Lots {
			if l := &s.Folder.Index.Lots[i]; l.Name == name {
				out = s.Folder.claims(l)
			}
		}
		out = slices.DeleteFunc(out, func(c *claim) bool { return s.Only != "" && c.file != s.Folder.Path(s.Only) })
	}
	if s.Bundle == nil {
		return out
	}
	for _, e := range s.Bundle.Entries {
		if bundle.LotID(name) == e.Lot || strangerName(e.Lot) == name {
			return append(out, bundleClaims(s.Bundle, s.File, name, e.Lot)...)
		}
	}
	return out
}

// verifier verifies what a release has for one lot.
type verifier struct {
	all     []bootsim.Lot
	subject *Subject
	unit    *fielded // nil: not known
	context diagnose.Context
	report  bootsim.LotReport
}

func (v *verifier) lot(name string, e check.Engine) {
	claims := v.subject.claims(name)
	v.damagedBundle()
	i := slices.IndexFunc(v.all, func(l bootsim.Lot) bool { return l.Name == name })
	if i < 0 {
		v.context = diagnose.Context{Lot: &bootsim.Lot{Name: name}, All: v.all}
		v.unverified(claims, "lot %s is not described, so its files were compared with the index alone: describe it in the configuration (--lots)", name)
		return
	}
	v.report.Source = v.all[i].Source
	v.context = diagnose.Context{Lot: &v.all[i], All: v.all, TableOffset: check.TableOffset(&v.all[i])}
	unit, err := field(&v.all[i], e)
	switch {
	case errors.Is(err, check.ErrKeyUnknown):
		v.unverified(claims, "the key of lot %s is not known, so its files were compared with the index alone", name)
		return
	case err != nil:
		v.report.Verdict = bootsim.NotModelled
		v.find(diagnose.Unbuildable(&v.all[i], err, false))
		return
	}
	v.unit = unit
	v.routes(name)
	for _, c := range claims {
		v.claim(c)
	}
	v.bundled(name)
}

// unverified goes as far as one gets without a device: damage is a fail, all
// else no verdict.
func (v *verifier) unverified(claims []*claim, format string, args ...any) {
	for _, c := range claims {
		if c.damage != "" {
			v.claim(c)
			continue
		}
		v.record(bootsim.NotModelled, c, "what its devices can start (not verified: key unknown)")
	}
	v.worsen(bootsim.NotModelled)
	v.find(diagnose.KeyUnknown(&v.context, "", format, args...))
}

// damagedBundle reports a bundle that cannot be read, to every lot.
func (v *verifier) damagedBundle() {
	f := v.subject.Folder
	if f == nil || f.Index.Bundle == nil || v.subject.Only != "" && v.subject.Only != f.Index.Bundle.Name {
		return
	}
	v.context.Lot = &bootsim.Lot{Name: v.report.Name}
	if problem := f.problem(f.Index.Bundle); problem != "" || v.subject.Bundle == nil {
		if problem == "" {
			problem = "it is no bundle"
		}
		v.worsen(bootsim.Fail)
		v.find(diagnose.Damaged(&v.context, f.Path(f.Index.Bundle.Name), "the bundle cannot be used: %s", problem))
	}
}

// record adds one image's verdict. expect says what it should be.
func (v *verifier) record(verdict bootsim.Verdict, c *claim, expect string) {
	v.report.Scenarios = append(v.report.Scenarios, bootsim.Scenario{Name: c.String(), Verdict: verdict, Expect: expect, Log: []string{}, Unbooted: true})
	v.worsen(verdict)
}

// worsen lets a verdict weigh on the lot's: a fail more than no verdict.
func (v *verifier) worsen(verdict bootsim.Verdict) {
	if verdict == bootsim.Fail || verdict == bootsim.NotModelled && v.report.Verdict == bootsim.Pass {
		v.report.Verdict = verdict
	}
}

func (v *verifier) find(found ...bootsim.Finding) {
	for _, f := range found {
		// Index and bundle may lack the same.
		if !slices.ContainsFunc(v.report.Findings, func(g bootsim.Finding) bool { return f.Rule == g.Rule && f.Message == g.Message && f.File == g.File }) {
			v.report.Findings = append(v.report.Findings, f)
		}
	}
}
