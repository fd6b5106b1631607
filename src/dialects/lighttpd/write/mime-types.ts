import { assign, pairs } from './statements.js'

/** lighttpd 1.4.69 knows no types of its own, and every file would be `application/octet-stream`. */
export const mimeTypes = assign(
  'mimetype.assign',
  pairs([
    ['.html', 'text/html'],
    ['.htm', 'text/html'],
    ['.css', 'text/css'],
    ['.js', 'text/javascript'],
    ['.mjs', 'text/javascript'],
    ['.json', 'application/json'],
    ['.xml', 'application/xml'],
    ['.txt', 'text/plain'],
    ['.pdf', 'application/pdf'],
    ['.svg', 'image/svg+xml'],
    ['.png', 'image/png'],
    ['.jpg', 'image/jpeg'],
    ['.jpeg', 'image/jpeg'],
    ['.gif', 'image/gif'],
    ['.webp', 'image/webp'],
    ['.ico', 'image/x-icon'],
    ['.woff', 'font/woff'],
    ['.woff2', 'font/woff2'],
    ['.mp4', 'video/mp4'],
    ['.zip', 'application/zip'],
    ['', 'application/octet-stream']
  ])
)
