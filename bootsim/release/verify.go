package release

import (
	"errors"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/diagnose"
)

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
	if len(r.Lots) == 0 {
		// Nothing was looked at, and nothing may pass.
		r.Verdict = bootsim.Fail
		r.Findings = append(r.Findings, diagnose.Misdescribed(&diagnose.Context{Lot: &bootsim.Lot{}}, s.name(), "%s serves no lot, so nothing of it was verified", s.name()))
	}
	return r
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
	v.agreement(name)
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
		v.unfielded(&v.all[i], claims, err, e)
		return
	}
	v.unit = unit
	v.routes(name)
	for _, c := range claims {
		v.claim(c)
	}
	v.bundled(name)
	if len(claims) == 0 && v.report.Verdict == bootsim.Pass {
		v.misdescribed("the release has no file for lot %s, so nothing was verified", name)
	}
}

// unverified reports a lot of which no device is known.
func (v *verifier) unverified(claims []*claim, format string, args ...any) {
	v.unread(claims, "not verified: key unknown")
	v.worsen(bootsim.NotModelled)
	v.find(diagnose.KeyUnknown(&v.context, "", format, args...))
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
