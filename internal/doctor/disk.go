package doctor

import (
	"os"
	"path/filepath"
	"syscall"
)

// disk looks at the folder of a gateway in one process.
func (r *report) disk(folder string) {
	const check = "disk"
	at := folder
	info, err := os.Stat(at)
	if os.IsNotExist(err) { // kawat makes it
		at = filepath.Dir(at)
		info, err = os.Stat(at)
	}
	switch {
	case err != nil:
		r.problem(check, "mkdir -p "+folder, "%v", err)
		return
	case !info.IsDir():
		r.problem(check, "give another folder with --data", "%s is no folder", at)
		return
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(at, &s); err != nil {
		r.unknown(check, "df -h "+at, "%v", err)
		return
	}
	r.room(at, uint64(s.Bavail)*uint64(s.Bsize), uint64(s.Blocks)*uint64(s.Bsize))
}

// Bounds of the room on a disk. A share alone is no problem: two per cent of a large disk hold days of copy.
const (
	littleRoom = 2 << 30
	noRoom     = 256 << 20
)

// room reports how much of a disk is free for the streams, which only grow.
func (r *report) room(at string, free, whole uint64) {
	const check, remedy = "disk", "make room, or move the folder to a larger disk and give it with --data: kawat takes no copy when it is full"
	switch share := percent(free, max(whole, 1)); {
	case free < noRoom:
		r.problem(check, remedy, "%s of %s are free on the disk of %s", size(free), size(whole), at)
	case free < littleRoom || share < 10:
		r.warn(check, remedy, "%s of %s are free on the disk of %s", size(free), size(whole), at)
	default:
		r.ok(check, "%s of %s are free on the disk of %s", size(free), size(whole), at)
	}
}
