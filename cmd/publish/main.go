// Command publish serves feeds and pages from memory, kept up to date from Redis. Any number of replicas serve the same.
package main

import (
	"os"

	"kawat/internal/app"
)

func main() {
	os.Exit(app.Main("publish", "Serve feeds and pages from memory, kept up to date from Redis. Any number of replicas serve the same bytes.",
		app.Options{Publish: true}))
}
