import { type Call, fault, json, type Route, route } from './router.ts'
import type { State } from './state.ts'
import { plainId } from './users.ts'

/** A film of every byte there is, so that a range that is off by one is seen. */
export const film = Buffer.from([...Array(256).keys()].flatMap((byte) => Array(400).fill(byte) as number[]))
export const filmId = 'f27caa37e5142225cceded48f6553502'

/** Films, pictures and what leads to them. */
export function mediaRoutes(_state: State): Route[] {
  const known = (answer: (call: Call) => ReturnType<Route['answer']>) => (call: Call) =>
    plainId(call.param('id')) === filmId ? answer(call) : fault(404)
  const stream = known(({ headers }) => ranged(film, 'video/mp4', headers.range))
  const live = ({ headers }: Call) => ranged(film, 'video/mp2t', headers.range)
  const subtitles = () => ({ status: 200, headers: { 'content-type': 'application/x-subrip' }, body: '1\n' })
  const playlist = (lines: string[]) => ({
    status: 200,
    headers: { 'content-type': 'application/vnd.apple.mpegurl' },
    body: `${['#EXTM3U', ...lines].join('\n')}\n`,
  })
  const item = {
    Id: filmId,
    Name: 'The Long Way Home',
    Type: 'Movie',
    MediaType: 'Video',
    ImageTags: { Primary: 'a1' },
  }
  return [
    route('token', 'GET', '/Items', () => json({ Items: [item], TotalRecordCount: 1, StartIndex: 0 })),
    route(
      'token',
      'GET',
      '/Items/{id}',
      known(() => json(item)),
    ),
    // Token places: URLs that the server hands out carry the token of whoever asked.
    route(
      'token',
      ['GET', 'POST'],
      '/Items/{id}/PlaybackInfo',
      known(({ info }) =>
        json({
          PlaySessionId: 'play-1',
          MediaSources: [
            {
              Id: filmId,
              Container: 'mp4',
              SupportsDirectPlay: true,
              TranscodingUrl: `/videos/${filmId}/master.m3u8?DeviceId=${encodeURIComponent(info.deviceId)}&ApiKey=${info.token}`,
            },
          ],
        }),
      ),
    ),
    route(
      'token',
      'GET',
      '/Videos/{id}/master.m3u8',
      known(({ info }) => playlist(['#EXT-X-STREAM-INF:BANDWIDTH=4000000', `main.m3u8?ApiKey=${info.token}`])),
    ),
    route(
      'token',
      'GET',
      '/Videos/{id}/main.m3u8',
      known(({ info }) => playlist(['#EXTINF:3.0,', `hls1/main/0.mp4?ApiKey=${info.token}`, '#EXT-X-ENDLIST'])),
    ),
    route('token', 'GET', '/Videos/{id}/hls1/{playlist}/{segment}', stream),
    route('token', 'GET', '/Items/{id}/Download', stream),
    // What needs no token at all: streams, old segments and pictures, for whoever knows an item's id.
    route('nothing', ['GET', 'HEAD'], '/Videos/{id}/stream', stream),
    route('nothing', ['GET', 'HEAD'], '/Videos/{id}/stream.mp4', stream),
    route('nothing', ['GET', 'HEAD'], '/Audio/{id}/stream', stream),
    route('nothing', 'GET', '/Videos/{id}/hls/{playlist}/{segment}', stream),
    route('nothing', 'GET', '/Videos/{id}/{source}/Subtitles/{index}/{file}', known(subtitles)),
    route('nothing', 'GET', '/Videos/{id}/{source}/Attachments/{index}', stream),
    route('nothing', 'GET', '/LiveTv/LiveRecordings/{recording}/stream', live),
    route('nothing', 'GET', '/LiveTv/LiveStreamFiles/{stream}/{file}', live),
    route('nothing', ['GET', 'HEAD'], '/UserImage', () => picture),
    ...['Items', 'Artists', 'Genres', 'MusicGenres', 'Persons', 'Studios', 'Users'].map((kind) =>
      route('nothing', ['GET', 'HEAD'], `/${kind}/{name}/Images/{type}`, () => picture),
    ),
  ]
}

const picture = { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.from('89504e470d0a1a0a', 'hex') }

/** One range or the whole (RFC 9110 §14.2). */
function ranged(whole: Buffer, type: string, range = '') {
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? []
  const headers = { 'content-type': type, 'accept-ranges': 'bytes' }
  if (from === '') return { status: 200, headers, body: whole }
  const [first, last] = [Number(from), Math.min(to === '' ? whole.length - 1 : Number(to), whole.length - 1)]
  if (first > last) return { status: 416, headers: { ...headers, 'content-range': `bytes */${whole.length}` } }
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${whole.length}` },
    body: whole.subarray(first, last + 1),
  }
}
