import type { Note } from '../model/index.js'

/** What conversions say of files with settings that lie in folders: they are read for each request, not with the configuration. */
export const folderFilesNote = {
  message: 'what files in folders say (`.htaccess`) is not part of the configuration, and not converted',
  affects: ['routing', 'status', 'body'],
  advice: 'convert what they say by hand: put their lines into a section for their folder, and convert again'
} as const satisfies Note
