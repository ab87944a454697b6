package fuzz

import (
	"bytes"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/oracle"
)

// TestResultsFitTheSchema writes a whole campaign and a shard, with a failure,
// and holds both against the published schema.
func TestResultsFitTheSchema(t *testing.T) {
	raw, err := os.ReadFile("../../schemas/fuzz.schema.json")
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("file:///schema.json", doc))
	schema, err := c.Compile("file:///schema.json")
	require.NoError(t, err)
	s := broken(t, careless)
	for _, o := range []Options{{Seed: 1, Runs: ChunkSize}, {Seed: 1, Runs: 1, Shard: 2, Shards: 2}} {
		o.Second = oracle.Second{}
		r, err := Campaign([]*Subject{s}, o)
		require.NoError(t, err)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.JSON()))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(v))
		require.Equal(t, o.Shards == 0, len(r.Failures) > 0)
	}
}
