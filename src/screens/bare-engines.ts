import type { RuleSet } from './rules.ts'

/**
 * Nothing but an engine on a small processor: most are televisions and boxes, some are panels and home-made
 * things. Asked last of the tokens, and answered with a choice.
 */
export const bareEngines: RuleSet = {
  class: 'uncertain',
  kind: 'tv',
  rules: [
    {
      pattern: /\bQtEmbedded\b/,
      why: 'QtEmbedded runs on boxes and panels without a desktop',
    },
    {
      pattern:
        /^(?:Mozilla|Opera)\/[\d.]{1,5} ?\((?:Unknown; |U; )?Linux(?:; U)?;? ?(?:armv?\d|aarch64|mips|sh4|ARM\b|BMIPS|\d{4})/i,
      unless: /X11|Android|Maemo|MeeGo|GOGI|Opera Mobi|Kindle|webOS|Mobile/i,
      why: 'it is Linux on a small processor without a desktop or Android',
    },
    {
      pattern: /\bNetbox\/\d/,
      why: 'Netbox is an early browser of set-top boxes',
    },
  ],
}
