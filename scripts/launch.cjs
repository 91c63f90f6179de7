'use strict'
// Starts a script of this project on a machine that has some Node and npm, and nothing else:
// finds or fetches the right Node, installs the packages with it, then runs `node <arguments>`.
// Plain CommonJS for Node 8 and later, and no packages: it runs before there are any.

const path = require('path')
const runtime = require('./launch/runtime.cjs')
const packages = require('./launch/packages.cjs')
const run = require('./launch/run.cjs')

const root = path.resolve(__dirname, '..')

Promise.resolve()
  .then(() => runtime.findNode(root))
  .then((node) => packages.ensure(root, node).then(() => run.passThrough(node.file, process.argv.slice(2))))
  .catch((problem) => {
    process.stderr.write(`${problem.message}\n`)
    process.exitCode = problem.exitCode || 1
  })
