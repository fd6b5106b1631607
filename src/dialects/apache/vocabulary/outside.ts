import { namesOf, type Rows } from './row.js'

/** Directives of httpd that are known by name only. */
export const outsideRows: Rows = [
  ...namesOf(
    'core',
    'the server itself',
    `
    AcceptFilter ContentDigest CoreDumpDirectory EnableMMAP EnableSendfile Error ErrorLog ErrorLogFormat
    ExtendedStatus FileETag FlushMaxPipelined FlushMaxThreshold LimitRequestFields LimitRequestFieldsize
    LimitRequestLine LimitXMLRequestBody LogLevel MaxConnectionsPerChild MaxMemFree MaxRangeOverlaps
    MaxRangeReversals MaxRanges MaxRequestsPerChild MergeTrailers Mutex PidFile Port Protocol Protocols
    ProtocolsHonorOrder RLimitCPU RLimitMEM RLimitNPROC ReadBufferSize RegexDefaultOptions
    RegisterHttpMethod ScoreBoardFile SeeRequestTail SetInputFilter SetOutputFilter ThreadStackSize
  `
  ),
  ...namesOf(
    'mpm_event',
    'the process model of httpd',
    `
    AsyncRequestWorkerFactor GracefulShutdownTimeout ListenBacklog ListenCoresBucketsRatio
    ListenTCPDeferAccept MaxClients MaxRequestWorkers MaxSpareThreads MinSpareThreads SendBufferSize
    ServerLimit StartServers ThreadLimit ThreadsPerChild
  `
  ),
  ...namesOf('core', 'the server itself', `KeepAlive KeepAliveTimeout MaxKeepAliveRequests`),
  ...namesOf('mod_allowmethods', 'allowmethods', `AllowMethods`),
  ...namesOf('mod_auth_basic', 'auth basic', `AuthBasicUseDigestAlgorithm`),
  ...namesOf(
    'mod_auth_digest',
    'auth digest',
    `
    AuthDigestAlgorithm AuthDigestDomain AuthDigestNcCheck AuthDigestNonceLifetime AuthDigestProvider
    AuthDigestQop AuthDigestShmemSize
  `
  ),
  ...namesOf(
    'mod_auth_form',
    'auth form',
    `
    AuthFormAuthoritative AuthFormBody AuthFormDisableNoStore AuthFormFakeBasicAuth AuthFormLocation
    AuthFormLoginRequiredLocation AuthFormLoginSuccessLocation AuthFormLogoutLocation AuthFormMethod
    AuthFormMimetype AuthFormPassword AuthFormProvider AuthFormSitePassphrase AuthFormSize
    AuthFormUsername
  `
  ),
  ...namesOf(
    'mod_authn_anon',
    'authn anon',
    `
    Anonymous Anonymous_LogEmail Anonymous_MustGiveEmail Anonymous_NoUserId Anonymous_VerifyEmail
  `
  ),
  ...namesOf('mod_authn_dbd', 'authn dbd', `AuthDBDUserPWQuery AuthDBDUserRealmQuery`),
  ...namesOf('mod_authn_dbm', 'authn dbm', `AuthDBMType AuthDBMUserFile`),
  ...namesOf(
    'mod_authn_socache',
    'authn socache',
    `
    AuthnCacheContext AuthnCacheEnable AuthnCacheProvideFor AuthnCacheSOCache AuthnCacheTimeout
  `
  ),
  ...namesOf(
    'mod_authnz_ldap',
    'authnz ldap',
    `
    AuthLDAPAuthorizePrefix AuthLDAPBindAuthoritative AuthLDAPBindDN AuthLDAPBindPassword
    AuthLDAPCharsetConfig AuthLDAPCompareAsUser AuthLDAPCompareDNOnServer AuthLDAPDereferenceAliases
    AuthLDAPGroupAttribute AuthLDAPGroupAttributeIsDN AuthLDAPInitialBindAsUser
    AuthLDAPInitialBindPattern AuthLDAPMaxSubGroupDepth AuthLDAPRemoteUserAttribute
    AuthLDAPRemoteUserIsDN AuthLDAPSearchAsUser AuthLDAPSubGroupAttribute AuthLDAPSubGroupClass
    AuthLDAPURL
  `
  ),
  ...namesOf('mod_authz_dbd', 'authz dbd', `AuthzDBDLoginToReferer AuthzDBDQuery AuthzDBDRedirectQuery`),
  ...namesOf('mod_authz_dbm', 'authz dbm', `AuthDBMGroupFile AuthzDBMType`),
  ...namesOf(
    'mod_autoindex',
    'directory listings',
    `
    AddAlt AddAltByEncoding AddAltByType AddDescription AddIcon AddIconByEncoding AddIconByType
    DefaultIcon FancyIndexing HeaderName IndexHeadInsert IndexIgnoreReset IndexOptions IndexOrderDefault
    IndexStyleSheet ReadmeName
  `
  ),
  ...namesOf(
    'mod_brotli',
    'compression',
    `
    BrotliAlterETag BrotliCompressionMaxInputBlock BrotliCompressionQuality BrotliCompressionWindow
    BrotliFilterNote
  `
  ),
  ...namesOf('mod_buffer', 'buffer', `BufferSize`),
  ...namesOf(
    'mod_cache',
    'caching',
    `
    CacheDefaultExpire CacheDetailHeader CacheDisable CacheEnable CacheHeader CacheIgnoreCacheControl
    CacheIgnoreHeaders CacheIgnoreNoLastMod CacheIgnoreQueryString CacheIgnoreURLSessionIdentifiers
    CacheKeyBaseURL CacheLastModifiedFactor CacheLock CacheLockMaxAge CacheLockPath CacheMaxExpire
    CacheMinExpire CacheQuickHandler CacheStaleOnError CacheStoreExpired CacheStoreNoStore
    CacheStorePrivate
  `
  ),
  ...namesOf(
    'mod_cache_disk',
    'caching',
    `
    CacheDirLength CacheDirLevels CacheMaxFileSize CacheMinFileSize CacheReadSize CacheReadTime
    CacheRoot
  `
  ),
  ...namesOf(
    'mod_cache_socache',
    'caching',
    `
    CacheSocache CacheSocacheMaxSize CacheSocacheMaxTime CacheSocacheMinTime CacheSocacheReadSize
    CacheSocacheReadTime
  `
  ),
  ...namesOf('mod_case_filter', 'case filter', `CaseFilter`),
  ...namesOf('mod_case_filter_in', 'case filter in', `CaseFilterIn`),
  ...namesOf('mod_cern_meta', 'cern meta', `MetaDir MetaFiles MetaSuffix`),
  ...namesOf('mod_cgi', 'cgi', `CGIScriptTimeout ScriptLog ScriptLogBuffer ScriptLogLength`),
  ...namesOf('mod_cgid', 'cgid', `CGIDScriptTimeout ScriptSock`),
  ...namesOf('mod_charset_lite', 'charset lite', `CharsetDefault CharsetOptions CharsetSourceEnc`),
  ...namesOf(
    'mod_dav',
    'WebDAV',
    `
    DAV DAVBasePath DAVDepthInfinity DAVLockDiscovery DAVMinTimeout
  `
  ),
  ...namesOf('mod_dav_fs', 'WebDAV', `DAVLockDB`),
  ...namesOf('mod_dav_lock', 'WebDAV', `DAVGenericLockDB`),
  ...namesOf(
    'mod_dbd',
    'dbd',
    `
    DBDExptime DBDInitSQL DBDKeep DBDMax DBDMin DBDParams DBDPersist DBDPrepareSQL DBDriver
  `
  ),
  ...namesOf(
    'mod_deflate',
    'compression',
    `
    DeflateAlterEtag DeflateBufferSize DeflateCompressionLevel DeflateFilterNote
    DeflateInflateLimitRequestBody DeflateInflateRatioBurst DeflateInflateRatioLimit DeflateMemLevel
    DeflateWindowSize
  `
  ),
  ...namesOf('mod_dialup', 'dialup', `ModemStandard`),
  ...namesOf('mod_dumpio', 'dumpio', `DumpIOInput DumpIOOutput`),
  ...namesOf('mod_echo', 'echo', `ProtocolEcho`),
  ...namesOf('mod_ext_filter', 'ext filter', `ExtFilterDefine ExtFilterOptions`),
  ...namesOf('mod_file_cache', 'file cache', `cachefile mmapfile`),
  ...namesOf(
    'mod_filter',
    'filter',
    `
    AddOutputFilterByType FilterChain FilterDeclare FilterProtocol FilterProvider FilterTrace
  `
  ),
  ...namesOf('mod_heartbeat', 'heartbeat', `HeartbeatAddress`),
  ...namesOf('mod_heartmonitor', 'heartmonitor', `HeartbeatListen HeartbeatMaxServers HeartbeatStorage`),
  ...namesOf(
    'mod_http2',
    'HTTP/2',
    `
    H2CopyFiles H2Direct H2EarlyHint H2EarlyHints H2MaxDataFrameLen H2MaxHeaderBlockLen
    H2MaxSessionStreams H2MaxStreamErrors H2MaxWorkerIdleSeconds H2MaxWorkers H2MinWorkers
    H2ModernTLSOnly H2OutputBuffering H2Padding H2ProxyRequests H2Push H2PushDiarySize H2PushPriority
    H2PushResource H2SerializeHeaders H2SessionExtraFiles H2StreamMaxMemSize H2StreamTimeout
    H2TLSCoolDownSecs H2TLSWarmUpSize H2Upgrade H2WebSockets H2WindowSize
  `
  ),
  ...namesOf('mod_ident', 'ident', `IdentityCheck IdentityCheckTimeout`),
  ...namesOf('mod_imagemap', 'imagemap', `ImapBase ImapDefault ImapMenu`),
  ...namesOf(
    'mod_include',
    'include',
    `
    SSIEndTag SSIErrorMsg SSIEtag SSILastModified SSILegacyExprParser SSIStartTag SSITimeFormat
    SSIUndefinedEcho XBitHack
  `
  ),
  ...namesOf('mod_info', 'monitoring', `AddModuleInfo`),
  ...namesOf(
    'mod_log_config',
    'logging',
    `
    BufferedLogs CookieLog CustomLog GlobalLog LogFormat TransferLog
  `
  ),
  ...namesOf('mod_log_debug', 'logging', `LogMessage`),
  ...namesOf('mod_log_forensic', 'logging', `ForensicLog`),
  ...namesOf('mod_logio', 'logging', `LogIOTrackTTFB`),
  ...namesOf(
    'mod_lua',
    'lua',
    `
    LuaAuthzProvider LuaCodeCache LuaHookAccessChecker LuaHookAuthChecker LuaHookCheckUserID
    LuaHookFixups LuaHookInsertFilter LuaHookLog LuaHookMapToStorage LuaHookPreTranslateName
    LuaHookTranslateName LuaHookTypeChecker LuaInherit LuaInputFilter LuaMapHandler LuaOutputFilter
    LuaPackageCPath LuaPackagePath LuaQuickHandler LuaRoot LuaScope Lua_____ByteCodeHack
  `
  ),
  ...namesOf('mod_macro', 'macro', `MacroIgnoreBadNesting MacroIgnoreEmptyArgs`),
  ...namesOf(
    'mod_md',
    'TLS certificates',
    `
    MDActivationDelay MDBaseServer MDCACertificateFile MDCAChallenges MDCertificateAgreement
    MDCertificateAuthority MDCertificateCheck MDCertificateFile MDCertificateKeyFile
    MDCertificateProtocol MDCertificateStatus MDChallengeDns01 MDChallengeDns01Version MDCheckInterval
    MDContactEmail MDDriveMode MDExternalAccountBinding MDHttpProxy MDHttpProxyCACertificateFile
    MDInitialDelay MDMatchNames MDMember MDMembers MDMessageCmd MDMustStaple MDNotifyCmd MDPortMap
    MDPrivateKeys MDProfile MDProfileMandatory MDRenewMode MDRenewViaARI MDRenewWindow MDRequireHttps
    MDRetryDelay MDRetryFailover MDServerStatus MDStapleOthers MDStapling MDStaplingKeepResponse
    MDStaplingRenewWindow MDStoreDir MDStoreLocks MDWarnWindow MDomain MDomainSet
  `
  ),
  ...namesOf(
    'mod_mime',
    'mime',
    `
    AddCharset AddEncoding AddInputFilter AddLanguage AddOutputFilter DefaultLanguage RemoveCharset
    RemoveEncoding RemoveInputFilter RemoveLanguage RemoveOutputFilter
  `
  ),
  ...namesOf('mod_mime_magic', 'mime magic', `MimeMagicFile`),
  ...namesOf(
    'mod_proxy',
    'proxy',
    `
    BalancerGrowth BalancerInherit BalancerPersist NoProxy Proxy100Continue ProxyBadHeader ProxyBlock
    ProxyDomain ProxyIOBufferSize ProxyMaxForwards ProxyReceiveBufferSize ProxyRemote ProxyRemoteMatch
    ProxySourceAddress ProxyStatus
  `
  ),
  ...namesOf('mod_proxy_connect', 'proxy connect', `AllowCONNECT`),
  ...namesOf(
    'mod_proxy_express',
    'proxy express',
    `ProxyExpressDBMFile ProxyExpressDBMType ProxyExpressEnable`
  ),
  ...namesOf(
    'mod_proxy_ftp',
    'proxy ftp',
    `
    ProxyFtpDirCharset ProxyFtpEscapeWildcards ProxyFtpListOnWildcard
  `
  ),
  ...namesOf('mod_proxy_hcheck', 'proxy hcheck', `ProxyHCExpr ProxyHCTPsize ProxyHCTemplate`),
  ...namesOf(
    'mod_proxy_html',
    'proxy html',
    `
    ProxyHTMLBufSize ProxyHTMLCharsetOut ProxyHTMLDoctype ProxyHTMLEnable ProxyHTMLEvents
    ProxyHTMLExtended ProxyHTMLFixups ProxyHTMLInterp ProxyHTMLLinks ProxyHTMLMeta
    ProxyHTMLStripComments ProxyHTMLURLMap
  `
  ),
  ...namesOf('mod_proxy_scgi', 'proxy scgi', `ProxySCGIInternalRedirect ProxySCGISendfile`),
  ...namesOf('mod_proxy_wstunnel', 'proxy wstunnel', `ProxyWebsocketFallbackToProxyHttp`),
  ...namesOf('mod_reflector', 'reflector', `ReflectorHeader`),
  ...namesOf(
    'mod_remoteip',
    'remoteip',
    `
    RemoteIPInternalProxyList RemoteIPProxiesHeader RemoteIPProxyProtocol
    RemoteIPProxyProtocolExceptions RemoteIPTrustedProxyList
  `
  ),
  ...namesOf('mod_reqtimeout', 'reqtimeout', `RequestReadTimeout`),
  ...namesOf('mod_request', 'request', `KeptBodySize`),
  ...namesOf('mod_security2', 'a web application firewall', `SecRuleEngine`),
  ...namesOf('mod_sed', 'sed', `InputSed OutputSed`),
  ...namesOf(
    'mod_session',
    'session',
    `
    Session SessionEnv SessionExclude SessionExpiryUpdateInterval SessionHeader SessionInclude
    SessionMaxAge
  `
  ),
  ...namesOf(
    'mod_session_cookie',
    'session cookie',
    `SessionCookieName SessionCookieName2 SessionCookieRemove`
  ),
  ...namesOf(
    'mod_session_crypto',
    'session crypto',
    `
    SessionCryptoCipher SessionCryptoDriver SessionCryptoPassphrase SessionCryptoPassphraseFile
  `
  ),
  ...namesOf(
    'mod_session_dbd',
    'session dbd',
    `
    SessionDBDCookieName SessionDBDCookieName2 SessionDBDCookieRemove SessionDBDDeleteLabel
    SessionDBDInsertLabel SessionDBDPerUser SessionDBDSelectLabel SessionDBDUpdateLabel
  `
  ),
  ...namesOf('mod_socache_memcache', 'socache memcache', `MemcacheConnTTL`),
  ...namesOf('mod_socache_redis', 'socache redis', `RedisConnPoolTTL RedisTimeout`),
  ...namesOf('mod_speling', 'speling', `CheckBasenameMatch CheckCaseOnly CheckSpelling`),
  ...namesOf(
    'mod_ssl',
    'TLS',
    `
    SSLCACertificateFile SSLCACertificatePath SSLCADNRequestFile SSLCADNRequestPath SSLCARevocationCheck
    SSLCARevocationFile SSLCARevocationPath SSLCertificateChainFile SSLCertificateFile
    SSLCertificateKeyFile SSLCipherSuite SSLCompression SSLCryptoDevice SSLEngine SSLFIPS
    SSLHonorCipherOrder SSLInsecureRenegotiation SSLLog SSLLogLevel SSLOCSPDefaultResponder
    SSLOCSPEnable SSLOCSPNoVerify SSLOCSPOverrideResponder SSLOCSPProxyURL
    SSLOCSPResponderCertificateFile SSLOCSPResponderTimeout SSLOCSPResponseMaxAge
    SSLOCSPResponseTimeSkew SSLOCSPUseRequestNonce SSLOpenSSLConfCmd SSLOptions SSLPassPhraseDialog
    SSLProtocol SSLProxyCACertificateFile SSLProxyCACertificatePath SSLProxyCARevocationCheck
    SSLProxyCARevocationFile SSLProxyCARevocationPath SSLProxyCheckPeerCN SSLProxyCheckPeerExpire
    SSLProxyCheckPeerName SSLProxyCipherSuite SSLProxyEngine SSLProxyMachineCertificateChainFile
    SSLProxyMachineCertificateFile SSLProxyMachineCertificatePath SSLProxyProtocol SSLProxyVerify
    SSLProxyVerifyDepth SSLRandomSeed SSLRenegBufferSize SSLRequire SSLRequireSSL SSLSRPUnknownUserSeed
    SSLSRPVerifierFile SSLSessionCache SSLSessionCacheTimeout SSLSessionTicketKeyFile SSLSessionTickets
    SSLStaplingCache SSLStaplingErrorCacheTimeout SSLStaplingFakeTryLater SSLStaplingForceURL
    SSLStaplingResponderTimeout SSLStaplingResponseMaxAge SSLStaplingResponseTimeSkew
    SSLStaplingReturnResponderErrors SSLStaplingStandardCacheTimeout SSLStrictSNIVHostCheck
    SSLUseStapling SSLUserName SSLVHostSNIPolicy SSLVerifyClient SSLVerifyDepth
  `
  ),
  ...namesOf('mod_substitute', 'substitute', `Substitute SubstituteInheritBefore SubstituteMaxLineLength`),
  ...namesOf('mod_suexec', 'suexec', `SuexecUserGroup`),
  ...namesOf('mod_unixd', 'the process model of httpd', `ChrootDir Suexec`),
  ...namesOf(
    'mod_usertrack',
    'usertrack',
    `
    CookieDomain CookieExpires CookieHttpOnly CookieName CookieSameSite CookieSecure CookieStyle
    CookieTracking
  `
  ),
  ...namesOf('mod_watchdog', 'watchdog', `WatchdogInterval`),
  ...namesOf('mod_xml2enc', 'xml2enc', `xml2EncAlias xml2EncDefault xml2StartParse`),
  ...namesOf(
    'core',
    'the process model of httpd',
    `
    AcceptMutex LockFile MaxSpareServers MinSpareServers SSLMutex
  `
  ),
  ...namesOf('mod_php', 'PHP inside httpd', `PHPINIDir php_admin_flag php_admin_value php_flag php_value`),
  ...namesOf(
    'mod_ldap',
    'util ldap',
    `
    LDAPCacheEntries LDAPCacheTTL LDAPConnectionPoolTTL LDAPConnectionTimeout LDAPLibraryDebug
    LDAPOpCacheEntries LDAPOpCacheTTL LDAPReferralHopLimit LDAPReferrals LDAPRetries LDAPRetryDelay
    LDAPSharedCacheFile LDAPSharedCacheSize LDAPTimeout LDAPTrustedClientCert LDAPTrustedGlobalCert
    LDAPTrustedMode LDAPVerifyServerCert
  `
  )
]
