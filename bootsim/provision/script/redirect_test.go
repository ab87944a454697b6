package script_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What writes other bytes than are followed is not modelled.
func TestRedirections(t *testing.T) {
	s := parse(t, "cat a2 >> o.bin\nespefuse.py burn_key flash_encryption k < /dev/null\nespefuse.py summary")
	require.Equal(t, []string{"1 append a2 o.bin", "2 espefuse burn_key flash_encryption k", "3 espefuse summary"}, calls(s))
	require.True(t, s.Commands[1].NoInput)
	require.False(t, s.Commands[2].NoInput)
	for _, text := range []string{
		"dd if=/dev/zero of=z ibs=4096 count=2", "dd if=/dev/zero of=z bs=1 count=2 seek=100 conv=notrunc", "dd if=a of=/dev/zero bs=1 count=1",
		"cat -n a.bin > b.bin", "echo x | tee k.bin", "echo x | cat > k.bin", "#!/bin/sh\n> k.bin", "#!/bin/sh\nX=1 > k.bin", "dd if=/dev/zero bs=1 count=1b of=z",
		"dd if=/dev/zero bs=1 count=8 >> z", "head -c 8 x.bin /dev/zero | tr '\\0' '\\377' > z",
	} {
		s := parse(t, text)
		require.Empty(t, s.Commands, text)
		require.Len(t, s.Unmodelled, 1, text)
	}
}

// A comment ends a command; what stands behind it is never swallowed.
func TestCommentsBetweenContinuedLines(t *testing.T) {
	s := parse(t, "#!/bin/sh\nesptool.py write_flash \\\n # the bootloader \\\n 0x1000 b.bin\nespefuse.py summary")
	require.Equal(t, []string{"5 espefuse summary"}, calls(s))
	require.Len(t, s.Unmodelled, 2)
	require.Equal(t, 2, s.Unmodelled[0].Line)
	s = parse(t, "espefuse.py summary # look \\\nespefuse.py dump\necho 'a # b' \\\n c")
	require.Equal(t, []string{"1 espefuse summary", "2 espefuse dump"}, calls(s))
	require.Len(t, s.Passed, 1)
}
