// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// circumstances are where and when something was measured.
type circumstances struct {
	name string
	load string // of the last minute, against the cores
}

// machine says what this machine is and how busy.
func machine(dir string) circumstances {
	if dir == "" {
		dir = os.TempDir()
	}
	cpu := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindStringSubmatch(contents("/proc/cpuinfo"))
	model := runtime.GOARCH
	if cpu != nil {
		model = cpu[1]
	}
	load, _, _ := strings.Cut(contents("/proc/loadavg"), " ")
	return circumstances{
		name: fmt.Sprintf("%s, %d cores (%s), %s, %s on %s, GOMAXPROCS %d", time.Now().Format("2006-01-02 15:04"),
			runtime.NumCPU(), strings.TrimSpace(model), runtime.Version(), runtime.GOOS, fileSystem(dir), runtime.GOMAXPROCS(0)),
		load: strings.TrimSpace(load) + fmt.Sprintf(" of %d", runtime.NumCPU()),
	}
}

// contents returns what is in a file of the system, or nothing.
func contents(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(b)
}

// fileSystems are the names of the common ones (statfs(2)). In memory, or over a
// network, a commit that is safe on disk means something else.
var fileSystems = map[int64]string{0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x2fc12fc1: "zfs",
	0x01021994: "tmpfs (no disk: commits cost nothing here)", 0x794c7630: "overlayfs", 0x6969: "nfs"}

func fileSystem(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "an unknown file system"
	}
	if name, ok := fileSystems[int64(s.Type)]; ok {
		return name
	}
	return fmt.Sprintf("file system %#x", s.Type)
}
