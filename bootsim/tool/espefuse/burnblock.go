package espefuse

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

func prepareBlockData(s *session, call cli.Call) (action, error) {
	files, err := s.blockFiles(call, blockNames())
	if err != nil {
		return nil, err
	}
	offset, ok := cli.ParseDecimal(call.Values.Text(optOffset))
	if !ok {
		return nil, s.misusedOption(call, "'--offset' / '-o'", call.Values.Text(optOffset))
	}
	return func() error { return s.burnBlocks(files, offset) }, nil
}

func (s *session) misusedOption(call cli.Call, option, text string) error {
	return s.tool.Misused(s.env, call.Command, "Invalid value for %s: '%s' is not a valid integer.", option, text)
}

func (s *session) burnBlocks(files []input, offset int) error {
	var names []string
	for _, f := range files {
		names = append(names, f.block)
	}
	if err := checkRepeated(names); err != nil {
		return err
	}
	if err := s.checkOffset(files, offset); err != nil {
		return err
	}
	for _, f := range files {
		if err := s.addData(f, offset); err != nil {
			return err
		}
	}
	return s.burnAndConclude()
}

func (s *session) checkOffset(files []input, offset int) error {
	if offset == 0 {
		return nil
	}
	if len(files) > 1 {
		return cli.Fatalf("The 'offset' option is not applicable when a few blocks are passed. With 'offset', should only one block be used.")
	}
	block := blockByName(files[0].block)
	if size := s.chip.blocks[block].pending.n / 8; offset >= size {
		return cli.Fatalf("Invalid offset: the block%d only holds %d bytes.", block, size)
	}
	return nil
}

// addData adds a file to what is to be burnt into a block.
func (s *session) addData(f input, offset int) error {
	block := blockByName(f.block)
	b := &s.chip.blocks[block]
	data, size := f.data, b.pending.n/8
	if offset != 0 {
		data = slices.Concat(make([]byte, max(offset, 0)), data)
		data = append(data, make([]byte, max(size-len(data), 0))...)
	}
	if len(data) != size {
		return cli.Fatalf("Data does not fit: the block%d size is %d bytes, data file is %d bytes, offset %d.", block, size, len(data), offset)
	}
	s.env.Printf("[%02d] %-20s size=%02d bytes, offset=%02d - > [% x].\n", block, blockName(block), len(data), offset, data)
	s.addBits(block, bitsOf(data, 8*len(data)))
	return nil
}

// addBits adds bits to what is to be burnt into a block, whatever its fields.
func (s *session) addBits(block int, v bits) {
	b := &s.chip.blocks[block]
	if s.chip.debug {
		s.env.Printf("\twritten : %s ->\n\tto write: %s\n", b.data, v)
	}
	b.pending = b.pending.or(v)
}

func prepareBurnBit(s *session, call cli.Call) (action, error) {
	args := call.Values.Args
	if err := s.choice(call, call.Command.Args[0].Metavar, args[0], blockNames()); err != nil {
		return nil, err
	}
	var numbers []int
	for _, text := range args[1:] {
		n, ok := cli.ParseDecimal(text)
		if !ok {
			return nil, s.misusedAs(call, call.Command.Args[1].Metavar, "'%s' is not a valid integer.", text)
		}
		numbers = append(numbers, n)
	}
	return func() error { return s.burnBits(args[0], numbers) }, nil
}

func (s *session) burnBits(name string, numbers []int) error {
	block := blockByName(name)
	n := s.chip.blocks[block].pending.n
	x := new(big.Int)
	for _, number := range numbers {
		if number < 0 || number >= n {
			return cli.Fatalf("%s has bit_number in [0..%d]", name, n-1)
		}
		x.SetBit(x, number, 1)
	}
	v := bitsOfInt(x, n)
	s.env.Printf("bit_number:   [%03d]........................................................[0]\n", n-1)
	s.env.Print(fmt.Sprintf("BLOCK%2d   :", block), v.String())
	s.chip.printBlock(block, v, "regs_to_write", true)
	s.addBits(block, v)
	return s.burnAndConclude()
}
