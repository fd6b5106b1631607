import type { Note } from '../model/index.js'

/** What two of the servers have no word for, or is not written for them yet: each stands in the ledger in these words. */
export const unsayable = {
  recursiveErrorPages: {
    message: 'an error page of an error page has no counterpart',
    affects: ['status', 'body']
  },
  ownRedirects: { message: 'redirects are written in the form of this server', affects: ['Location'] },
  reading: {
    message: 'this server reads all requests in one way',
    affects: ['status', 'routing'],
    only: ['odd-target', 'odd-host', 'odd-header']
  },
  requestLimits: {
    message: 'this server does not count requests in a time',
    affects: ['status', 'routing', 'timing']
  },
  connectionLimits: {
    message: 'this server does not count connections at a time',
    affects: ['status', 'routing']
  },
  charset: { message: 'no charset is told with media types', affects: ['content-type'] },
  listing: { message: 'folders are not shown in this form', affects: ['status', 'body', 'content-type'] },
  additions: { message: 'nothing is put around the bodies of answers', affects: ['body'] },
  expiry: { message: 'Expires and Cache-Control are not sent', affects: ['expires', 'cache-control'] },
  cache: {
    message: 'answers are not kept: each is computed anew',
    affects: ['timing'],
    advice: 'put a cache in front of the server'
  },
  pathRules: {
    message: 'rules on paths are not written yet',
    affects: [
      'routing',
      'status',
      'SCRIPT_NAME',
      'SCRIPT_FILENAME',
      'PATH_INFO',
      'QUERY_STRING',
      'SCRIPT_URL',
      'SCRIPT_URI'
    ],
    advice: 'add them by hand'
  },
  toldOfRules: {
    message: 'what a server that has rules on paths tells beside them is not told',
    affects: ['SCRIPT_URL', 'SCRIPT_URI'],
    advice: 'set both where an application asks for them'
  },
  headerChanges: {
    message: "answers' headers are not changed as httpd's two lists of them want it",
    affects: ['headers'],
    advice: 'set the headers that matter by hand'
  },
  fileRedirects: {
    message: 'redirects that hold in folders and sections are not written yet',
    affects: ['status', 'Location'],
    advice: 'add them by hand'
  },
  handledFoldersLeft: {
    message: 'a folder gets its index whoever answers for it',
    affects: ['routing']
  },
  noPathInfo: { message: 'applications take path info', affects: ['status', 'PATH_INFO'] },
  signature: {
    message: 'no line about the server is told, or stands below error pages',
    affects: ['SERVER_SIGNATURE', 'body']
  },
  realAddress: {
    message: "the address that a proxy tells is not taken for the client's",
    affects: ['REMOTE_ADDR', 'REMOTE_PORT', 'status', 'routing', 'body'],
    only: ['forwarded']
  },
  rewrites: {
    message: 'rewrites are not written yet',
    affects: ['routing', 'status', 'body', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'QUERY_STRING']
  },
  instructions: {
    message: 'imperative rules (set, if, rewrite, return) are not written yet; what they refuse is closed',
    affects: [
      'routing',
      'status',
      'body',
      'Location',
      'SCRIPT_NAME',
      'SCRIPT_FILENAME',
      'PATH_INFO',
      'QUERY_STRING'
    ]
  }
} as const satisfies Readonly<Record<string, Note>>
