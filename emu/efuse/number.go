package efuse

import (
	"encoding/json"
	"math"
	"strconv"
)

// number reads a value as configuration formats give it.
func number(value any) (uint64, bool) {
	switch v := value.(type) {
	case bool:
		return boolBit(v), true
	case int:
		return uint64(v), v >= 0
	case int64:
		return uint64(v), v >= 0
	case uint64:
		return v, true
	case uint32:
		return uint64(v), true
	case uint8:
		return uint64(v), true
	case float64:
		return uint64(v), v >= 0 && v == math.Trunc(v) && v < 1<<53
	case json.Number:
		return numberText(v.String())
	case string:
		return numberText(v)
	}
	return 0, false
}

func numberText(text string) (uint64, bool) {
	if v, err := strconv.ParseBool(text); err == nil {
		return boolBit(v), true
	}
	v, err := strconv.ParseUint(text, 0, 64)
	return v, err == nil
}
