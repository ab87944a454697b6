package bootsim

// Verdict is pass or fail, or that no verdict can be given.
type Verdict string

// The verdicts. NotModelled is never counted as a pass.
const (
	Pass        Verdict = "pass"
	Fail        Verdict = "fail"
	NotModelled Verdict = "not-modelled"
)

// Severity of a finding.
type Severity string

// Severities, from the least.
const (
	Note    Severity = "note"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Finding is one root cause.
type Finding struct {
	Rule      string   `json:"rule"` // stable kebab-case id, see bootsim/rules
	Severity  Severity `json:"severity"`
	Message   string   `json:"message"` // the cause, in this case
	Remedy    string   `json:"remedy"`  // what to do next, with the command where there is one
	Lot       string   `json:"lot,omitempty"`
	Release   string   `json:"release,omitempty"`
	Scenario  string   `json:"scenario,omitempty"` // the first scenario that shows it
	File      string   `json:"file"`
	Partition string   `json:"partition"`
	Offset    *uint32  `json:"offset"`             // flash address; null when it is none
	Evidence  []string `json:"evidence,omitempty"` // offsets and bytes, console lines; a line each
	DependsOn string   `json:"depends_on,omitempty"`
}

// Boots is the application that a scenario ended in.
type Boots struct {
	Label   string `json:"label"`
	Offset  uint32 `json:"offset"`
	Version string `json:"version"`
	Project string `json:"project"`
	IDF     string `json:"idf"`
}

// Scenario is one run of one lot: as flashed, or a release installed over one
// running slot and otadata state.
type Scenario struct {
	Name    string   `json:"name"`
	Release string   `json:"release,omitempty"`
	Verdict Verdict  `json:"verdict"`
	Boots   *Boots   `json:"boots"`
	Expect  string   `json:"expect,omitempty"` // what it should have booted, in words
	Log     []string `json:"log"`
	// Unbooted tells that files were read and nothing was booted.
	Unbooted bool `json:"-"`
}

// Swept is what losses of power during one release lead to on one lot. Only
// clean cuts are looked at, one a history; the command sweep goes further.
type Swept struct {
	Release   string   `json:"release"`
	DependsOn string   `json:"depends_on,omitempty"`
	Updater   string   `json:"updater"` // the way of updating that was assumed, with options
	States    int      `json:"states"`  // after a cut, one for each operation
	Runs      int      `json:"runs"`    // of the device that were carried out
	Verdict   Verdict  `json:"verdict"` // not-modelled where the bound on runs left something out
	Broken    []string `json:"broken"`  // invariants
	Evidence  []string `json:"evidence,omitempty"`
}

// LotReport is what was found of one lot.
type LotReport struct {
	Name      string     `json:"name"`
	Source    string     `json:"source,omitempty"`
	Verdict   Verdict    `json:"verdict"`
	Assumed   []string   `json:"assumed,omitempty"`
	Scenarios []Scenario `json:"scenarios"`
	Findings  []Finding  `json:"findings"`
	Sweeps    []Swept    `json:"sweeps,omitempty"`
}

// Report is the outcome of one check.
type Report struct {
	Schema   string      `json:"schema"`
	Tool     string      `json:"tool"`
	Verdict  Verdict     `json:"verdict"`
	Lots     []LotReport `json:"lots"`
	Findings []Finding   `json:"findings"` // of all lots, in order
}
