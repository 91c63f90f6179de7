'use strict'
// How npm is called: its own script, by a Node of our choice. A shell would pick whatever `node` comes first on PATH.

const fs = require('fs')
const path = require('path')

/** Arguments for Node that install exactly what the lock file in `folder` says, without install scripts. */
function installLocked(folder) {
  const quick = [
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=4000',
    '--prefer-offline',
  ]
  return [
    script(),
    'ci',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--no-progress',
  ].concat(quick)
}

/** npm's own script. Throws when there is none, or one from before today's lock files. */
function script() {
  const found = findScript()
  if (!found) throw new Error('npm was not found: install it together with Node, then try again.')
  const version = JSON.parse(fs.readFileSync(path.join(found, '..', '..', 'package.json'), 'utf8')).version
  if (parseInt(version, 10) < 7)
    throw new Error(`npm ${version} is too old to read the lock file: npm 7 or later is needed.`)
  return found
}

/** The npm that started us, else the one on PATH. */
function findScript() {
  const own = process.env.npm_execpath
  if (own && path.basename(own) === 'npm-cli.js' && fs.existsSync(own)) return own
  const folders = [path.dirname(process.execPath)].concat((process.env.PATH || '').split(path.delimiter))
  for (let i = 0; i < folders.length; i++) {
    const beside = path.join(folders[i], 'node_modules', 'npm', 'bin', 'npm-cli.js')
    if (fs.existsSync(beside)) return beside
    const command = path.join(folders[i], 'npm')
    if (process.platform !== 'win32' && fs.existsSync(command) && /npm-cli\.js$/.test(fs.realpathSync(command)))
      return fs.realpathSync(command)
  }
  return undefined
}

module.exports = { installLocked }
