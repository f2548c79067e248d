// SPDX-License-Identifier: Apache-2.0

// Package disk owns what it takes for a file's name to survive a power cut, and for a file
// to be one process's at a time. It refuses to write files: whoever makes one syncs its
// content.
package disk

import (
	"errors"
	"os"
)

// SyncFolder makes the names in a folder safe: those that were made, and those that
// were taken away.
func SyncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
