'use strict'
// Starting other programs: quietly with a progress line, for their output, or in our place.

const childProcess = require('child_process')
const path = require('path')

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The environment with `node` first on PATH, so that everything below runs on it. */
function environment(node) {
  const env = Object.assign({}, process.env)
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') || 'PATH'
  env[name] = path.dirname(node) + path.delimiter + (env[name] || '')
  env.NODE = node
  env.npm_node_execpath = node
  return env
}

/** Resolves with what `file` printed, trimmed. Rejects when it does not run. */
function capture(file, args) {
  return new Promise((resolve, reject) => {
    childProcess.execFile(file, args, { timeout: 20000 }, (problem, out) =>
      problem ? reject(problem) : resolve(String(out).trim()),
    )
  })
}

/**
 * Runs `node` to its end behind one line: a running clock on a terminal, a first and a last line elsewhere.
 * Rejects with the end of what it complained about; after Ctrl-C with an `exitCode`, having called `cleanUp`.
 */
function withProgress(label, node, args, options) {
  const began = Date.now()
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`
  const terminal = process.stderr.isTTY
  if (!terminal) process.stderr.write(`${label}…\n`)
  const draw = () => process.stderr.write(`\r${label}… ${seconds()} `)
  const clock = terminal ? setInterval(draw, 1000) : undefined
  if (terminal) draw()
  return new Promise((resolve, reject) => {
    const child = childProcess.spawn(node, args, {
      cwd: options.cwd,
      env: environment(node),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let complaint = ''
    const listen = (chunk) => {
      complaint = (complaint + chunk).slice(-4000)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    let stopped
    const stop = (signal) => {
      stopped = signal
      child.kill(signal)
    }
    SIGNALS.forEach((signal) => {
      process.on(signal, stop)
    })
    const end = (problem) => {
      clearInterval(clock)
      SIGNALS.forEach((signal) => {
        process.removeListener(signal, stop)
      })
      process.stderr.write(terminal ? `\r${label}… ${seconds()}\n` : problem ? '' : `done in ${seconds()}\n`)
      if (stopped && options.cleanUp) options.cleanUp()
      if (stopped) return reject(Object.assign(new Error('Stopped.'), { exitCode: codeFor(stopped) }))
      return problem ? reject(problem) : resolve()
    }
    child.on('error', end)
    child.on('close', (code) => end(code === 0 ? undefined : new Error(explain(complaint))))
  })
}

/** npm's complaint in a few lines, with the likely cause first. */
function explain(complaint) {
  const lines = complaint
    .replace(/^npm (error|ERR!) ?/gm, '')
    .split('\n')
    .filter((line) => line.trim() && !/complete log of this run|^\s+at /.test(line))
  const cause = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT/.test(complaint)
    ? 'there is no way to the npm registry, and it is not in the cache of npm.'
    : 'npm says:'
  return [cause].concat(lines.slice(0, 8).map((line) => `  ${line}`)).join('\n')
}

/** Runs `node` with our terminal; ends as it ends, with the same exit code. It never outlives the npm that started us. */
function passThrough(node, args) {
  return new Promise((resolve, reject) => {
    const child = childProcess.spawn(node, args, { env: environment(node), stdio: 'inherit' })
    let sentAt = 0
    const pass = (signal) => {
      // The terminal has sent Ctrl-C to the child already, and npm sends what it gets to us once more.
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      if (Date.now() - sentAt < 500) return
      sentAt = Date.now()
      child.kill(signal)
    }
    SIGNALS.forEach((signal) => {
      process.on(signal, pass)
    })
    // A signal ends npm and its shell without reaching us: all that we see is that our parent is another one.
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) child.kill('SIGTERM')
    }, 500)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearInterval(watch)
      process.exitCode = code === null ? codeFor(signal) : code
      resolve()
    })
  })
}

/** What a shell reports for a program that a signal ended. */
function codeFor(signal) {
  return 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] || 1)
}

module.exports = { capture, withProgress, passThrough }
