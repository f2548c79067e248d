// SPDX-License-Identifier: Apache-2.0

package openid

import "slices"

// The addresses of the protocol on a customer's site.
const (
	ConfigurationPath = "/.well-known/openid-configuration"
	ServerPath        = "/.well-known/oauth-authorization-server" // RFC 8414
	KeysPath          = "/oauth/keys"
	AuthorizePath     = "/oauth/authorize"
	TokenPath         = "/oauth/token"
	UserInfoPath      = "/oauth/userinfo"
	IntrospectPath    = "/oauth/introspect"
	RevokePath        = "/oauth/revoke"
	DeviceCodePath    = "/oauth/device"
	LogoutPath        = "/oauth/logout"
)

// Configuration is what the provider says of itself (OpenID Connect Discovery 1.0,
// section 3; RFC 8414, section 2): what it does, and nothing that it does not.
type Configuration struct {
	Issuer     string `json:"issuer"`
	Authorize  string `json:"authorization_endpoint"`
	Token      string `json:"token_endpoint"`
	UserInfo   string `json:"userinfo_endpoint"`
	Keys       string `json:"jwks_uri"`
	Introspect string `json:"introspection_endpoint"`
	Revoke     string `json:"revocation_endpoint"`
	Device     string `json:"device_authorization_endpoint"`
	EndSession string `json:"end_session_endpoint"`

	Scopes        []string `json:"scopes_supported"`
	ResponseTypes []string `json:"response_types_supported"`
	ResponseModes []string `json:"response_modes_supported"`
	GrantTypes    []string `json:"grant_types_supported"`
	Subjects      []string `json:"subject_types_supported"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	Levels        []string `json:"acr_values_supported"`
	Claims        []string `json:"claims_supported"`
	ClaimTypes    []string `json:"claim_types_supported"`
	Prompts       []string `json:"prompt_values_supported"`
	Displays      []string `json:"display_values_supported"`
	Locales       []string `json:"ui_locales_supported"`
	Challenges    []string `json:"code_challenge_methods_supported"`

	TokenMethods         []string `json:"token_endpoint_auth_methods_supported"`
	IntrospectMethods    []string `json:"introspection_endpoint_auth_methods_supported"`
	RevokeMethods        []string `json:"revocation_endpoint_auth_methods_supported"`
	TokenAlgorithms      []string `json:"token_endpoint_auth_signing_alg_values_supported"` // of private_key_jwt
	IntrospectAlgorithms []string `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	RevokeAlgorithms     []string `json:"revocation_endpoint_auth_signing_alg_values_supported"`

	Push            string   `json:"pushed_authorization_request_endpoint"` // RFC 9126, section 5
	NeedsPush       bool     `json:"require_pushed_authorization_requests"` // of all clients; some are set to
	ProofAlgorithms []string `json:"dpop_signing_alg_values_supported"`     // RFC 9449, section 5.1

	NamesIssuer    bool `json:"authorization_response_iss_parameter_supported"` // RFC 9207, section 3
	TakesClaims    bool `json:"claims_parameter_supported"`
	TakesRequest   bool `json:"request_parameter_supported"`
	TakesURI       bool `json:"request_uri_parameter_supported"` // true where it is left out
	BackChannel    bool `json:"backchannel_logout_supported"`
	BackChannelSID bool `json:"backchannel_logout_session_supported"`
}

// Configuration returns what the provider says of itself. locales are the languages of
// its pages.
func (p *Provider) Configuration(locales ...string) Configuration {
	at := func(path string) string { return p.Issuer + path }
	proofs := []string{methodKey, methodBasic, methodPost}
	anybody := append(slices.Clone(proofs), methodNone)
	return Configuration{
		Issuer: p.Issuer, Authorize: at(AuthorizePath), Token: at(TokenPath), UserInfo: at(UserInfoPath), Keys: at(KeysPath),
		Introspect: at(IntrospectPath), Revoke: at(RevokePath), Device: at(DeviceCodePath), EndSession: at(LogoutPath),
		Scopes: Scopes(), ResponseTypes: []string{"code"}, ResponseModes: []string{modeQuery, modeForm},
		GrantTypes: []string{grantCode, grantRefresh, grantClient, grantDevice},
		Subjects:   []string{string(SubjectPublic), string(SubjectPairwise)}, Algorithms: []string{algorithm},
		Levels: []string{oneFactor, twoFactors},
		Claims: []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid",
			"name", "given_name", "family_name", "locale", "email", "email_verified"},
		ClaimTypes: []string{"normal"}, Prompts: []string{"none", "login", "consent", "select_account"}, Displays: []string{"page"},
		Locales: locales, Challenges: []string{"S256"},
		TokenMethods: anybody, IntrospectMethods: proofs, RevokeMethods: anybody,
		TokenAlgorithms: programAlgorithms(), IntrospectAlgorithms: programAlgorithms(), RevokeAlgorithms: programAlgorithms(),
		Push: at(PushPath), ProofAlgorithms: programAlgorithms(),
		NamesIssuer: true, TakesClaims: true, BackChannel: true, BackChannelSID: true,
	}
}
