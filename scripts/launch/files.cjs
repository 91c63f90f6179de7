'use strict'
// Folders and locks with what Node 8 has.

const fs = require('fs')
const path = require('path')

/** Makes a folder and those above it. */
function makeFolder(folder) {
  if (fs.existsSync(folder)) return
  makeFolder(path.dirname(folder))
  try {
    fs.mkdirSync(folder)
  } catch (problem) {
    if (problem.code !== 'EEXIST') throw problem
  }
}

/** Removes a file, a link or a folder with all that is in it; nothing when it is not there. */
function remove(target) {
  let kind
  try {
    kind = fs.lstatSync(target)
  } catch (_missing) {
    return
  }
  if (!kind.isDirectory()) return fs.unlinkSync(target)
  fs.readdirSync(target).forEach((name) => {
    remove(path.join(target, name))
  })
  fs.rmdirSync(target)
}

/** Moves a finished folder into place; when somebody else was first, theirs stays and ours goes. */
function renameUnlessThere(from, to) {
  try {
    fs.renameSync(from, to)
  } catch (problem) {
    if (!fs.existsSync(to)) throw problem
    remove(from)
  }
}

/**
 * Resolves with a function that gives the lock back, as soon as nobody else who is still alive holds it.
 * Says `waiting` once if it has to wait.
 */
function holdLock(file, waiting) {
  makeFolder(path.dirname(file))
  return new Promise((resolve, reject) => {
    let said = false
    const attempt = () => {
      try {
        fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
        let held = true
        const release = () => {
          if (held) remove(file)
          held = false
        }
        process.on('exit', release)
        return resolve(release)
      } catch (problem) {
        if (problem.code !== 'EEXIST') return reject(problem)
      }
      if (!isHeld(file)) {
        remove(file)
      } else if (!said) {
        said = true
        process.stderr.write(`${waiting}\n`)
      }
      setTimeout(attempt, 200)
    }
    attempt()
  })
}

function isHeld(file) {
  try {
    const holder = Number(fs.readFileSync(file, 'utf8'))
    // Between making the file and writing the number there is nothing in it yet.
    if (!holder) return Date.now() - fs.statSync(file).mtime.getTime() < 2000
    process.kill(holder, 0)
    return true
  } catch (problem) {
    return problem.code === 'EPERM'
  }
}

module.exports = { makeFolder, remove, renameUnlessThere, holdLock }
