import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { lacksChain } from '../../src/tls/pair.ts'
import { makeAuthority, makeCertificate } from '../support/certificate.ts'

/** Names where its issuer's certificate can be fetched, as those of public authorities do. */
const fromPublicAuthority = `-----BEGIN CERTIFICATE-----
MIIB5DCCAYugAwIBAgIURXc6821Z/hjnnsDHZC8Qgp86WigwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRZG9vci5ob21lLmV4YW1wbGUwIBcNMjYxMTI2MDQxOTAwWhgP
MjEyNjExMDIwNDE5MDBaMBwxGjAYBgNVBAMMEWRvb3IuaG9tZS5leGFtcGxlMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEl3Ycc96fT0vTw2LP7jYiAdnwjH4cCNZ4
d5iJTmWKizw7BRGTKSRvB8ROt8oxuOnWAY8SZGFIErnYxeCoKiIOwaOBqDCBpTAd
BgNVHQ4EFgQUOnNrevUp5SZP07BXODDpBWVr+EMwHwYDVR0jBBgwFoAUOnNrevUp
5SZP07BXODDpBWVr+EMwDwYDVR0TAQH/BAUwAwEB/zBSBggrBgEFBQcBAQRGMEQw
IwYIKwYBBQUHMAKGF2h0dHA6Ly9jYS5leGFtcGxlL2kuY3J0MB0GCCsGAQUFBzAB
hhFodHRwOi8vY2EuZXhhbXBsZTAKBggqhkjOPQQDAgNHADBEAiAnInCzfJus3UWX
Rbsi8qxuBga/fchjjX2aeLzXn/QspgIgbHKdisAC2LC+GX0e3BDHordXESmeWhvZ
uFgYnVjJHng=
-----END CERTIFICATE-----
`

test('a file with the certificate alone is found to lack its chain, unless a root signed it', async () => {
  const lacks = (pem: string) => lacksChain(pem, new X509Certificate(pem))
  const root = await makeAuthority()
  const own = await makeCertificate(['door.home.example'], { ca: root })
  expect(lacks(fromPublicAuthority)).toBe(true)
  expect(lacks(`${fromPublicAuthority}${root.cert}`)).toBe(false)
  expect(lacks(own.cert)).toBe(false)
})
