// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"reflect"
	"time"

	"verlof/internal/seal"
)

// Config is the configuration of an installation: what a machine needs besides its databases
// and the root key. It is kept beside the registry, sealed with the root key.
type Config struct {
	Data  string       `json:"data"`  // absolute path of the data folder that it is for
	Files []ConfigFile `json:"files"` // in the order of their paths
}

// ConfigFile is one file of it.
type ConfigFile struct {
	Path    string `json:"path"` // absolute
	Content []byte `json:"content"`
}

// configFolder is where a depot keeps it, each version for as long as any moment can be had back.
const configFolder = Registry + "/config"

// keptConfig is an object with a version of the configuration.
type keptConfig struct {
	at   time.Time
	name string
	size int64
}

func newConfig(at time.Time) keptConfig {
	return keptConfig{at: at, name: path.Join(configFolder, fmt.Sprintf("%016x.config", at.UnixMicro()))}
}

// readConfigs lists the versions that a depot keeps, oldest first, and the names that are none.
func readConfigs(ctx context.Context, at Depot) (list []keptConfig, strange []string, err error) {
	objects, err := listAt(ctx, at, configFolder)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range objects {
		var micros uint64
		_, err := fmt.Sscanf(path.Base(o.Name), "%16x.config", &micros)
		k := newConfig(time.UnixMicro(int64(micros)).UTC())
		if k.size = o.Size; err != nil || k.name != o.Name {
			strange = append(strange, o.Name)
			continue
		}
		list = append(list, k)
	}
	return list, strange, nil
}

// PutConfig has every place keep the configuration, where what it keeps is another one, or sealed
// with an older key, or a day old, or now is set, and takes away versions that the retention has passed. One place that
// fails does not hold up the others.
func (c *Copies) PutConfig(ctx context.Context, key seal.Wrapper, cfg Config, now bool) error {
	if err := c.InForce(ctx); err != nil {
		return err
	}
	var failed []error
	for _, at := range c.Places() {
		failed = append(failed, c.putConfig(ctx, at, key, cfg, now))
	}
	return errors.Join(failed...)
}

func (c *Copies) putConfig(ctx context.Context, at Depot, key seal.Wrapper, cfg Config, anew bool) error {
	list, _, err := readConfigs(ctx, at)
	if err != nil {
		return err
	}
	kept, now := Kept{At: at, ID: Registry, Sealer: key}, c.now().UTC().Truncate(time.Microsecond)
	if n := len(list); n > 0 && !anew && now.Sub(list[n-1].at) < imageEvery {
		if was, err := kept.readConfig(ctx, list[n-1]); err == nil && reflect.DeepEqual(was, cfg) && kept.byNewest(ctx, list[n-1].name) {
			return nil
		}
	}
	text, err := json.Marshal(cfg)
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	fresh := newConfig(now)
	if err := sealFile(key, fresh.name, &sealed, bytes.NewReader(text)); err != nil {
		return err
	}
	if err := at.Put(ctx, fresh.name, bytes.NewReader(sealed.Bytes())); err != nil {
		return fmt.Errorf("put the configuration at %s: %w", at, err)
	}
	horizon := c.horizonOf(Registry, now)
	for i, k := range list {
		if i+1 < len(list) && list[i+1].at.Before(horizon) {
			if err := at.Delete(ctx, k.name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k Kept) readConfig(ctx context.Context, c keptConfig) (cfg Config, err error) {
	var text bytes.Buffer
	if err := k.readSealed(ctx, c.name, &text); err != nil {
		return cfg, err
	}
	if err := json.Unmarshal(text.Bytes(), &cfg); err != nil {
		return Config{}, &Damage{c.name, err}
	}
	return cfg, nil
}

// Config returns the newest configuration that is not damaged, and when it was put; a zero time
// where none is kept. Where a newer one is damaged, that *Damage is returned with it.
func (k Kept) Config(ctx context.Context) (cfg Config, at time.Time, err error) {
	list, _, err := readConfigs(ctx, k.At)
	if err != nil {
		return cfg, at, err
	}
	var found error
	for i := len(list) - 1; i >= 0; i-- {
		cfg, err := k.readConfig(ctx, list[i])
		var d *Damage
		switch {
		case err == nil:
			return cfg, list[i].at, found
		case !errors.As(err, &d):
			return cfg, at, err
		case found == nil:
			found = err
		}
	}
	return cfg, at, found
}
