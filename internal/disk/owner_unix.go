// SPDX-License-Identifier: Apache-2.0

//go:build unix

package disk

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// Stranger returns whose a file is, where the process runs as root and the file is another
// user's: what root makes beside it, that user could not open. Else it returns nothing, also
// where there is no such file.
func Stranger(path string) string {
	f, err := os.Stat(path)
	if err != nil || os.Geteuid() != 0 {
		return ""
	}
	s, ok := f.Sys().(*syscall.Stat_t)
	if !ok || s.Uid == 0 {
		return ""
	}
	id := strconv.FormatUint(uint64(s.Uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return "#" + id // as sudo -u takes it
}
