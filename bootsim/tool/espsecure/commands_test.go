package espsecure_test

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/stretchr/testify/require"
)

// deviation is how we differ from a recorded run on purpose.
type deviation struct {
	rc      int    // ours
	stderr  string // part of what we say there; the recorded text is not expected
	note    string // or: what we say there besides the recorded text
	ownFile bool   // the output file is not the recorded one
}

// v5Deviations are the rows in which we differ from v5 on purpose.
var v5Deviations = map[string]deviation{
	"genkey-160":           {rc: 2, stderr: "160 is not one of [128 192 256 512]"}, // as v4
	"genkey-over-existing": {rc: 2, stderr: "k1.bin already exists"},
	"sign-v1-rsa-key":      {rc: 2, stderr: "Incorrect ECDSA private key specified."}, // as v4
	"enc-address-negative": {note: "treated as 0x00fffff0", ownFile: true},
	"enc-address-4g":       {note: "treated as 0x00000000", ownFile: true},
	"enc-aes-xts-16-key":   {note: "Note: AES-XTS is the flash encryption of newer chips"},
	"sign-v2-skip-padding": {note: "Note: the classic ESP32 looks for signatures at multiples of 4 KiB only"},
	"sign-v2-ec-key":       {note: "Note: Secure Boot V2 with ECDSA is for newer chips"},
}

// v4Codes are exit codes of v4 in which v5, and we with it, decide otherwise.
var v4Codes = map[string]int{"no-command": 0, "sign-v2-skip-padding": 0, "genkey-over-existing": 2}

// Every recorded command of v5: exit code, texts, and which files it leaves.
func TestRecordedCommands(t *testing.T) {
	tally := refdata.Count(t, "espsecure/texts, spelled as v5", 118)
	for _, r := range commandRows(t) {
		t.Run(r.ID, func(t *testing.T) {
			b, before := prepared(t, r)
			rc := b.run(words(r.CmdV5)...)
			d, deviates := v5Deviations[r.ID]
			if !deviates {
				d.rc = r.V5.RC
			}
			require.Equal(t, d.rc, rc, "%s%s", &b.stdout, &b.stderr)
			b.requireTexts(t, r.V5, d)
			b.requireFiles(t, r, r.V5, d, before)
			tally.End(map[bool]string{true: "listed in v5Deviations"}[deviates])
		})
	}
}

// Every recorded command in the spelling of v4 does what it did there: exit code
// and files. The texts are those of v5, after v5's word on the spelling.
func TestRecordedCommandsOfV4(t *testing.T) {
	tally := refdata.Count(t, "espsecure/texts, spelled as v4", 118)
	for _, r := range commandRows(t) {
		t.Run(r.ID, func(t *testing.T) {
			b, before := prepared(t, r)
			rc := b.run(words(r.CmdV4)...)
			want := r.V4.RC
			code, otherwise := v4Codes[r.ID]
			if otherwise {
				want = code
			}
			require.Equal(t, want, rc, "%s%s", &b.stdout, &b.stderr)
			d := v5Deviations[r.ID]
			b.dropDeprecations()
			if r.V4.RC == r.V5.RC {
				b.requireTexts(t, r.V5, d)
				b.requireFiles(t, r, r.V4, d, before)
			}
			tally.End(map[bool]string{true: "listed in v4Codes or v5Deviations"}[otherwise || d != deviation{}])
		})
	}
}

// prepared returns a folder with the inputs of a row, and what is in it.
func prepared(t *testing.T, r commandRow) (*bench, map[string]string) {
	b := newBench(t)
	for name, text := range r.ExtraInputs {
		b.write(t, name, b.extra(t, text))
	}
	return b, b.files(t)
}

var deprecation = regexp.MustCompile(`(?m)^Warning: Deprecated: (Option|Command) '\S+' is deprecated. Use '\S+' instead.\n`)

func (b *bench) dropDeprecations() {
	text := deprecation.ReplaceAllString(b.stdout.String(), "")
	b.stdout.Reset()
	b.stdout.WriteString(text)
}

const banner = "espsecure v5.3.1\n"

// requireTexts compares what was said with what the reference says. The box of a
// usage error and the help pages are ours.
func (b *bench) requireTexts(t *testing.T, want toolRun, d deviation) {
	t.Helper()
	stdout, stderr := b.stdout.String(), b.stderr.String()
	switch {
	case d.stderr != "":
		require.Contains(t, stderr, d.stderr)
	case want.Message != "" && want.RC == 1:
		require.Contains(t, stderr, want.Message)
	case want.Message != "":
		require.True(t, strings.HasSuffix(stderr, "\nError: "+want.Message+"\n"), stderr)
		require.Contains(t, []string{banner, ""}, stdout)
	case strings.Contains(want.Stdout, "[help text]"):
		require.Contains(t, stdout, "encrypt-flash-data")
	case strings.HasPrefix(want.Stderr, "[traceback]"):
		require.Equal(t, want.Stdout, stdout)
		require.True(t, strings.HasPrefix(stderr, "\nA fatal error occurred: "), stderr)
	case d.note != "":
		require.Equal(t, want.Stdout, stdout)
		require.Contains(t, stderr, d.note)
		require.Equal(t, strings.Count(want.Stderr, "\n")+1, strings.Count(stderr, "\n"), stderr)
	default:
		require.Equal(t, want.Stdout, stdout)
		require.Equal(t, want.Stderr, stderr)
	}
}

// requireFiles compares the files left: the output file, if any, and not one
// other has changed.
func (b *bench) requireFiles(t *testing.T, r commandRow, want toolRun, d deviation, before map[string]string) {
	t.Helper()
	after := b.files(t)
	if want.Out != nil && (d.rc == 0 || want.RC != 0) {
		got, ok := after[*want.Out]
		require.True(t, ok, "no %s", *want.Out)
		require.Len(t, got, want.OutLen)
		if want.OutSHA256 != "" && !d.ownFile {
			sum := sha256.Sum256([]byte(got))
			require.Equal(t, want.OutSHA256, hex.EncodeToString(sum[:]))
			if r.File != "" {
				require.Equal(t, string(refdata.Read(t, "espsecure", r.File)), got)
			}
		}
		delete(after, *want.Out)
		delete(before, *want.Out)
	}
	require.Equal(t, before, after, "only the output file may change")
}
