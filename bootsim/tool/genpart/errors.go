package genpart

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// failure is a file that cannot be written: the reference ends with an
// exception.
func failure(err error, name string) error {
	return &parttable.ExceptionError{Exception: cli.Exception(err), Text: fmt.Sprintf("%s: '%s'", cli.Errno(err), name)}
}

// explained puts what to do in front of an exception's line, which stays last.
func explained(err error) error {
	var exception *parttable.ExceptionError
	if !errors.As(err, &exception) || exception.Exception != "UnicodeDecodeError" {
		return err
	}
	return fmt.Errorf("the input holds bytes that are no text in UTF-8: it is neither a CSV file nor an intact "+
		"binary table, which begins with aa 50. An encrypted table has to be decrypted first\n%w", err)
}
