import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rpcDocument } from '../../tools/rpc-document.ts'

describe('docs/rpc.md', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/rpc.md'), 'utf8')

  it('is what the table of methods says (node test/tools/rpc-document.ts)', () => {
    assert.equal(document, rpcDocument())
  })

  it('names what a bot may rely on', () => {
    for (const name of ['account.create', 'account.show', 'invite.create', 'contact.add', 'contact.list',
      'contact.accept', 'contact.block', 'contact.remove', 'message.send', 'message.list', 'message.markRead',
      'connection.list', 'message.received', 'message.state', 'contact.state', 'connection.state']) {
      assert.ok(document.includes(`### ${name}\n`), name)
    }
  })
})
