package esp32

import "sync"

// blocks is every peripheral, by address.
var blocks = sync.OnceValue(func() []block {
	return append(otherUARTs(), []block{
		dportBlock(), aesBlock(), shaBlock(), mmuBlock(), uartBlock(), spi1Block(), spi0Block(), gpioBlock(),
		rtcBlock(), sensBlock(), ioMuxBlock(), analogBlock(), i2sBlock(), efuseBlock(), flashEncryptionBlock(),
		timerBlock(0), timerBlock(1), sysconBlock(), randomBlock(),
	}...)
})
