package update

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bootsim/bootsim/flashmodel"
)

// operation is a line of a recording.
type operation struct {
	Op   string `json:"op"`   // "erase", "program", "burn" or "restart"
	Addr uint32 `json:"addr"` // of the first byte, or the eFuse block
	Size uint32 `json:"size"` // of an erase: whole sectors
	Data string `json:"data"` // of a program or burn: hexadecimal
	data []byte
}

// RecordError tells that a line is no recorded operation.
type RecordError struct {
	Line   int
	Reason string
}

// Error names the line.
func (e *RecordError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Bounds of a recording.
const (
	maxRecorded = 1 << 16
	// maxPieces is how many sectors and pages it may touch: about four times
	// those of the largest chip.
	maxPieces = 4 * (flashmodel.MaxSize/flashmodel.SectorSize + flashmodel.MaxSize/flashmodel.PageSize)
	// maxLine is a program of the whole of the largest chip, in characters.
	maxLine = 2*flashmodel.MaxSize + 1<<10
)

// ParseRecorded reads a recording, a JSON object a line, and returns an updater
// that carries its operations out as they are whenever the old application
// runs, and does nothing when the new one does:
//
//	{"op":"erase","addr":65536,"size":4096}
//	{"op":"program","addr":65536,"data":"e903..."}
//	{"op":"burn","addr":3,"data":"00000000010000..."}
//	{"op":"restart"}
//
// Programs are raw bytes, ciphertext on an encrypted device. The error is a
// *RecordError.
func ParseRecorded(b []byte) (Updater, error) {
	var ops []operation
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, maxLine)
	n, pieces := 0, uint32(0)
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		op, err := parseOperation(line)
		pieces += op.pieces()
		if err == nil {
			err = fits(ops, pieces)
		}
		if err != nil {
			return nil, &RecordError{Line: n, Reason: err.Error()}
		}
		ops = append(ops, op)
	}
	if err := lines.Err(); err != nil {
		return nil, &RecordError{Line: n + 1, Reason: err.Error()}
	}
	if len(ops) == 0 {
		return nil, &RecordError{Line: 1, Reason: "no operations: want a JSON object a line, such as {\"op\":\"erase\",\"addr\":65536,\"size\":4096}"}
	}
	return recorded{ops}, nil
}

// fits tells whether one more operation can follow some, with which they touch
// a number of pieces.
func fits(ops []operation, pieces uint32) error {
	switch n := len(ops); {
	case n == maxRecorded:
		return fmt.Errorf("too many operations: at most %d", maxRecorded)
	case pieces > maxPieces:
		return fmt.Errorf("the operations touch more than %d sectors and pages", maxPieces)
	case n > 0 && ops[n-1].Op == "restart":
		return errors.New("it follows a restart and would never happen: after every boot of the old application the recording begins anew")
	}
	return nil
}

// pieces is how many sectors and pages an operation touches, at most.
func (op operation) pieces() uint32 {
	return op.Size/flashmodel.SectorSize + uint32(len(op.data))/flashmodel.PageSize + 1
}

func parseOperation(line []byte) (op operation, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&op); err != nil {
		return op, err
	}
	if _, err := d.Token(); err != io.EOF {
		return op, errors.New("something follows the object: want one a line")
	}
	if op.data, err = hex.DecodeString(op.Data); err != nil {
		return op, fmt.Errorf("data: %w", err)
	}
	switch {
	case op.Op == "erase" && op.Size > 0 && op.Size <= flashmodel.MaxSize, op.Op == "program" && len(op.data) > 0, op.Op == "restart":
		return op, nil
	case op.Op == "burn" && op.Addr < 4 && len(op.data) > 0 && len(op.data) <= 32 && len(op.data)%4 == 0:
		return op, nil
	}
	return op, fmt.Errorf("%q is no operation with these values: want erase with size, program with data, burn with a block and whole words, or restart", op.Op)
}

// recorded is an updater that was recorded.
type recorded struct{ ops []operation }

// Name implements Updater.
func (recorded) Name() string { return "recorded" }

// Digest is a hash of the recording, which tells it from others of the name.
func (r recorded) Digest() []byte {
	h := sha256.New()
	for _, op := range r.ops {
		_, _ = fmt.Fprintf(h, "%s %d %d %x\n", op.Op, op.Addr, op.Size, op.data)
	}
	return h.Sum(nil)
}

// Run carries the recording out.
func (r recorded) Run(d *Device) error {
	if d.UpToDate {
		return nil
	}
	for _, op := range r.ops {
		if err := op.run(d); err != nil {
			return err
		}
	}
	return ErrRestart
}

func (op operation) run(d *Device) error {
	switch op.Op {
	case "erase":
		return d.Erase(op.Addr, op.Size)
	case "program":
		return d.Write(op.Addr, op.data)
	case "burn":
		words := make([]uint32, len(op.data)/4)
		for i := range words {
			w := op.data[4*i:]
			words[i] = uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
		}
		return d.Burn(int(op.Addr), words)
	}
	return ErrRestart
}
