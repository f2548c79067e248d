// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package disk

import (
	"context"
	"errors"
	"os"
)

// Lock reports that files cannot be held here against other processes.
func Lock(string) (*os.File, error) { return nil, errors.ErrUnsupported }

// TryLock reports the same.
func TryLock(string) (*os.File, error) { return nil, errors.ErrUnsupported }

// LockFolder reports the same of folders.
func LockFolder(context.Context, string) (*os.File, error) { return nil, errors.ErrUnsupported }
