import type { RuleSet } from './rules.ts'

/** What televisions and boxes of all makers say: standards, plain words, and engines that run nowhere else. */
export const tvStandards: RuleSet = {
  class: 'constrained',
  kind: 'tv',
  rules: [
    {
      pattern: /HbbTV\/|CE-HTML|\bOHTV\/|Hybridcast\/|\bFVC\/\d|\bFreetime\//i,
      why: 'it names a television standard such as HbbTV or CE-HTML',
    },
    {
      pattern: /\bTV Safari\/|Safari\/[\d.]+ TV\b|; wv-atv\b|Quick Search TV\/|\(lite\) TV\b/i,
      why: 'its browser says TV next to its name',
    },
    {
      pattern: /Smart[-_ ]?TV|\bSmartHub\b|Linux\/Smart|\bavui\/tv\b|\(TV; |\(DTV\b|; ?DTV[;)]|\b_TV_|-DTV\b/i,
      unless: /Android[^()]{0,120}DTV\b/,
      why: 'it calls itself a smart or digital TV',
    },
    {
      // "(Vendor, Model, wired)" at the end comes from the CTA web4CE convention, and is used far beyond it.
      pattern: /\([^()]{1,120}, ?wire(?:d|less)\b[^()]{0,40}\)/i,
      why: 'it ends with maker, model and kind of network, as televisions do',
    },
    {
      pattern: /InettvBrowser\/|DTVNetBrowser\/|TSBNetTV\b|TvpsExtInfo|AQUOSBrowser|AQUOS-(?:AS|DMP)\b/i,
      why: 'it is the browser of a Japanese television',
    },
    {
      pattern: /\bOMI\/\d|\bOpera TV\b|\bTV Store\b|SmartTvA\/|\bTitanOS\/|\bTiVoOS\//,
      why: 'it is built with the Opera or Vewd kit for televisions',
    },
    {
      // With a zero: the kit's browser hides Android from sites that would send it a phone's page.
      pattern: /\bAndr0id\b/,
      why: 'it spells Android with a zero, as only browsers of televisions do',
    },
    {
      pattern: /\bCobalt\/\d|\bStarboard\/|LeanbackShell|\bLeanback Shell\b/i,
      why: 'it is the engine of YouTube on televisions and consoles',
    },
    {
      pattern: /\bLarge Screen\b/,
      why: 'its browser says Large Screen',
    },
    {
      pattern: /\bSRAF\/\d|sraf_tv|NetFrontNX|\bANTGalio\/|\bEspial|DirectFB\b|MachBlue|mbxtWebKit/i,
      why: 'its engine is made for televisions and set-top boxes',
    },
    {
      pattern: /Ekioh\/|OpenTV\b|otvwebkit|Device Mosaic|CiscoBrowser|OreganMedia|HyperPanel|Zetakey\/|Netgem/i,
      unless: /Windows/,
      why: 'its engine is made for set-top boxes',
    },
    {
      pattern: /\bWPE\b/,
      why: 'WPE is the WebKit port for devices without a desktop',
    },
    {
      pattern: /TV Bro\/|\bPuffin ?TV\b|JioPages ?TV|\bBrowseHere\b|UPLUSTVBROWSER|\bTbrowser\/|TVBrowser\/|\bZeasn\//,
      why: 'it is a browser app made for televisions',
    },
  ],
}
