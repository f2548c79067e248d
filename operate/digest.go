// SPDX-License-Identifier: Apache-2.0

package operate

import "verlof/leave"

// writeDigest has the manager of the first team told each morning who of it is away, where there is mail. That of today has
// just been made, whatever the hour.
func (p *play) writeDigest(tx leave.Tx, mail bool) error {
	if !mail {
		return nil
	}
	reader := p.teams[0].Managers[0]
	d := leave.Digest{Person: reader, Every: leave.DailyDigest, Of: leave.DigestLed, Told: p.today}
	if err := tx.SaveDigest(d); err != nil {
		return err
	}
	return leave.EnqueueDigest(tx, reader, p.today)
}
