// SPDX-License-Identifier: Apache-2.0

//go:build unix

package pgbackrest

import (
	"os"
	"syscall"
)

// ownerOf returns what has a program run as whoever a file belongs to, where we may choose.
func ownerOf(path string) (*syscall.SysProcAttr, error) {
	f, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	s, ok := f.Sys().(*syscall.Stat_t)
	if !ok || os.Getuid() != 0 || s.Uid == 0 {
		return nil, nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: s.Uid, Gid: s.Gid}}, nil
}

// give has a file or folder belong to whoever another one belongs to, where we may choose.
func give(path, like string) error {
	a, err := ownerOf(like)
	if err != nil || a == nil {
		return err
	}
	return os.Chown(path, int(a.Credential.Uid), int(a.Credential.Gid))
}
