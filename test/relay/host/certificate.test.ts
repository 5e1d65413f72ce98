import assert from 'node:assert/strict'
import { X509Certificate, createHash, createPrivateKey } from 'node:crypto'
import { createCertificate, formatCertificate, parseCertificate } from '../../../relay/host/certificate.ts'

const now = Date.parse('2026-03-01T00:00:00Z')

describe('the certificate of a relay', () => {
  it('is a self-signed one on P-256, valid for decades, with its key', () => {
    const { pem, privateKey } = createCertificate(now)
    const certificate = new X509Certificate(pem)
    assert.ok(certificate.verify(certificate.publicKey))
    assert.ok(certificate.checkPrivateKey(createPrivateKey(privateKey)))
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
    assert.ok(certificate.validFromDate.getTime() < now)
    assert.ok(certificate.validToDate.getTime() > now + 20 * 365 * 86_400_000)
  })

  it('has the hash that its address carries', () => {
    const { pem, certhash } = createCertificate(now)
    const digest = createHash('sha256').update(new X509Certificate(pem).raw).digest()
    assert.equal(certhash, `u${Buffer.concat([Buffer.from([0x12, 0x20]), digest]).toString('base64url')}`)
  })

  it('is the same after it was kept, and a damaged one is none', () => {
    const certificate = createCertificate(now)
    const text = formatCertificate(certificate)
    assert.deepEqual(parseCertificate(text), certificate)
    assert.equal(parseCertificate(text.slice(20)), undefined)
    assert.equal(parseCertificate(text.replace(/MIG.{20}/, '')), undefined)
    assert.equal(parseCertificate(''), undefined)
  })

  it('is a new one each time it is made', () => {
    assert.notEqual(createCertificate(now).certhash, createCertificate(now).certhash)
  })
})
