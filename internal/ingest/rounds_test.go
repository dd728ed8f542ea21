//go:build !race

package ingest_test

// modelRounds is how many times TestModel draws families, and modelFamilies how many each time: more than ten thousand in all.
const (
	modelRounds   = 15
	modelFamilies = 700
)
