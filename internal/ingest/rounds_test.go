//go:build !race

package ingest_test

// modelRounds is how many times TestModel draws families, and modelFamilies how many each time: more than ten thousand in all.
const (
	modelRounds   = 8
	modelFamilies = 1300
)
