package parttable

import (
	"fmt"
	"strings"
)

// UsageError is an option value that gen_esp32part does not take.
type UsageError struct{ Text string }

// Error returns what the reference prints behind its usage and "error: ".
func (e *UsageError) Error() string { return e.Text }

// ParseFlashSize reads the value of --flash-size, such as "4MB", and returns
// bytes. The error is a *UsageError that lists what the version takes.
func (p Profile) ParseFlashSize(text string) (int64, error) {
	sizes := []string{"1MB", "2MB", "4MB", "8MB", "16MB"}
	if p.LargeFlash {
		sizes = append(sizes, "32MB", "64MB", "128MB")
	}
	for i, s := range sizes {
		if s == text {
			return 1 << (20 + i), nil
		}
	}
	return 0, choiceError("--flash-size", text, sizes)
}

// ParseSecure reads the value of --secure. The option without a value means V1;
// versions without SecureV2 take no value. The error is a *UsageError.
func (p Profile) ParseSecure(text string) (Secure, error) {
	switch text {
	case "v1":
		return SecureV1, nil
	case "v2":
		return SecureV2, nil
	}
	return SecureNone, choiceError("--secure", text, []string{"v1", "v2"})
}

func choiceError(option, value string, choices []string) error {
	return &UsageError{fmt.Sprintf("argument %s: invalid choice: '%s' (choose from '%s')",
		option, value, strings.Join(choices, "', '"))}
}
