/**
 * Which request header names may go on to an app. Everything else is dropped, so a name that some proxy somewhere
 * believes in does no harm here. All names are lower case; a `*` at the end stands for the rest of a name.
 */

/** What a CORS preflight needs; it goes on without a session and carries nothing else. */
// biome-ignore format: names by the line
export const preflightFields: readonly string[] = [
  'accept', 'accept-encoding', 'accept-language', 'access-control-request-*', 'origin', 'referer', 'sec-fetch-*',
  'user-agent',
]

/** End-to-end fields with a meaning of their own. */
// biome-ignore format: names by the line
export const standardFields: readonly string[] = [
  // RFC 9110, 9111, 5861, 7240, 9218, 9530, 6266, 5789
  'accept-charset', 'accept-datetime', 'accept-signature', 'authorization', 'cache-control', 'content-digest',
  'content-disposition', 'content-encoding', 'content-language', 'content-location', 'content-md5', 'content-range',
  'content-type', 'date', 'digest', 'from', 'if-match', 'if-modified-since', 'if-none-match', 'if-range',
  'if-unmodified-since', 'max-forwards', 'mime-version', 'pragma', 'prefer', 'priority', 'range', 'repr-digest',
  'want-content-digest', 'want-digest', 'want-repr-digest',
  // Fetch, HTML, client hints, service workers, server-sent events
  'device-memory', 'dnt', 'downlink', 'dpr', 'ect', 'last-event-id', 'ping-from', 'ping-to', 'purpose', 'rtt',
  'save-data', 'sec-ch-*', 'sec-gpc', 'sec-purpose', 'service-worker', 'service-worker-navigation-preload',
  'upgrade-insecure-requests', 'viewport-width', 'width', 'x-moz', 'x-purpose',
  // WebDAV, CalDAV, CardDAV, AtomPub, SOAP
  'apply-to-redirect-ref', 'brief', 'caldav-timezones', 'dav', 'depth', 'destination', 'if', 'if-schedule-tag-match',
  'label', 'lock-token', 'ordering-type', 'overwrite', 'position', 'schedule-reply', 'slug', 'soapaction', 'timeout',
  'translate',
  // tracing
  'b3', 'baggage', 'sentry-trace', 'traceparent', 'tracestate', 'x-b3-*', 'x-correlation-id', 'x-request-id',
]

/** Names of our own making by front-end libraries and self-hosted apps: credentials of the app, form tokens, state. */
// biome-ignore format: names by the line
export const appFields: readonly string[] = [
  // form tokens and keys
  'api-key', 'csrf-token', 'idempotency-key', 'private-token', 'requesttoken', 'x-access-token', 'x-api-key',
  'x-apikey', 'x-auth-token', 'x-csrf-token', 'x-csrftoken', 'x-requested-with', 'x-token', 'x-wp-nonce',
  'x-xsrf-token', 'x-xsrftoken',
  // libraries
  'apollo-*', 'apollographql-*', 'hx-*', 'next-action', 'next-router-*', 'next-url', 'rsc', 'turbo-*', 'x-apollo-*',
  'x-client-version', 'x-inertia*', 'x-livewire*', 'x-nextjs-data', 'x-pjax*', 'x-signalr-user-agent',
  'x-sveltekit-*', 'x-timezone', 'x-turbo-*', 'x-up-*',
  // uploads, media
  'getcontentfeatures.dlna.org', 'icy-metadata', 'transfermode.dlna.org', 'tus-*', 'upload-*',
  'x-playback-session-id',
  // apps
  'git-protocol', 'kbn-xsrf', 'nc-*', 'oc-*', 'ocs-apirequest', 'x-amz-*', 'x-dashboard-uid', 'x-datasource-uid',
  'x-emby-*', 'x-grafana-*', 'x-immich-*', 'x-mediabrowser-*', 'x-nc-*', 'x-oc-*', 'x-panel-id', 'x-plex-*',
  'x-plugin-id', 'x-query-group-id', 'x-transmission-session-id',
]

/** Only with a WebSocket handshake (RFC 6455 §11.3). */
// biome-ignore format: names by the line
export const socketFields: readonly string[] = [
  'sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-protocol', 'sec-websocket-version',
]

/**
 * Never, whatever the operator lists: hop-by-hop fields, framing, and names by which proxies tell apps who somebody is,
 * where they come from, or what was really asked for. Compared after folding: `X_Forwarded.User` is `x-forwarded-user`.
 */
// biome-ignore format: names by the line
export const neverFields: readonly string[] = [
  // hop-by-hop and framing; Host and the length are ours to write
  'connection', 'content-length', 'cookie2', 'expect', 'host', 'http2-settings', 'keep-alive', 'proxy-*', 'te',
  'trailer', 'transfer-encoding', 'upgrade', 'via',
  // where from
  'cdn-loop', 'cf-*', 'client-ip', 'fastly-*', 'fly-*', 'forwarded', 'forwarded-*', 'true-client-ip', 'x-arr-*',
  'x-azure-*', 'x-client-ip', 'x-cluster-client-ip', 'x-envoy-*', 'x-forwarded', 'x-forwarded-*', 'x-forwarder-*',
  'x-host', 'x-ingress-*', 'x-originating-*', 'x-proxyuser-*', 'x-real-*', 'x-remote-*', 'x-script-name', 'x-scheme',
  'x-url-scheme',
  // what was asked for
  'front-end-https', 'x-http-destinationurl', 'x-http-host-override', 'x-http-method', 'x-http-method-*', 'x-https',
  'x-method-override', 'x-middleware-*', 'x-original-*', 'x-rewrite-*', 'x-url',
  // who
  'auth-user', 'auth-user-*', 'entryphone-*', 'http-*', 'oidc-*', 'remote-*', 'ssl-client-*', 'user',
  'x-amzn-oidc-*', 'x-auth-email', 'x-auth-group', 'x-auth-groups', 'x-auth-name', 'x-auth-request-*',
  'x-auth-roles', 'x-auth-subject', 'x-auth-user', 'x-auth-user-*', 'x-auth-username', 'x-authelia-*',
  'x-authenticated-*', 'x-authentik-*', 'x-authorized-*', 'x-client-cert', 'x-client-cert-*', 'x-consumer-*',
  'x-credential-*', 'x-email', 'x-entryphone-*', 'x-goog-authenticated-*', 'x-goog-iap-*', 'x-group', 'x-groups',
  'x-gw-*', 'x-hasura-*', 'x-internal', 'x-internal-*', 'x-jwt-assertion', 'x-login', 'x-ms-client-principal',
  'x-ms-client-principal-*', 'x-oidc-*', 'x-pangolin-*', 'x-pomerium-*', 'x-preferred-username', 'x-role', 'x-roles',
  'x-ssl-*', 'x-sub', 'x-subject', 'x-tinyauth-*', 'x-token-subject', 'x-token-user-*', 'x-user', 'x-user-*',
  'x-userinfo', 'x-username', 'x-vouch-*', 'x-webauth-*',
]
