package render

import (
	"hash/crc32"
	"testing"

	"pgregory.net/rapid"
)

// The checksum of joined bytes follows from those of the pieces.
func TestChecksums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []byte
		sum := checksumOf(nil)
		for _, b := range rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(t, "pieces") {
			all, sum = append(all, b...), sum.then(checksumOf(b))
		}
		if want := checksumOf(all); sum != want || sum.crc != crc32.ChecksumIEEE(all) || sum.length != uint32(len(all)) {
			t.Fatalf("%x is not %x", sum, want)
		}
	})
}
