// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/internal/relying"
	"verlof/internal/saml"
)

// A provider of SAML answers by a form of its own page, which comes without our cookies. So
// the answer is judged when it comes, and what came of it is kept with the question until the
// browser brings the state of the question and what it holds: see Finish.

// Entity is the name of this service for a provider of SAML, and where it reads about it.
func (s *Service) Entity(provider string) string { return s.Site + "/sso/" + provider + "/metadata" }

// requestID returns an id that begins as one must in XML.
func requestID() string { return "_" + id.Token() }

// here returns this service as a provider knows it.
func (s *Service) here(tx Tx, provider string) (saml.Here, error) {
	h := saml.Here{Entity: s.Entity(provider), Return: s.Return(provider)}
	keys, err := tx.SSOKeys()
	if err != nil {
		return h, err
	}
	for _, k := range keys {
		own, err := k.read()
		if err != nil {
			return h, err
		}
		if k.State == KeyNext {
			h.Next = &own
			continue
		}
		h.Keys = append(h.Keys, own)
	}
	return h, nil
}

// saml returns the provider as it is asked and judged.
func (p *Provider) saml() (saml.Provider, error) {
	list, err := saml.Certificates(p.Certificates)
	return saml.Provider{Issuer: p.Issuer, Target: p.Target, Certificates: list, Subject: p.Subject}, err
}

func (s *Service) askSAML(p Provider, here saml.Here, f Flow, state string) (string, error) {
	return saml.Begin(saml.Provider{Issuer: p.Issuer, Target: p.Target}, here, saml.Ask{ID: f.Request, State: state, Again: f.Purpose.proves()}, s.now())
}

// Metadata returns what a provider of SAML is to know about this service. It reports
// NotFound for a provider that there is not, or that speaks something else.
func (s *Service) Metadata(ctx context.Context, provider string) (text []byte, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		p, err := find(tx, provider)
		if err == nil && p.Kind != SAML {
			err = errs.New(errs.NotFound, "sso.error.provider")
		}
		if err != nil {
			return err
		}
		h, err := s.here(tx, provider)
		if err != nil {
			return err
		}
		text, err = saml.Own(h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("metadata for provider %s: %w", provider, err)
	}
	return text, nil
}

// Brought is an answer as the form of a provider's page brought it, with nothing else.
type Brought struct {
	Provider string
	State    string // RelayState
	Form     string // SAMLResponse
}

// judged is what came of an answer: claims, or what is wrong with it.
type judged struct {
	Claims relying.Claims `json:"claims"`
	Fault  *saml.Fault    `json:"fault,omitempty"`
}

// Judge judges an answer and keeps what came of it with its question, the first time one
// comes. It tells nothing of that: the browser that asked is told, by Finish. wish is
// true where the answer is to no question and the provider may begin a sign-in: nothing
// of it is believed, but the browser may be sent off with a question of ours.
func (s *Service) Judge(ctx context.Context, b Brought) (wish bool, err error) {
	var p Provider
	var here saml.Here
	var f Flow
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		if f, err = tx.SSOFlow(identity.DigestOf(b.State)); errs.Is(err, errs.NotFound) {
			f, err = Flow{}, nil
		}
		if err == nil {
			p, err = find(tx, b.Provider)
		}
		if err == nil {
			here, err = s.here(tx, p.ID)
		}
		return err
	})
	switch {
	case errs.Is(err, errs.NotFound): // for Finish to say
		return false, nil
	case err != nil:
		return false, fmt.Errorf("judge an answer of provider %s: %w", b.Provider, err)
	case f.Request == "" || f.Provider != p.ID || !s.now().Before(f.Expires):
		return p.Kind == SAML && p.On && p.Unasked && saml.Unasked(b.Form), nil
	case f.Answer != "":
		return false, nil
	}
	if err := s.keep(ctx, p, f, s.judge(p, here, f, b.Form)); err != nil {
		return false, fmt.Errorf("judge an answer of provider %s: %w", b.Provider, err)
	}
	return false, nil
}

