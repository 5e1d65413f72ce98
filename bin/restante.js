#!/usr/bin/env node
/*
 * The entry of the command. It parses on old Nodes, so that it can say which one is needed, or hand
 * over to the newer one that npm installed beside this package.
 *
 * It knows no command: those are in node/host. CommonJS (see package.json beside it), because an old
 * Node refuses an ES module before its first line runs.
 */
'use strict'

var path = require('path')
var fs = require('fs')

var root = path.join(__dirname, '..')
var needed = [22, 19]
// Set by this very program for its own children: they end with it, and never hand over once more.
var startedByUs = process.env.RESTANTE_STARTED_BY_ITSELF === '1'
delete process.env.RESTANTE_STARTED_BY_ITSELF

if (isNewEnough(process.versions.node)) run()
else if (startedByUs || !handOver()) refuse()

function isNewEnough (version) {
  var parts = version.split('.').map(Number)
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1])
}

function refuse () {
  console.error('restante: Node ' + needed.join('.') + ' or newer is needed, this is ' +
    process.versions.node + ': install a newer one, or reinstall with optional dependencies (TOO_OLD_RUNTIME)')
  process.exitCode = 2
}

function run () {
  // The parent is gone (killed): nobody forwards signals or waits for us any more.
  if (startedByUs && process.channel) {
    process.once('disconnect', function () { process.kill(process.pid, 'SIGTERM') })
    process.channel.unref()
  }
  var source = path.join(root, 'node', 'host', 'main.ts')
  var main = fs.existsSync(source) ? source : path.join(root, 'dist', 'node', 'host', 'main.js')
  import(require('url').pathToFileURL(main).href).then(function (module) {
    return module.main(process.argv.slice(2))
  }).then(function (code) {
    process.exitCode = code
    // Everything is closed by now; a handle that some library left open must not keep us alive.
    setTimeout(function () { process.exit(code) }, 1000).unref()
  }, function (error) {
    console.error(error)
    process.exit(1)
  })
}

function neighbour () {
  var os = { linux: 'linux', win32: 'win', darwin: 'darwin' }[process.platform]
  var file = process.platform === 'win32' ? 'node.exe' : 'node'
  try {
    var manifest = require.resolve('node-' + os + '-' + process.arch + '/package.json', { paths: [root] })
    return path.join(path.dirname(manifest), 'bin', file)
  } catch (error) {
    // Not installed for this platform: perhaps npm linked one under its plain name.
    return path.join(root, 'node_modules', '.bin', file)
  }
}

/** False: there is no Node beside us to hand over to. */
function handOver () {
  var node = neighbour()
  if (!fs.existsSync(node)) return false
  var environment = Object.assign({}, process.env, { RESTANTE_STARTED_BY_ITSELF: '1' })
  var child = require('child_process').spawn(node, [__filename].concat(process.argv.slice(2)), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment
  })
  var signals = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(function (signal) {
    process.on(signal, function () { child.kill(signal) })
  })
  child.on('error', refuse)
  child.on('exit', function (code, signal) {
    if (!signal) {
      process.exitCode = code
      return
    }
    signals.forEach(function (name) { process.removeAllListeners(name) })
    process.kill(process.pid, signal)
  })
  return true
}
