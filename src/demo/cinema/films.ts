/** A film of the demo. `sky`, `land` and `light` are the colours of its poster, `scene` an SVG drawing 200 x 300. */
export type Film = {
  id: number
  title: string
  year: number
  minutes: number
  kind: string
  story: string
  sky: string
  land: string
  light: string
  scene: string
}

/** The whole library. None of these films exists. */
export const films: readonly Film[] = [
  {
    id: 42,
    title: 'The Lighthouse Shift',
    year: 1974,
    minutes: 96,
    kind: 'Drama',
    story: 'Two keepers who have not spoken for a year must bring one ship home through one night.',
    sky: '#1c2f55',
    land: '#0c1730',
    light: '#ffc266',
    scene:
      '<path d="M100 96L0 40v66z" fill="#ffc266" opacity=".35"/><path d="M88 120h24l10 120H78z" fill="#f4f1ea"/>' +
      '<path d="M85 150h30l3 30H82z" fill="#b8442f"/><path d="M88 86h24v26H88z" fill="#ffc266"/>' +
      '<path d="M84 86l16-16 16 16z" fill="#b8442f"/><path d="M0 238q50-14 100 0t100 0v62H0z" fill="#0c1730"/>',
  },
  {
    id: 7,
    title: 'Night Tram',
    year: 1962,
    minutes: 88,
    kind: 'Comedy',
    story: 'The last tram of the evening refuses to stop, and its nine passengers begin to enjoy it.',
    sky: '#3b2450',
    land: '#1d1230',
    light: '#ffd98a',
    scene:
      '<circle cx="148" cy="66" r="22" fill="#ffd98a"/><path d="M0 140h30v-40h34v60h40V84h36v70h60v146H0z" fill="#2b1a3e"/>' +
      '<rect x="28" y="170" width="144" height="84" rx="14" fill="#d8572a"/><path d="M42 186h32v30H42zM84 186h32v30H84zM126 186h32v30h-32z" fill="#ffd98a"/>' +
      '<circle cx="62" cy="258" r="12" fill="#120a1e"/><circle cx="138" cy="258" r="12" fill="#120a1e"/>',
  },
  {
    id: 12,
    title: 'Salt',
    year: 1988,
    minutes: 121,
    kind: 'Western',
    story: 'A surveyor crosses a white desert to draw a border that both sides would rather not have.',
    sky: '#e08a4f',
    land: '#f1dcc0',
    light: '#fff3d6',
    scene:
      '<circle cx="100" cy="128" r="46" fill="#fff3d6"/><path d="M0 190l60-30 50 22 90-44v62H0z" fill="#a5502f"/>' +
      '<path d="M0 196h200v104H0z" fill="#f1dcc0"/><path d="M98 176h5v66h-5zM92 192h17v18H92z" fill="#3b1f14"/>' +
      '<circle cx="100" cy="170" r="7" fill="#3b1f14"/>',
  },
  {
    id: 23,
    title: 'Whale Radio',
    year: 2003,
    minutes: 104,
    kind: 'Adventure',
    story: 'A girl on an island hears her grandfather on a frequency that only whales should use.',
    sky: '#0f5a66',
    land: '#08343d',
    light: '#bfeee2',
    scene:
      '<path d="M20 190q30-70 100-60 50 8 52 52-20 34-76 30-40-2-76-22z" fill="#0a3f49"/><path d="M168 178l26-24-2 40z" fill="#0a3f49"/>' +
      '<circle cx="58" cy="172" r="4" fill="#bfeee2"/><path d="M84 108q16-22 32 0M74 92q26-36 52 0" fill="none" stroke="#bfeee2" stroke-width="4"/>' +
      '<path d="M0 214q50-12 100 0t100 0v86H0z" fill="#08343d"/>',
  },
  {
    id: 51,
    title: 'The Paper Orchard',
    year: 1996,
    minutes: 92,
    kind: 'Animation',
    story: 'In a town where nothing grows, a printer plants his misprints, and one spring they come up.',
    sky: '#f3c9b5',
    land: '#7a9a5b',
    light: '#fff7ea',
    scene:
      '<path d="M0 220q100-40 200 0v80H0z" fill="#7a9a5b"/><path d="M95 150h10v84H95z" fill="#6d4a34"/>' +
      '<circle cx="100" cy="120" r="52" fill="#d86a5a"/><path d="M70 96h18v24H70zM108 84h18v24h-18zM96 126h18v24H96z" fill="#fff7ea"/>' +
      '<path d="M74 102h10M74 108h10M112 90h10M112 96h10M100 132h10M100 138h10" stroke="#b7a99a" stroke-width="2"/>',
  },
  {
    id: 64,
    title: 'Orbit, Please Hold',
    year: 2019,
    minutes: 110,
    kind: 'Science fiction',
    story: 'A call centre is moved to a space station to save rent. Then the phone rings from outside.',
    sky: '#101024',
    land: '#272a55',
    light: '#9fc1ff',
    scene:
      '<circle cx="100" cy="150" r="62" fill="#3a4a9a"/><path d="M22 176q78 40 156-52" fill="none" stroke="#9fc1ff" stroke-width="6"/>' +
      '<rect x="126" y="96" width="40" height="22" rx="6" fill="#f4f1ea"/><path d="M104 90h16v34h-16zM172 90h16v34h-16z" fill="#ffc266"/>' +
      '<circle cx="40" cy="60" r="3" fill="#fff"/><circle cx="70" cy="34" r="2" fill="#fff"/><circle cx="30" cy="240" r="2" fill="#fff"/>',
  },
]
