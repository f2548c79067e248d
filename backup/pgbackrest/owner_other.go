// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package pgbackrest

import (
	"os"
	"syscall"
)

func ownerOf(path string) (*syscall.SysProcAttr, error) {
	_, err := os.Stat(path)
	return nil, err
}

func give(string, string) error { return nil }
