package render

import "hash/crc32"

// checksum is the CRC-32 of bytes, which gzip wants of the whole feed (RFC 1952, section 8), in a form in which that of
// joined bytes follows from those of the pieces. Without it every byte of a feed would be read at each revision.
type checksum struct {
	crc    uint32
	shift  uint32 // x to the number of bits, modulo CRC-32's polynomial
	length uint32 // bytes, modulo 2³² as in gzip's trailer
}

func checksumOf(b []byte) checksum {
	c := checksum{crc: crc32.ChecksumIEEE(b), shift: one, length: uint32(len(b))}
	for n, square := len(b), powers[:]; n > 0; n, square = n>>1, square[1:] {
		if n&1 != 0 {
			c.shift = multiply(c.shift, square[0])
		}
	}
	return c
}

// then is the checksum of c's bytes and then d's. A CRC without its inversions is a remainder, and in front of d's bytes c's is
// multiplied by x once for each of their bits; the inversions cancel out.
func (c checksum) then(d checksum) checksum {
	return checksum{multiply(d.shift, c.crc) ^ d.crc, multiply(c.shift, d.shift), c.length + d.length}
}

// one is the polynomial 1: the highest bit is the lowest power.
const one = 1 << 31

// powers are x to the power of 8, 16, 32 and so on, for lengths of 1, 2, 4 bytes and so on.
var powers = func() (p [63]uint32) {
	p[0] = one >> 8
	for i := range p[1:] {
		p[i+1] = multiply(p[i], p[i])
	}
	return p
}()

// multiply multiplies polynomials over GF(2) modulo CRC-32's.
func multiply(a, b uint32) (product uint32) {
	for ; a != 0; a <<= 1 {
		product ^= b & -(a >> 31)
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return product
}
