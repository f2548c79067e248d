// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// Bounds of what is read.
const (
	MaxAnswer   = 256 << 10 // bytes of an answer
	MaxMetadata = 1 << 20   // bytes of metadata
	maxDepth    = 40
	maxElements = 5000
)

// parse reads a document. No entity is ever resolved, so nothing in it grows.
func parse(text []byte, most int) (*etree.Element, error) {
	if len(text) > most {
		return nil, fmt.Errorf("more than %d bytes", most)
	}
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{PreserveDuplicateAttrs: true, MaxDepth: maxDepth}
	if err := doc.ReadFromBytes(text); err != nil {
		return nil, fmt.Errorf("no XML: %w", err)
	}
	roots := 0
	for _, t := range doc.Child {
		switch t := t.(type) {
		case *etree.Element:
			roots++
		case *etree.Directive:
			return nil, fmt.Errorf("a document type is declared")
		case *etree.ProcInst:
			if t.Target != "xml" {
				return nil, fmt.Errorf("a processing instruction")
			}
		}
	}
	if roots != 1 {
		return nil, fmt.Errorf("%d roots", roots)
	}
	return doc.Root(), nil
}

// strict reports what a document holds that has no place in a message between machines:
// whatever two readers might read in two ways.
func strict(root *etree.Element) error {
	ids, n := map[string]bool{}, 0
	var look func(e *etree.Element) error
	look = func(e *etree.Element) error {
		if n++; n > maxElements {
			return fmt.Errorf("more than %d elements", maxElements)
		}
		if err := plainAttributes(e, ids); err != nil {
			return err
		}
		for _, t := range e.Child {
			switch t := t.(type) {
			case *etree.Element:
				if err := look(t); err != nil {
					return err
				}
			case *etree.CharData:
			default:
				return fmt.Errorf("a comment or an instruction in %s", e.Tag)
			}
		}
		return nil
	}
	return look(root)
}

// plainAttributes reports an attribute that stands twice, and an id that is not the only
// one of its kind in the document.
func plainAttributes(e *etree.Element, ids map[string]bool) error {
	seen := map[string]bool{}
	for _, a := range e.Attr {
		if name := a.Space + ":" + a.Key; seen[name] {
			return fmt.Errorf("%s has %s twice", e.Tag, name)
		} else {
			seen[name] = true
		}
		if a.Space == "xmlns" || !strings.EqualFold(a.Key, "id") {
			continue
		}
		if a.Space != "" || ids[a.Value] {
			return fmt.Errorf("an id in %s that is not the only one", e.Tag)
		}
		ids[a.Value] = true
	}
	return nil
}

// is reports whether an element has a name of a namespace.
func is(e *etree.Element, space, tag string) bool { return e.Tag == tag && e.NamespaceURI() == space }

// children returns the children of a name.
func children(e *etree.Element, space, tag string) (list []*etree.Element) {
	for _, c := range e.ChildElements() {
		if is(c, space, tag) {
			list = append(list, c)
		}
	}
	return list
}

// child returns the only child of a name; nil where there is none, or are several.
func child(e *etree.Element, space, tag string) *etree.Element {
	if e == nil {
		return nil
	}
	if list := children(e, space, tag); len(list) == 1 {
		return list[0]
	}
	return nil
}

// inside returns what stands at any depth below an element under a name.
func inside(e *etree.Element, space, tag string) (list []*etree.Element) {
	for _, c := range e.ChildElements() {
		if is(c, space, tag) {
			list = append(list, c)
		}
		list = append(list, inside(c, space, tag)...)
	}
	return list
}

// attribute returns an attribute that has no namespace; empty where there is none.
func attribute(e *etree.Element, name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attr {
		if a.Space == "" && a.Key == name {
			return a.Value
		}
	}
	return ""
}

// text returns what is written in an element, without the space around it.
func text(e *etree.Element) string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.Text())
}

// squeeze returns base64 without the line breaks that are put into it.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
