/** The classes of directives that `AllowOverride` lets `.htaccess` files hold. */
export const overrideClasses = ['AuthConfig', 'FileInfo', 'Indexes', 'Limit', 'Options'] as const
export type OverrideClass = (typeof overrideClasses)[number]

const names = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Directives by the class that allows them (`apache2 -L`, each module's `OR_…`). */
const byClass: { readonly [K in OverrideClass]: readonly string[] } = {
  AuthConfig: names(`
    Anonymous Anonymous_LogEmail Anonymous_MustGiveEmail Anonymous_NoUserId Anonymous_VerifyEmail
    AuthBasicAuthoritative AuthBasicFake AuthBasicProvider AuthBasicUseDigestAlgorithm AuthDBMGroupFile
    AuthDBMType AuthDBMUserFile AuthDigestAlgorithm AuthDigestDomain AuthDigestNcCheck AuthDigestNonceLifetime
    AuthDigestProvider AuthDigestQop AuthFormAuthoritative AuthFormBody AuthFormDisableNoStore
    AuthFormFakeBasicAuth AuthFormLocation AuthFormLoginRequiredLocation AuthFormLoginSuccessLocation
    AuthFormLogoutLocation AuthFormMethod AuthFormMimetype AuthFormPassword AuthFormProvider
    AuthFormSitePassphrase AuthFormUsername AuthGroupFile AuthLDAPAuthorizePrefix AuthLDAPBindAuthoritative
    AuthLDAPBindDN AuthLDAPBindPassword AuthLDAPCompareAsUser AuthLDAPCompareDNOnServer
    AuthLDAPDereferenceAliases AuthLDAPGroupAttribute AuthLDAPGroupAttributeIsDN AuthLDAPInitialBindAsUser
    AuthLDAPInitialBindPattern AuthLDAPMaxSubGroupDepth AuthLDAPRemoteUserAttribute AuthLDAPRemoteUserIsDN
    AuthLDAPSearchAsUser AuthLDAPSubGroupAttribute AuthLDAPSubGroupClass AuthLDAPUrl AuthMerging AuthName
    AuthType AuthUserFile AuthnCacheProvideFor AuthnCacheTimeout AuthzDBMType AuthzSendForbiddenOnFailure
    CGIPassAuth H2EarlyHint H2Push H2PushResource H2Upgrade LDAPReferralHopLimit LDAPReferrals LDAPTrustedClientCert
    Limit LimitExcept MDRequireHttps Require RequireAll RequireAny RequireNone SSLCACertificateFile
    SSLCACertificatePath SSLCipherSuite SSLRenegBufferSize SSLRequire SSLRequireSSL SSLUserName SSLVerifyClient
    SSLVerifyDepth Satisfy Session SessionCookieName SessionCookieName2 SessionCookieRemove SessionCryptoCipher
    SessionCryptoPassphrase SessionDBDCookieName SessionDBDCookieName2 SessionDBDCookieRemove
    SessionDBDDeleteLabel SessionDBDInsertLabel SessionDBDPerUser SessionDBDSelectLabel SessionDBDUpdateLabel
    SessionEnv SessionExclude SessionExpiryUpdateInterval SessionHeader SessionInclude SessionMaxAge
  `),
  FileInfo: names(`
    AcceptPathInfo Action AddCharset AddDefaultCharset AddEncoding AddHandler AddInputFilter AddLanguage
    AddOutputFilter AddOutputFilterByType AddType AliasPreservePath AuthnzFcgiCheckAuthnProvider BrowserMatch
    BrowserMatchNoCase CGIVar CharsetDefault CharsetOptions CharsetSourceEnc CookieDomain CookieExpires
    CookieHttpOnly CookieName CookieSameSite CookieSecure CookieStyle CookieTracking DefaultLanguage DefaultType
    EnableMMAP EnableSendfile ErrorDocument FCGIWrapper FcgidAccessChecker FcgidAccessCheckerAuthoritative
    FcgidAuthenticator FcgidAuthenticatorAuthoritative FcgidAuthorizer FcgidAuthorizerAuthoritative FcgidWrapper
    FileETag ForceLanguagePriority ForceType H2CopyFiles H2EarlyHint H2ProxyRequests H2PushResource Header
    LanguagePriority MultiviewsMatch PassEnv ProxyExpressDBMFile ProxyExpressDBMType ProxyExpressEnable
    ProxyFCGIBackendType ProxyFCGISetEnvIf ProxyHCExpr ProxyHCTemplate QualifyRedirectURL Redirect RedirectMatch
    RedirectPermanent RedirectRelative RedirectTemp RemoveCharset RemoveEncoding RemoveHandler
    RemoveInputFilter RemoveLanguage RemoveOutputFilter RemoveType RequestHeader RewriteBase RewriteCond
    RewriteEngine RewriteOptions RewriteRule Script SetEnv SetEnvIf SetEnvIfExpr SetEnvIfNoCase SetHandler
    SetInputFilter SetOutputFilter Substitute SubstituteInheritBefore SubstituteMaxLineLength UnsetEnv
    XSendFile XSendFileIgnoreEtag XSendFileIgnoreLastModified XSendFileUnescape
  `),
  Indexes: names(`
    AddAlt AddAltByEncoding AddAltByType AddDescription AddIcon AddIconByEncoding AddIconByType DefaultIcon
    DirectoryCheckHandler DirectoryIndex DirectoryIndexRedirect DirectorySlash ExpiresActive ExpiresByType
    ExpiresDefault FallbackResource FancyIndexing HeaderName ImapBase ImapDefault ImapMenu IndexHeadInsert
    IndexIgnore IndexIgnoreReset IndexOptions IndexOrderDefault IndexStyleSheet MetaDir MetaFiles MetaSuffix
    ReadmeName
  `),
  Limit: names('Allow Deny Limit LimitExcept Order SSIEtag SSILastModified SSILegacyExprParser'),
  Options: names(`
    CheckBasenameMatch CheckCaseOnly CheckSpelling ContentDigest FilterChain FilterDeclare FilterProtocol
    FilterProvider Options ReflectorHeader SSLOptions XBitHack php_flag php_value
  `)
}

/** Allowed as soon as anything is. */
const always = names(`
  DeflateInflateLimitRequestBody DeflateInflateRatioBurst DeflateInflateRatioLimit Else ElseIf Error Files
  FilesMatch If IfDefine IfDirective IfFile IfModule IfSection IfVersion LimitRequestBody LimitXMLRequestBody
  LogIOTrackTTFB Macro MacroIgnoreBadNesting MacroIgnoreEmptyArgs RLimitCPU RLimitMEM RLimitNPROC SSIErrorMsg
  SSITimeFormat SSIUndefinedEcho ServerSignature UndefMacro Use xml2EncDefault xml2StartParse
`)

const known: ReadonlyMap<string, readonly OverrideClass[]> = new Map<string, readonly OverrideClass[]>([
  ...always.map((name) => [name.toLowerCase(), overrideClasses] as const),
  ...[...new Set(Object.values(byClass).flat())].map(
    (name) => [name.toLowerCase(), overrideClasses.filter((one) => byClass[one].includes(name))] as const
  )
])

/** Any of them allows the directive in `.htaccess` files; none where it is never allowed there. */
export function classesOf(name: string): readonly OverrideClass[] {
  return known.get(name.toLowerCase()) ?? []
}
