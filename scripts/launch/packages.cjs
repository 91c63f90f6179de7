'use strict'
// Installs the packages when they are missing or older than the lock file, under the right Node.

const crypto = require('crypto')
const fs = require('fs')
const path = require('path')
const files = require('./files.cjs')
const npm = require('./npm.cjs')
const run = require('./run.cjs')

const STAMP = '.entryphone-installed'

/** Resolves when `node_modules` is what `package-lock.json` asks for; two launchers at once install once. */
function ensure(root, node) {
  if (isInstalled(root, node)) return Promise.resolve()
  const lock = path.join(root, '.node', 'install.lock')
  return files.holdLock(lock, 'Another start is installing packages; waiting for it…').then((release) => {
    if (isInstalled(root, node)) return release()
    return install(root, node).then(release, (problem) => {
      release()
      throw problem
    })
  })
}

function install(root, node) {
  return run.withProgress('Installing packages', node.file, npm.installLocked(root), { cwd: root }).then(
    () => fs.writeFileSync(path.join(root, 'node_modules', STAMP), wanted(root, node)),
    (problem) => {
      if (problem.exitCode) throw problem
      throw new Error(`The packages could not be installed: ${problem.message}`)
    },
  )
}

function isInstalled(root, node) {
  const stamp = readText(path.join(root, 'node_modules', STAMP))
  const want = wanted(root, node)
  if (stamp === want) return true
  const samePlace = stamp === '' || stamp.split(' ')[1] === want.split(' ')[1]
  return samePlace && followsLock(root)
}

/** Whether somebody's own `npm install` has brought what the lock file says: npm leaves a list of what it installed. */
function followsLock(root) {
  const list = readText(path.join(root, 'node_modules', '.package-lock.json'))
  if (list === '') return false
  const there = JSON.parse(list).packages
  const asked = JSON.parse(readText(path.join(root, 'package-lock.json'))).packages
  const names = Object.keys(asked).filter((name) => name !== '' && !asked[name].optional)
  return names.every((name) => there[name] && there[name].version === asked[name].version)
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (_missing) {
    return ''
  }
}

/** What `node_modules` was made from: the lock file, the platform, and Node's major version. */
function wanted(root, node) {
  const lock = crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  return `${lock} ${process.platform}-${process.arch} ${node.version.split('.')[0]}\n`
}

module.exports = { ensure }
