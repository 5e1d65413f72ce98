/** What the reference encapsulates in the self-test of a native suite, so that no start has to compute it again. */
import { base64urlnopad } from '@scure/base'

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
