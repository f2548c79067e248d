// SPDX-License-Identifier: Apache-2.0

// Package provider owns what applications and the people who use them meet of a customer's
// OpenID provider: the endpoints of the protocol, and the pages on which somebody agrees,
// confirms a device and signs out. It refuses to judge a request: that is for
// identity/openid, and signing in is for the door.
package provider

import (
	"net/http"

	"verlof/identity/openid"
	"verlof/tenant"
	"verlof/web/page"
)

// The pages of the provider, and where their forms go.
const (
	consentPath = "/oauth/consent"
	leavePath   = "/oauth/logout/confirm"
	leftPath    = "/oauth/logout/done"
)

// Routes are the endpoints of the protocol, then the pages.
func Routes() []page.Route {
	return []page.Route{
		page.Get(openid.ConfigurationPath, page.Program, serve((*openid.Provider).ServeConfiguration)),
		page.Get(openid.ServerPath, page.Program, serve((*openid.Provider).ServeConfiguration)),
		page.Get(openid.KeysPath, page.Program, serve((*openid.Provider).ServeKeys)),
		options(openid.ConfigurationPath),
		options(openid.ServerPath),
		options(openid.KeysPath),
		page.Post(openid.TokenPath, page.Program, serve((*openid.Provider).ServeToken)),
		options(openid.TokenPath),
		page.Post(openid.PushPath, page.Program, serve((*openid.Provider).ServePush)),
		options(openid.PushPath),
		page.Get(openid.UserInfoPath, page.Program, serve((*openid.Provider).ServeUserInfo)),
		page.Post(openid.UserInfoPath, page.Program, serve((*openid.Provider).ServeUserInfo)),
		options(openid.UserInfoPath),
		page.Post(openid.IntrospectPath, page.Program, serve((*openid.Provider).ServeIntrospect)),
		page.Post(openid.RevokePath, page.Program, serve((*openid.Provider).ServeRevoke)),
		options(openid.RevokePath),
		page.Post(openid.DeviceCodePath, page.Program, serve((*openid.Provider).ServeDevice)),
		options(openid.DeviceCodePath),

		page.Get(openid.AuthorizePath, page.Public, authorize),
		page.Post(openid.AuthorizePath, page.Program, asGet(openid.AuthorizePath)),
		page.Post(consentPath, page.SignedIn, decide),
		page.Get(openid.DevicePath, page.SignedIn, showDevice),
		page.Post(openid.DevicePath, page.SignedIn, confirmDevice),
		page.Get(openid.LogoutPath, page.Public, leave),
		page.Post(openid.LogoutPath, page.Program, asGet(openid.LogoutPath)),
		page.Post(leavePath, page.Public, confirmLeave),
		page.Get(leftPath, page.Public, showLeft),
	}
}

// serve has the customer's provider answer.
func serve(do func(*openid.Provider, http.ResponseWriter, *http.Request) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error { return do(t.OpenID, w, r) }
}

// options answers a browser that asks whether a program may call.
func options(path string) page.Route {
	return page.Route{Method: http.MethodOptions, Pattern: path, Access: page.Program, Handler: serve((*openid.Provider).ServePreflight)}
}

// asGet answers a form that another site sends with the same request as an address: a
// browser brings our cookie along only then.
func asGet(path string) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
		if err := r.ParseForm(); err != nil {
			return &openid.Fault{Code: "invalid_request", Says: "the body cannot be read"}
		}
		return page.SeeOther(w, r, path+"?"+r.PostForm.Encode())
	}
}
