// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var metricName = regexp.MustCompile(`verlof_[a-z_]*[a-z]`)

// metricsIn returns the names of metrics in a file, sorted.
func metricsIn(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, name := range metricName.FindAllString(string(text), -1) {
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// TestMonitoring: operators read of every number that there is, and are woken by none that
// there is not.
func TestMonitoring(t *testing.T) {
	const folder = "../../docs/operate/"
	measured := metricsIn(t, "metrics.go")
	told := slices.DeleteFunc(metricsIn(t, folder+"monitoring.md"), func(name string) bool { return name == "verlof_request_seconds_bucket" })
	if diff := cmp.Diff(measured, told); diff != "" {
		t.Errorf("what is measured (-), and what the guide tells of (+):\n%s", diff)
	}
	for _, name := range metricsIn(t, folder+"alerts.yml") {
		if name != "verlof_request_seconds_bucket" && !slices.Contains(measured, name) {
			t.Errorf("an alert waits for %s, which nobody measures", name)
		}
	}
}
