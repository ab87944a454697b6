package parttable_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// outcome is what a run of the tool leaves behind.
type outcome struct {
	rc             int
	stdout, stderr string
	out            []byte // nil without an output file
}

// usage marks the recorded stderr of an error in the command line; what comes
// before it is the usage text of the command-line library.
const usage = "gen_esp32part.py: error: "

// tool runs Convert the way the command line tool does, on a file that is
// called name and holds input.
func tool(tb testing.TB, version string, args []string, name string, input []byte) outcome {
	tb.Helper()
	v, err := parttable.ParseVersion(version)
	require.NoError(tb, err)
	o, err := parttable.Defaults(v)
	require.NoError(tb, err)
	var r outcome
	o.Stderr = func(line string) { r.stderr += line + "\n" }
	o.Stdout = func(line string) { r.stdout += line + "\n" }
	o.InputName, o.Getenv = name, environment
	if err := options(tb, append(args, name, "out"), name, &o); err != nil {
		return outcome{rc: parttable.ExitInput, stderr: usage + err.Error() + "\n"}
	}
	out, err := parttable.Convert(input, o)
	if r.rc = parttable.ExitCode(err); err == nil {
		r.out = out.Data
		return r
	}
	var exception *parttable.ExceptionError
	if errors.As(err, &exception) {
		r.stderr += "[traceback]\n" + err.Error()
		return r
	}
	r.stderr += err.Error() + "\n"
	return r
}

// options understands the arguments that occur in the recorded runs. The file
// called input is the only one that can be opened.
func options(tb testing.TB, args []string, input string, o *parttable.Options) (err error) {
	tb.Helper()
	positional := 0
	for i := 0; i < len(args) && err == nil; i++ {
		value := ""
		if i+1 < len(args) {
			value = args[i+1]
		}
		switch args[i] {
		case "--no-verify":
			o.Verify = false
		case "--verify":
			o.Verify = !o.Profile.InvertedVerify
		case "--disable-md5sum":
			o.MD5 = false
		case "--quiet":
			o.Quiet = true
		case "--flash-size":
			o.FlashSize, err = o.Profile.ParseFlashSize(value)
			i++
		case "--secure":
			o.Secure = parttable.SecureV1
			if o.Profile.SecureV2 {
				o.Secure, err = o.Profile.ParseSecure(value)
				i++
			}
		case "--offset":
			o.Offset = address(tb, value)
			i++
		case "--extra-partition-subtypes":
			for i+1 < len(args) && args[i+1] != input {
				i++
				o.ExtraSubtypes = append(o.ExtraSubtypes, args[i])
			}
		case "--recovery-bootloader-offset":
			offset := address(tb, value)
			o.RecoveryBootloaderOffset = &offset
			i++
		case "--primary-bootloader-offset":
			if o.Profile.FixedRows {
				offset := address(tb, value)
				o.PrimaryBootloaderOffset = &offset
				i++
			}
		default:
			if positional == 0 && args[i] != input {
				err = fmt.Errorf("argument input: can't open '%[1]s': [Errno 2] No such file or directory: '%[1]s'", args[i])
			}
			positional++
		}
	}
	return err
}

// environment is that of the recorded runs.
func environment(name string) (string, bool) {
	value, ok := map[string]string{"PT_SIZE": "4K", "PT_NAME": "main", "HOME": "/home/user"}[name]
	return value, ok
}

func address(tb testing.TB, text string) int64 {
	tb.Helper()
	n, err := strconv.ParseInt(text, 0, 64)
	require.NoError(tb, err)
	return n
}

// withoutUsage drops the usage text, which belongs to the command-line library.
func withoutUsage(stderr string) string {
	if i := strings.Index(stderr, usage); i >= 0 {
		return stderr[i:]
	}
	return stderr
}
