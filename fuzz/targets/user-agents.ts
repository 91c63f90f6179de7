import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { classify } from '../../src/screens/classify.ts'
import { bytes, mixed } from '../pieces.ts'
import { must, pureTarget } from '../target.ts'

const tokens = [
  ...new Set(
    readFileSync(new URL('../user-agent-tokens.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => [line, `${line} `]),
  ),
]
const classes = ['constrained', 'capable', 'uncertain', 'webview']
const userAgent = fc.oneof(
  mixed(tokens, bytes(12), 14),
  mixed(tokens, bytes(12), 3).map((part) => part.repeat(200)),
)

/** Whatever a device calls itself, it gets a class, a reason, and little of our time. */
export const userAgents = pureTarget(
  'user-agents',
  fc.property(
    userAgent,
    fc.option(bytes(20), { nil: undefined }),
    fc.option(bytes(30), { nil: undefined }),
    (agent, with_, hint) => {
      const began = performance.now()
      const screen = classify({
        userAgent: agent,
        requestedWith: with_,
        platformHint: hint,
        modelHint: hint,
        formFactorsHint: hint,
      })
      const took = performance.now() - began
      must(classes.includes(screen.class) && screen.kind !== undefined && screen.why !== '', 'no class or no reason')
      // Far beyond: a machine that does other work may well be slow, but never this slow.
      must(took < 250, `took ${took.toFixed(0)} ms for ${agent.length} characters`)
    },
  ),
)
