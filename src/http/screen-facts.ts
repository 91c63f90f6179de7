import type { FastifyRequest } from 'fastify'
import type { ScreenFacts } from '../screens/screen.ts'

/** What a device says about itself. */
export function screenFactsOf(request: FastifyRequest): ScreenFacts {
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    userAgent: header('user-agent'),
    requestedWith: header('x-requested-with'),
    platformHint: header('sec-ch-ua-platform'),
    modelHint: header('sec-ch-ua-model'),
    formFactorsHint: header('sec-ch-ua-form-factors'),
  }
}
