package input

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// manifest is what matters of an ESP Web Tools manifest
// (esphome.github.io/esp-web-tools).
type manifest struct {
	Name   string
	Builds []struct {
		ChipFamily string `json:"chipFamily"`
		Parts      []struct {
			Path   string
			Offset json.RawMessage
		}
	}
}

// isManifest tells a manifest from other JSON by its fields.
func isManifest(fields map[string]json.RawMessage) bool {
	_, builds := fields["builds"]
	return builds
}

// maxBuilds bounds the builds of one manifest.
const maxBuilds = 64

// parseManifest returns a description for each build of a manifest. Offsets
// are numbers, or strings as some writers put them. ESP Web Tools keeps the
// flash settings of the image.
func parseManifest(text string) ([]*description, error) {
	var m manifest
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\uFEFF")), &m); err != nil {
		return nil, fmt.Errorf("not a valid manifest: %w", err)
	}
	if len(m.Builds) == 0 || len(m.Builds) > maxBuilds {
		return nil, fmt.Errorf("has %s; 1 to %d are read", plural(len(m.Builds), "build"), maxBuilds)
	}
	var out []*description
	for i, b := range m.Builds {
		d := &description{kind: "ESP Web Tools manifest", chip: strings.ToLower(strings.ReplaceAll(b.ChipFamily, "-", ""))}
		for j, p := range b.Parts {
			w, err := manifestPart(p.Path, p.Offset)
			if err != nil {
				return nil, fmt.Errorf("builds[%d].parts[%d]: %w", i, j, err)
			}
			d.writes = append(d.writes, w)
		}
		if len(d.writes) == 0 {
			return nil, fmt.Errorf("builds[%d] has no parts", i)
		}
		out = append(out, d)
	}
	return out, nil
}

// manifestPart reads one file of a build.
func manifestPart(path string, offset json.RawMessage) (write, error) {
	if path == "" {
		return write{}, fmt.Errorf("path is missing")
	}
	text := strings.Trim(string(offset), `"`)
	if text == "" || text == "null" {
		return write{}, fmt.Errorf("offset is missing")
	}
	address, err := parseOffset(text)
	if err != nil {
		return write{}, fmt.Errorf("offset: %w", err)
	}
	file := fileOfURL(path)
	return write{address: address, file: file, role: roleFromName(file)}, nil
}

// fileOfURL returns the file that a manifest's path means: without the query,
// percent signs decoded. Of a whole URL the file's path remains.
func fileOfURL(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Path == "" || len(u.Scheme) == 1 {
		file, _, _ := strings.Cut(path, "?")
		return file
	}
	return u.Path
}
