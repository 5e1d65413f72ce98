/**
 * What the reference computes in the self-test of a native suite, so that no start has to compute
 * it again: hashes of outputs. test/protocol/suites.test.ts holds them against the reference.
 */
import { base64urlnopad } from '@scure/base'

/** SHA-256 of what each test gives, hex. */
export const knownAnswers = {
  sha256: '7728ae2f2c36e2aaafbe79ca14c87ae2f89e7c88c4390ecbbf82dce88706958d',
  hmac: 'c346c15e636fe288187c63a4d15c6af2c2118bad74ad73f3819ff20f24821d3c',
  hkdf: '816b69d1828aaf321f14b96be871e6574f4200bb1d63dfc23a4fcd0f050c406a',
  expand: 'ad66d2580000e7b6d786010c985c9c5f314a168a92ce24091d88dced5b42c147',
  seal: '950e7e8471c7017804f132742905d9ad31076587c9521580683fde1667fbef4e',
  open: '7728ae2f2c36e2aaafbe79ca14c87ae2f89e7c88c4390ecbbf82dce88706958d',
  x25519: '2dc15ab1127ab377861c5657313c2563dd4d6d895ec13d1dbb49053c07f44b19',
  sign: '1a01e04afe51e71f7bc5cb2cc0a7c83dbdc7744f47cd9a3a6495d5a6cdb423e7',
  verify: '47dc540c94ceb704a23875c11273e16bb0b8a87aed84de911f2133568115f254',
  kemPrivate: '0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9',
  encapsulate: '1fad879eabc0f07f4704504ec1206cecdca943c094dbb5bca96f86ade67533ea',
  decapsulate: '8dfd6f9fd1510d36051a97dd00d1af08925ed8807b94ef271d13e64efd2fdb0c'
}

/** ML-KEM-768 to the key of the test, with the coins of the test. */
export const knownCiphertext = base64urlnopad.decode(
  'cEJVqTeGwhn1wydArMbA67YVz-b_XV4Mb3hxXCLrY7MAVqv4Sef97Fa_Xr4NOUeFsPduPbTFfOnOu7mqsodFVdWhP7J8rbGF' +
  'ZxTDRdnrDBn8QQdidigUMakOEn5Y6ddredyJipYLnhSHoBRs9k-iCeEC2tYhiaDDgEL3CH4alXIjjcF0Q2EWmzHTgfF41ffC' +
  'fGcdBKB_Sw81hO146HQEEiOUTgXh2McZrGVA3endyz4fyU9runyEutJ6KUumK1kpTr5fX7vk50wlZeeWJLShJqRAYHj4hdhF' +
  'HX0kH7thTUMriTP-NhgslxKaekvpj3OPK_JwQ0xNtXOyvv9afn7XOnXxpwGuzJG6UeMbnwT-IUyLxO6T_4PH5E_AEalO5o0W' +
  'jxGjEZdmH0eGnkXETbGWMWNwEgsacrc2zBFS2ApQfkGmKLOTVNQeszG_hYfG_o-8-f5acs4WvLMpJyJPmTv9cRRnOsXiuGuk' +
  'f9foW21Wow7Y4X2GPpAYtzVieh0HZy-Lmcdy_3RAXxJGwqEhBgprR6ajiFpTJXFKpoIDJgzPS35VPuhyYVcUrtmGnKxniQ3p' +
  'zfviNT14t5gkHfaIr_jfemUn7Clkf_A3fUtfvquvO6922cZv5IW6LNz9xkYG5DnisQSSQR07tith36QZUYzTwq_bqQf0dFEF' +
  'es4LO64l_itVYxPD96vKyX94fTpgQJTTlcyV6FKBGpWnn-h57lpQico_SNmmmZzmcHZCMIBdVT8Fuv_byEQjaT6EMAgjhthc' +
  'up8ST5QZEYFKY4fnDr--nJWDhMY8625sEsrz4hbt7T3-7OhNquQSSIjo85FGV1mM-LS6XjYg08SPiJ3aQgwfnP0-3NLpdy-v' +
  'UZkawbECKosJeyjuHf0vyo8rxxOUF2tw0dFsFEJpml6HYXSdk1e48WwLitiMo_AEVBCG9aoAA2lS-fMglqu3ubbi0NKs_-SO' +
  'Ir43Y0CWCcTck8s6w0vP4Y6f72vLDuOS7qaiCymZnHMpGJqt2gVEhoYZB8n6n2m2t6PKbkvEzMPF5W02FCe8eZoJl-FjtFRX' +
  'aOYasf3YLzDCf6IzWUndLu2tsAOZpAluhqL1uETwEAp-9Utk9AmadH58Td-I52Jz-n73HjTogyE9riTnhyChxREGRWCrPv_H' +
  '_A9Duwt3_2cuGaNdtJ_u3D_Z-kvM8h4_PN0lwLj50eKZGm8VCa9h5MME4pGtLp_et3XOzDmPX3c1xReJ6HHK_YGh1D3dQvAL' +
  'bwM2LHncnluOSK_zu87fH9mI77c0bJCgnwZyssPyGzREQZHO5ugZbA2ojkykgTxdS_x8edhY1Z_46NxWWiq9lAUETWSZ0Izp' +
  'tMrySkTbrI9lNy8J8LkARhasySMR8C4a9eR88j9fY-FhjLApmI76MYC6dY0tl0CwKszXK2GyKa2fB3zInibRdQzLLwyGBx-0' +
  'hs7isg_yPQ4'
)
