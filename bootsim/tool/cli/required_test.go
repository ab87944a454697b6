package cli_test

import (
	"testing"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/stretchr/testify/require"
)

func signTool() *cli.Tool {
	return &cli.Tool{Commands: []cli.Command{{Name: "sign", Args: []cli.Arg{{Metavar: "FILE"}}, Options: []cli.Option{
		{Name: "version", Short: "v", Required: true, Choices: []string{"1", "2"}},
		{Name: "key", Short: "k", Many: true},
		{Name: "in-place", Flag: true},
	}}}}
}

// An option that takes many takes all words up to the next option, and may be
// given again.
func TestManyWords(t *testing.T) {
	for _, c := range []struct {
		args []string
		keys []string
	}{
		{[]string{"-k", "a", "b", "-v", "1", "in"}, []string{"a", "b"}},
		{[]string{"--key", "a", "--in-place", "in", "-v=2", "--key=b", "c"}, []string{"a", "b", "c"}},
		{[]string{"-v1", "in", "-ka", "b"}, []string{"a", "b"}},
		{[]string{"-v", "1", "in"}, nil},
	} {
		line, err := signTool().Parse(cli.Env{}, append([]string{"sign"}, c.args...))
		require.NoError(t, err)
		require.NoError(t, line.Calls[0].Err, c.args)
		require.Equal(t, c.keys, line.Calls[0].Values.List("key"), c.args)
		require.Equal(t, []string{"in"}, line.Calls[0].Values.Args)
	}
}

// One of the tool takes words up to the command.
func TestManyWordsBeforeCommand(t *testing.T) {
	tool := signTool()
	tool.Options = []cli.Option{{Name: "port-filter", Many: true}}
	line, err := tool.Parse(cli.Env{}, []string{"--port-filter", "vid=1", "pid=2", "sign", "-v", "1", "in"})
	require.NoError(t, err)
	require.Equal(t, []string{"vid=1", "pid=2"}, line.Values.List("port-filter"))
	require.Len(t, line.Calls, 1)
	require.NoError(t, line.Calls[0].Err)
}

func TestRequired(t *testing.T) {
	for message, args := range map[string][]string{
		"Missing option '--version' / '-v'. Choose from: 1, 2":              {"sign", "in"},
		"Missing argument 'FILE'.":                                          {"sign", "-v", "1", "-k", "in"},
		"Invalid value for '--version' / '-v': '3' is not one of '1', '2'.": {"sign", "-v", "3", "in"},
		"Option '--key' requires an argument.":                              {"sign", "-v", "1", "in", "--key"},
	} {
		line, err := signTool().Parse(cli.Env{}, args)
		require.NoError(t, err)
		var usage *cli.UsageError
		require.ErrorAs(t, line.Calls[0].Err, &usage)
		require.Equal(t, message, usage.Message)
	}
}

func TestInvalid(t *testing.T) {
	tool := signTool()
	err := tool.Invalid(cli.Env{Prog: "x"}, &tool.Commands[0], "version", "'%s': odd", "v")
	require.EqualError(t, err, "Invalid value for '--version' / '-v': 'v': odd")
	require.EqualError(t, tool.Invalid(cli.Env{}, &tool.Commands[0], "FILE", "gone"), "Invalid value for 'FILE': gone")
}
