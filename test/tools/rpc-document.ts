/**
 * Prints docs/rpc.md from the table of methods; a test holds the document equal to it.
 * `node test/tools/rpc-document.ts` writes it anew.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { lineBytesMax } from '../../node/host/rpc/lines.ts'
import { methods, notifications } from '../../node/host/rpc/methods.ts'
import { rpcCodes } from '../../node/host/rpc/session.ts'

type Schema = v.GenericSchema
interface Field { name: string, type: string, meaning: string }

const opening = `# JSON-RPC

\`restante rpc\` speaks [JSON-RPC 2.0](https://www.jsonrpc.org/specification) on standard input and output;
\`restante daemon\` offers the same on a Unix socket in the profile (mode 0600; on Windows a named pipe), to any
number of clients. Where a daemon has the profile open, \`restante rpc\` passes its lines on to it.

\`\`\`json
{"jsonrpc":"2.0","id":1,"method":"account.create","params":{"name":"Bob","relays":[]}}
{"jsonrpc":"2.0","id":2,"method":"invite.create"}
{"jsonrpc":"2.0","id":3,"method":"message.send","params":{"to":"Alice","text":"hello"}}
\`\`\`

- One object, or one batch (an array), a line, in UTF-8, at most ${lineBytesMax} bytes. Parameters go by name.
- Requests begin in the order in which they came; the messages of one client are sent in that order. Answers come
  as they are ready: match them by \`id\`. What changes the account or a contact is done before a later request
  begins.
- A request without \`id\` is done, and never answered.
- Notifications come without being asked for, after what they tell is durable. A message that came while
  nobody listened is in \`message.list\`.
- A field without a value is \`null\`. New fields may be added: ignore what you don't know.
- At the end of the input, what was asked for is finished and answered, and the process ends with exit code 0.
- Names and texts are exact as others wrote them: escape control and bidirectional characters before showing
  them in a terminal.
- Secrets are never in arguments: a passphrase comes by \`--passphrase-file\` or \`RESTANTE_PASSPHRASE\`.

## Errors

| code | means |
|---|---|
| ${rpcCodes.parse} | the line is not JSON in UTF-8 |
| ${rpcCodes.invalidRequest} | not a request of JSON-RPC 2.0, an empty batch, or a line that is too long |
| ${rpcCodes.unknownMethod} | no such method |
| ${rpcCodes.invalidParams} | a parameter is missing, unknown or out of range; the message names it |
| ${rpcCodes.ours} | anything else: \`data.code\` is one of [errors.md](errors.md), \`data.family\` its family |
`

/** The whole document. */
export function rpcDocument (): string {
  const parts = [opening, '## Methods\n']
  for (const [name, { description, params, result }] of Object.entries(methods)) {
    parts.push(`### ${name}\n`, `${description}\n`)
    parts.push(table('Parameters', fieldsOf(params), 'No parameters.'))
    parts.push(table('Result', fieldsOf(result), 'The result is empty.'))
  }
  parts.push('## Notifications\n')
  for (const [name, { description, params }] of Object.entries(notifications)) {
    parts.push(`### ${name}\n`, `${description}\n`, table('Parameters', fieldsOf(params), 'No parameters.'))
  }
  return `${parts.join('\n').trimEnd()}\n`
}

function table (title: string, fields: Field[], none: string): string {
  if (fields.length === 0) return `${none}\n`
  const rows = fields.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${meaning} |`)
  return `| ${title} | type | |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** Fields of nested objects are named by their path: `contacts[].name`. */
function fieldsOf (schema: Schema, prefix = ''): Field[] {
  const inner = unwrap(schema)
  if (is(inner, 'array')) return fieldsOf((inner as unknown as { item: Schema }).item, `${prefix}[]`)
  if (!is(inner, 'object') && !is(inner, 'strict_object')) return []
  const entries = Object.entries((inner as unknown as { entries: Record<string, Schema> }).entries)
  return entries.flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    return [{ name: path, type: typeWords(field), meaning: meaningOf(field) }, ...fieldsOf(field, path)]
  })
}

function typeWords (schema: Schema): string {
  if (is(schema, 'optional')) return `${typeWords(wrapped(schema))}, may be left out`
  if (is(schema, 'nullable')) return `${typeWords(wrapped(schema))} or null`
  if (is(schema, 'array')) return `array of ${typeWords((schema as unknown as { item: Schema }).item)}`
  if (is(schema, 'strict_object')) return 'object'
  if (is(schema, 'picklist')) {
    return (schema as unknown as { options: string[] }).options.map((option) => `\`${option}\``).join(', ')
  }
  return schema.type
}

function meaningOf (schema: Schema): string {
  const own = v.getDescription(schema)
  if (own !== undefined) return own
  return is(schema, 'optional') || is(schema, 'nullable') ? meaningOf(wrapped(schema)) : ''
}

function unwrap (schema: Schema): Schema {
  return is(schema, 'optional') || is(schema, 'nullable') ? unwrap(wrapped(schema)) : schema
}

function wrapped (schema: Schema): Schema {
  return (schema as unknown as { wrapped: Schema }).wrapped
}

function is (schema: Schema, type: string): boolean {
  return schema.type === type
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../../docs/rpc.md'), rpcDocument())
