//go:build !race

package ingest_test

// modelRounds is how many times TestModel draws its families: more than ten thousand of them in all.
const modelRounds = 15
