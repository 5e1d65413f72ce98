/**
 * What a source file imports and which globals it names, from its syntax tree.
 *
 * Type imports, re-exports, `import()` in code and in types, `require` and declarations that augment
 * another module all count: each ties two rooms together. Comments and strings don't.
 */
import { parseAst } from 'rolldown/parseAst'

export interface Reference {
  /** The specifier as written; undefined where an `import()` computes it. */
  specifier: string | undefined
  line: number
}

export interface GlobalUse { name: string, line: number }

export interface Scan { references: Reference[], globals: GlobalUse[] }

interface SyntaxNode { type: string, start: number, [field: string]: unknown }

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'

/** Fields that hold a name which is no reference to a variable: `x.name`, `{ name: 1 }`. */
const nameFields: Record<string, string> = {
  MemberExpression: 'property',
  Property: 'key',
  PropertyDefinition: 'key',
  AccessorProperty: 'key',
  MethodDefinition: 'key',
  TSPropertySignature: 'key',
  TSMethodSignature: 'key',
  TSAbstractMethodDefinition: 'key',
  TSAbstractPropertyDefinition: 'key',
  TSEnumMember: 'id',
  TSQualifiedName: 'right',
  ExportSpecifier: 'exported',
  LabeledStatement: 'label',
  BreakStatement: 'label',
  ContinueStatement: 'label'
}

/** Fields of nodes that carry a module's name. */
const sourceTypes = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration',
  'ImportExpression', 'TSImportType', 'TSExternalModuleReference'])

const textOf = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TSLiteralType') return textOf(node.literal)
  const isPlainTemplate = node.type === 'TemplateLiteral' && (node.expressions as unknown[]).length === 0
  return isPlainTemplate ? (node.quasis as Array<{ value: { cooked: string } }>)[0]?.value.cooked : undefined
}

/**
 * Scans `text`, TypeScript or JavaScript. `forbidden`: names that count as globals wherever they
 * stand as a variable or a type; a parameter that hides one counts too, as no reader can tell.
 * `member.name` entries match the two together (`AbortSignal.timeout`), `.name` ones the member of anything,
 * and `.name()` a call of it without arguments.
 */
export function scan (path: string, text: string, forbidden: ReadonlySet<string> = new Set()): Scan {
  const lang = path.endsWith('x') ? 'tsx' : path.endsWith('.ts') ? 'ts' : 'js'
  const found: Scan = { references: [], globals: [] }
  const lineOf = (node: SyntaxNode): number => text.slice(0, node.start).split('\n').length

  const visit = (node: SyntaxNode): void => {
    const source = node.type === 'TSExternalModuleReference' ? node.expression : node.source
    if (sourceTypes.has(node.type) && isNode(source)) {
      found.references.push({ specifier: textOf(source), line: lineOf(node) })
    }
    const callee = node.callee as SyntaxNode | undefined
    if (node.type === 'CallExpression' && callee?.type === 'Identifier' && callee.name === 'require') {
      found.references.push({ specifier: textOf((node.arguments as unknown[])[0]), line: lineOf(node) })
    }
    if (node.type === 'TSModuleDeclaration' && textOf(node.id) !== undefined) {
      found.references.push({ specifier: textOf(node.id), line: lineOf(node) })
    }
    if (node.type === 'MetaProperty' && forbidden.has('import.meta')) {
      if ((node.meta as SyntaxNode).name === 'import') {
        found.globals.push({ name: 'import.meta', line: lineOf(node) })
      }
    }
    if (node.type === 'MemberExpression') {
      const object = node.object as SyntaxNode
      const property = node.property as SyntaxNode
      const name = `${String(object.name)}.${textOf(property) ?? String(property.name)}`
      if (object.type === 'Identifier' && forbidden.has(name)) {
        found.globals.push({ name, line: lineOf(node) })
      }
      const member = `.${textOf(property) ?? String(property.name)}`
      if (forbidden.has(member)) found.globals.push({ name: member, line: lineOf(node) })
    }
    if (node.type === 'CallExpression' && callee?.type === 'MemberExpression') {
      const call = `.${String((callee.property as SyntaxNode).name)}()`
      const isBare = (node.arguments as unknown[]).length === 0
      if (isBare && forbidden.has(call)) found.globals.push({ name: call, line: lineOf(node) })
    }
    if (node.type === 'Identifier' && forbidden.has(node.name as string)) {
      found.globals.push({ name: node.name as string, line: lineOf(node) })
    }
    // `import { a }` is one identifier twice; what counts is what is taken from the package.
    if (node.type === 'ImportSpecifier') {
      visit(node.imported as SyntaxNode)
      return
    }
    const nameField = node.computed === true ? undefined : nameFields[node.type]
    for (const [field, value] of Object.entries(node)) {
      // `{ crypto }` has one identifier for key and value: the value is visited.
      if (field === nameField) continue
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child)
    }
  }
  visit(parseAst(text, { lang }, path) as unknown as SyntaxNode)
  return found
}
