// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"context"

	"verlof/identity/provision"
	"verlof/internal/scim"
	"verlof/people"
)

// things are a kind of what a directory works on: how it is kept, and its form in SCIM.
type things[T any] struct {
	kind   *scim.Kind
	blank  T // what one that is added begins with
	id     func(T) string
	show   func(c *call, x T, org *people.Organisation, v scim.View) scim.Object // all that can be told
	object func(T) scim.Object                                                   // what a directory may change
	read   func(o scim.Object, x T) T                                            // x as a resource says it

	all    func(s *provision.Service, ctx context.Context) ([]T, error)
	one    func(s *provision.Service, ctx context.Context, id string) (T, error)
	add    func(s *provision.Service, ctx context.Context, x T) (T, error)
	change func(s *provision.Service, ctx context.Context, id string, f func(T) (T, error)) (T, error)
	remove func(s *provision.Service, ctx context.Context, id string, may func(T) error) error
}

func (k *things[T]) list(c *call, q query) (answer, error) {
	org, err := c.People.Organisation(c.Context())
	if err != nil {
		return answer{}, err
	}
	all, err := k.all(c.Provision, c.Context())
	if err != nil {
		return answer{}, err
	}
	shown := q.view
	if q.filter != nil {
		shown = scim.View{} // it may ask for what is not told
	}
	list := make([]scim.Object, len(all))
	for i, x := range all {
		list[i] = k.show(c, x, org, shown)
	}
	return c.list(k.kind, list, q)
}

func (k *things[T]) get(c *call, v scim.View) (answer, error) {
	x, err := k.one(c.Provision, c.Context(), c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return k.answer(c, 200, x, v)
}

func (k *things[T]) answer(c *call, status int, x T, v scim.View) (answer, error) {
	org, err := c.People.Organisation(c.Context())
	if err != nil {
		return answer{}, err
	}
	c.entry.Subject = k.id(x)
	return answer{status: status, body: v.Show(k.show(c, x, org, v)), tag: versionOf(x), location: c.at(k.kind, k.id(x))}, nil
}

func (k *things[T]) post(c *call, v scim.View) (answer, error) {
	o, err := k.kind.Read(c.body)
	if err != nil {
		return answer{}, err
	}
	x, err := k.add(c.Provision, c.Context(), k.read(o, k.blank))
	if err != nil {
		return answer{}, err
	}
	return k.answer(c, 201, x, v)
}

// put replaces one: the resource is what was sent.
func (k *things[T]) put(c *call, v scim.View) (answer, error) {
	o, err := k.kind.Read(c.body)
	if err != nil {
		return answer{}, err
	}
	return k.alter(c, v, func(scim.Object) (scim.Object, error) { return o, nil })
}

func (k *things[T]) patch(c *call, v scim.View) (answer, error) {
	ops, err := scim.ReadPatch(c.body)
	if err != nil {
		return answer{}, err
	}
	return k.alter(c, v, func(o scim.Object) (scim.Object, error) { return k.kind.Patch(o, ops) })
}

func (k *things[T]) alter(c *call, v scim.View, f func(scim.Object) (scim.Object, error)) (answer, error) {
	x, err := k.change(c.Provision, c.Context(), c.PathValue("id"), func(old T) (T, error) {
		if err := c.unchanged(versionOf(old)); err != nil {
			return old, err
		}
		o, err := f(k.object(old))
		if err != nil {
			return old, err
		}
		return k.read(o, old), nil
	})
	if err != nil {
		return answer{}, err
	}
	return k.answer(c, 200, x, v)
}

func (k *things[T]) drop(c *call, _ scim.View) (answer, error) {
	err := k.remove(c.Provision, c.Context(), c.PathValue("id"), func(x T) error { return c.unchanged(versionOf(x)) })
	return answer{status: 204}, err
}
