/**
 * Brings what tests need and neither npm nor Debian has, into `.parts/`: `npm run parts`. What is there already is left
 * as it is. A part that cannot be had on this machine is named with the reason; with CI=true that is a failure.
 */
import { homeAssistant } from './parts/home-assistant.ts'
import { chromium64, webkit538 } from './parts/old-engines.ts'
import { bring } from './parts/source.ts'

const missing = [webkit538, chromium64, homeAssistant].filter((source) => !bring(source))
if (missing.length > 0 && process.env['CI'] === 'true') process.exitCode = 1
