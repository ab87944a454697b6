package config

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/emu/efuse"
)

const schemaFile = "../../schemas/bootsim.schema.json"

// published is the schema as an editor reads it.
func published(t *testing.T) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	return compiled(t, schemaFile)
}

func compiled(t *testing.T, file string) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("file:///schema.json", doc))
	s, err := c.Compile("file:///schema.json")
	require.NoError(t, err)
	return s, doc.(map[string]any)
}

// values is a YAML document as the schema sees it.
func values(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal(text, &v))
	b, err := json.Marshal(v)
	require.NoError(t, err)
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(t, err)
	return out
}

func TestSchemaAcceptsGood(t *testing.T) {
	s, _ := published(t)
	for name, text := range testdata(t, "good") {
		require.NoError(t, s.Validate(values(t, text)), name)
	}
}

// What the parser refuses the schema refuses too, unless only files, names or
// the notation of a number tell.
func TestSchemaAndMistakes(t *testing.T) {
	s, _ := published(t)
	asked := 0
	for name, text := range testdata(t, "bad") {
		switch want := comments(text, "schema: "); want[0] {
		case "refuses":
			require.Error(t, s.Validate(values(t, text)), name)
			asked++
		case "accepts":
			require.NoError(t, s.Validate(values(t, text)), name)
			asked++
		default:
			require.Equal(t, "not asked", want[0], name)
		}
	}
	require.Greater(t, asked, 80)
}

// The schema has the keys that the parser knows, object by object.
func TestSchemaHasTheParsersKeys(t *testing.T) {
	_, doc := published(t)
	lot := at(doc, "$defs", "lot", "properties")
	for config, object := range map[string]map[string]any{
		"KEY: 1":                              doc,
		"lots: [{KEY: 1}]":                    at(doc, "$defs", "lot"),
		"lots: [{flash: [{KEY: 1}]}]":         at(doc, "$defs", "flashed"),
		"lots: [{efuse: {KEY: 1}}]":           at(lot, "efuse"),
		"lots: [{bootloader: {KEY: 1}}]":      at(lot, "bootloader"),
		"lots: [{expect: {KEY: 1}}]":          at(lot, "expect"),
		"lots: [{partition_table: {KEY: 1}}]": lot["partition_table"].(map[string]any)["oneOf"].([]any)[1].(map[string]any),
		"releases: [{KEY: 1}]":                at(doc, "$defs", "release"),
		"releases: [{artifacts: [{KEY: 1}]}]": at(doc, "$defs", "artifact"),
		"releases: [{build: [{KEY: 1}]}]":     at(doc, "$defs", "source"),
	} {
		_, err := load(t, []byte(strings.ReplaceAll(config, "KEY", "qqqqqqqqqqqqqqqqqqqqqqq")))
		m := regexp.MustCompile(`has no key "q+": it can have (.*)`).FindStringSubmatch(err.Error())
		require.NotNil(t, m, "%s: %v", config, err)
		require.ElementsMatch(t, strings.Split(m[1], ", "), keys(at(object, "properties")), config)
	}
}

// at walks down objects.
func at(m map[string]any, path ...string) map[string]any {
	for _, key := range path {
		m = m[key].(map[string]any)
	}
	return m
}

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// Editors complete the eFuse fields that can be set.
func TestSchemaHasTheFields(t *testing.T) {
	_, doc := published(t)
	fields := at(doc, "$defs", "lot", "properties", "efuse", "properties", "fields", "propertyNames")
	var want []string
	for _, f := range efuse.Fields() {
		if !f.WholeBlock() && !f.Derived && f.Len <= 64 {
			want = append(want, f.Names()...)
		}
	}
	require.ElementsMatch(t, want, texts(fields["enum"]))
}

func TestSchemaHasTheLogLevels(t *testing.T) {
	_, doc := published(t)
	levels := at(doc, "$defs", "lot", "properties", "bootloader", "properties", "log_level")
	require.True(t, slices.Equal(logLevels(), texts(levels["enum"])))
}

func texts(list any) []string {
	var out []string
	for _, v := range list.([]any) {
		out = append(out, v.(string))
	}
	return out
}
