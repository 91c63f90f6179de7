/**
 * Home Assistant, from the Python registry. uv takes a minute where pip takes seven, and takes exactly the versions
 * that are pinned: with whatever else they ask for, Home Assistant would bring half of the smart home's libraries.
 */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { homeAssistantPins } from '../../test/support/parts.ts'
import { findPython313 } from './python.ts'
import { run, type Source } from './source.ts'

const UV = 'uv==0.6.10'

export const homeAssistant: Source = {
  part: 'home-assistant',
  obstacle: () =>
    findPython313() === undefined
      ? 'this release runs on Python 3.13: install one (pyenv install 3.13.0) or name it, ENTRYPHONE_PYTHON=… npm run parts'
      : undefined,
  fill(folder) {
    const base = findPython313()
    if (base === undefined) throw new Error('Python 3.13 has gone')
    run(base.file, ['-m', 'venv', folder], base.env)
    const python = join(folder, 'bin/python')
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', UV])
    run(python, ['-m', 'uv', 'pip', 'install', '--quiet', '--python', python, '--no-deps', '-r', homeAssistantPins])
    // Tells which pins it was made from.
    copyFileSync(homeAssistantPins, join(folder, 'pins.txt'))
  },
}
