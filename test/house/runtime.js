/**
 * Refuses a Node that can't run TypeScript, with one clear line; otherwise does nothing.
 *
 * npm brings a Node of its own on most platforms, and then the scripts of package.json run with it.
 * Plain JavaScript that old versions parse.
 */
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write('restante needs Node 22.19 or newer to be tested or built; this is ' +
    process.version + ', and npm brings none for ' + process.platform + '-' + process.arch + '.\n')
  process.exit(2)
}
