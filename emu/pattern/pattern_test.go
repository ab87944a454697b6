package pattern_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryPatternCompiles reads this module's source for the expressions that
// patterns are made of, since the command itself compiles none before its use.
func TestEveryPatternCompiles(t *testing.T) {
	root := os.DirFS(filepath.Join("..", ".."))
	found := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		source, err := fs.ReadFile(root, name)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isOf(call) {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			require.True(t, ok, "%s: a pattern whose text is not written in place", name)
			text, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			_, err = regexp.Compile(text)
			require.NoError(t, err, name)
			found++
			return true
		})
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, found, 40, "patterns were looked for in the wrong place")
}

// isOf tells a call of pattern.Of.
func isOf(call *ast.CallExpr) bool {
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fn.Sel.Name != "Of" || len(call.Args) != 1 {
		return false
	}
	of, ok := fn.X.(*ast.Ident)
	return ok && of.Name == "pattern"
}
