/**
 * The network contract, on libp2p over real sockets.
 */
import { describeNetwork } from '../../contracts/network.ts'
import { onTcp, onWs, startNode } from './fixtures.ts'

for (const [name, listen] of [['libp2p over tcp', onTcp], ['libp2p over ws', onWs]] as const) {
  describeNetwork(name, async () => ({
    start: async () => await startNode({ listen: [listen] }),
    destroy: async () => {}
  }))
}
