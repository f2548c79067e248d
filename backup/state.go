// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"verlof/internal/disk"
)

// state is how far a database was copied. It lies beside the database file and is held by
// the process that copies at the moment, so that several may; it holds nothing of the
// database. Losing it costs an image.
type state struct {
	Seq     uint64    `json:"record"`
	At      time.Time `json:"at"`
	Self    link      `json:"link"`
	Pos     walPos    `json:"log"`
	ImageAt time.Time `json:"image_at"` // when the newest image was made
	ImageOf uint64    `json:"image_of"` // the record whose state it is
	Rest    fileMark  `json:"rest"`     // of the file, when all was in it and nothing in the log
}

// fileMark tells a file that was changed or replaced from the one that was seen.
type fileMark struct {
	Size  int64 `json:"size"`
	Mtime int64 `json:"mtime"` // nanoseconds since 1970
}

// markOf returns the mark of the file at path, zero where it cannot be seen.
func markOf(path string) fileMark {
	info, err := os.Stat(path)
	if err != nil {
		return fileMark{}
	}
	return fileMark{info.Size(), info.ModTime().UnixNano()}
}

// heldState is a state that nobody else reads or writes until it is released.
type heldState struct {
	state
	f *os.File
}

// holdState waits for the state of the database file at path. One that cannot be read is
// as good as none.
func holdState(path string) (*heldState, error) {
	f, err := disk.Lock(path + "-copied")
	if err != nil {
		return nil, err
	}
	h := &heldState{f: f}
	text, err := io.ReadAll(f)
	if err != nil || json.Unmarshal(text, &h.state) != nil {
		h.state = state{}
	}
	return h, nil
}

// save writes the state down. It is not synced: after a power cut the depot is asked.
func (h *heldState) save() error {
	text, err := json.Marshal(h.state)
	if err != nil {
		return err
	}
	_, err = h.f.WriteAt(text, 0)
	return errors.Join(err, h.f.Truncate(int64(len(text))))
}

// GoOn notes beside a database file that was had back which record is in it, so that those to come have greater numbers
// wherever they are put.
func (r Reached) GoOn(path string) error {
	h, err := holdState(path)
	if err != nil {
		return err
	}
	defer h.release()
	h.state = state{Seq: r.Record, At: r.At}
	return h.save()
}

func (h *heldState) release() { _ = h.f.Close() } // it holds nothing that is not written
