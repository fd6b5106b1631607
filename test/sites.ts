import type { Site } from '../src/model/index.js'

/** The least that is a Site: it listens nowhere and answers nothing. */
export const site: Site = {
  schema: 1,
  sources: [{ file: 'a.conf', lines: [0] }],
  listeners: [],
  request: {
    target: {
      mergeSlashes: false,
      encodedSlash: 'decoded',
      fragment: 'cut',
      control: 'kept',
      invalidUtf8: 'kept',
      aboveRoot: 'clamped',
      normalised: false,
      absoluteForm: 'overrides-host',
      refusedStatus: 400
    },
    host: { normalised: true, strict: false, missing: 'empty' },
    methods: { known: 'any-upper-case', otherwise: 405, refused: [] },
    oddHeaderNames: 'kept',
    underscoresInHeaders: 'kept',
    body: { buffered: true, chunked: 'accepted', withGet: 'accepted', withoutLength: 'empty' },
    maxRedirects: 10
  },
  pipeline: [],
  root: {
    name: 'the whole',
    when: { kind: 'always' },
    choose: { kind: 'all' },
    settings: [],
    children: [],
    rank: 0
  },
  pools: [],
  directives: []
}