// verdict is an answer, judged.
type verdict struct {
	saml.Answer
	fault *saml.Fault // nil: it is good
}

func (s *Service) judge(p Provider, here saml.Here, f Flow, form string) (v verdict) {
	at, err := p.saml()
	if err == nil {
		v.Answer, err = saml.Finish(at, here, saml.Ask{ID: f.Request, Again: f.Purpose.proves()}, form, s.now())
	}
	if err != nil && !errors.As(err, &v.fault) {
		v.fault = &saml.Fault{Code: saml.Form, Detail: err.Error()}
	}
	return v
}

// keep keeps what came of an answer with its question, unless something came before. An
// answer that was taken for another question is none.
func (s *Service) keep(ctx context.Context, p Provider, f Flow, v verdict) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		j := judged{Claims: v.Claims, Fault: v.fault}
		if v.fault == nil {
			if err := tx.Lock(lockProviders + " " + p.ID + " " + v.ID); err != nil {
				return err
			}
			err := tx.TakeSSOAnswer(p.ID, identity.DigestOf(v.ID), v.Until)
			if errs.Is(err, errs.Conflict) {
				j, err = judged{Fault: &saml.Fault{Code: saml.Taken, Detail: "the assertion was taken before"}}, nil
			}
			if err != nil {
				return err
			}
		}
		text, err := json.Marshal(j)
		if err != nil {
			return err
		}
		return tx.AnswerSSOFlow(f.Digest, string(text))
	})
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	return err
}

// claimsOf returns what came of a question.
func claimsOf(f Flow) (relying.Claims, error) {
	if f.Answer == "" {
		return relying.Claims{}, errs.New(errs.Unauthenticated, "sso.error.answer").Because(errors.New("nothing came that could be judged"))
	}
	var j judged
	if err := json.Unmarshal([]byte(f.Answer), &j); err != nil {
		return relying.Claims{}, fmt.Errorf("read what came of a question: %w", err)
	}
	switch {
	case j.Fault == nil:
		return j.Claims, nil
	case j.Fault.Code == saml.Denied:
		return relying.Claims{}, errs.New(errs.Unauthenticated, "sso.error.denied").Because(j.Fault)
	}
	return relying.Claims{}, errs.New(errs.Unauthenticated, "sso.error.answer").Because(j.Fault)
}

// SetMetadata takes over what a provider of SAML publishes about itself: text as somebody
// handed it over, or what stands at an address, where text is empty. It reports as Save,
// and Invalid at "metadata" or "source" for what cannot be used.
func (s *Service) SetMetadata(ctx context.Context, by identity.Session, provider, address string, text []byte) error {
	field := "metadata"
	if len(text) == 0 {
		if err := s.may(ctx, by, provider); err != nil {
			return err
		}
		var err error
		field = "source"
		if text, err = s.Fetch(ctx, address); err != nil {
			return errs.New(errs.Invalid, "sso.error.fetch").At(field).Because(err)
		}
	} else {
		address = ""
	}
	found, err := saml.ReadMetadata(text, s.now())
	if f := (*saml.Fault)(nil); errors.As(err, &f) {
		return errs.New(errs.Invalid, "sso.error.metadata", "detail", f.Detail).At(field).Because(err)
	}
	if err != nil {
		return err
	}
	_, err = s.save(ctx, by, provider, func(p Provider) Provider {
		p.Issuer, p.Target, p.Certificates, p.Source = found.Issuer, found.Target, saml.Encode(found.Certificates), address
		return p
	})
	return err
}

// may reports what keeps somebody from changing a provider, before anything is fetched.
func (s *Service) may(ctx context.Context, by identity.Session, provider string) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		_, _, err := s.before(tx, by, provider, func(before Provider) Provider { return before })
		return err
	})
}
