// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"fmt"

	"verlof/intake"
)

var (
	qUploads = query("upload.all", "SELECT id, made_by, at_us, name, size, options, written FROM upload ORDER BY at_us, id")
	qUpload  = query("upload.get", "SELECT id, made_by, at_us, name, size, options, written, data FROM upload WHERE id = $1")

	qAddUpload = query("upload.insert", `INSERT INTO upload (id, made_by, at_us, name, size, data, options, written)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)

	qSetUpload  = query("upload.set", "UPDATE upload SET options = $2, written = $3 WHERE id = $1")
	qDropUpload = query("upload.drop", "DELETE FROM upload WHERE id = $1")
)

// Uploads returns the database as intake.Uploads sees it.
func (db *DB) Uploads() intake.UploadStore {
	return Access[func(intake.UploadTx) error]{db, func(f func(intake.UploadTx) error, tx *Tx) error { return f(tx) }}
}

// uploadRow is an upload with its columns of JSON.
type uploadRow struct {
	intake.Upload
	options, written string
}

func uploadColumns(r *uploadRow) []any {
	return []any{&r.ID, &r.By, micros(&r.At), &r.Name, &r.Size, &r.options, optional(&r.written)}
}

func wholeUpload(r *uploadRow) []any { return append(uploadColumns(r), &r.Data) }

func (r *uploadRow) upload() (intake.Upload, error) {
	err := json.Unmarshal([]byte(r.options), &r.Options)
	if err == nil && r.written != "" {
		err = json.Unmarshal([]byte(r.written), &r.Written)
	}
	if err != nil {
		return r.Upload, fmt.Errorf("upload: %w", err)
	}
	return r.Upload, nil
}

// Uploads returns the files that are being imported, without their data, oldest
// first.
func (tx *Tx) Uploads() ([]intake.Upload, error) {
	rows, err := all(tx, qUploads, uploadColumns)
	if err != nil {
		return nil, err
	}
	list := make([]intake.Upload, 0, len(rows))
	for i := range rows {
		u, err := rows[i].upload()
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}

// Upload returns a file that is being imported. It reports NotFound.
func (tx *Tx) Upload(id string) (intake.Upload, error) {
	r, err := one(tx, qUpload, wholeUpload, id)
	if err != nil {
		return intake.Upload{}, err
	}
	return r.upload()
}

// AddUpload writes a file down.
func (tx *Tx) AddUpload(u intake.Upload) error {
	options, written, err := uploadText(u)
	if err != nil {
		return err
	}
	_, err = tx.exec(qAddUpload, u.ID, u.By, u.At, u.Name, u.Size, u.Data, options, written)
	return err
}

// SetUpload changes what was decided about a file. It reports NotFound.
func (tx *Tx) SetUpload(u intake.Upload) error {
	options, written, err := uploadText(u)
	if err != nil {
		return err
	}
	return tx.execOne(qSetUpload, u.ID, options, written)
}

func uploadText(u intake.Upload) (options string, written any, err error) {
	o, err := json.Marshal(u.Options)
	if err != nil || u.Written == nil {
		return string(o), nil, err
	}
	w, err := json.Marshal(u.Written)
	return string(o), string(w), err
}

// DropUpload forgets a file, if it is there.
func (tx *Tx) DropUpload(id string) error {
	_, err := tx.exec(qDropUpload, id)
	return err
}
