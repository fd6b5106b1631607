import type { Rule } from '../rule.js'
import { aliasSlash } from '../rules/alias-slash.js'
import { childrenMultiply } from '../rules/children-multiply.js'
import { contradiction } from '../rules/contradiction.js'
import { defaultPort } from '../rules/default-port.js'
import { deprecatedKey } from '../rules/deprecated-key.js'
import { existenceBeforeRemote } from '../rules/existence-before-remote.js'
import { exposedApplication } from '../rules/exposed-application.js'
import { hiddenFilesSent } from '../rules/hidden-files-sent.js'
import { hostName } from '../rules/host-name.js'
import { httpoxy } from '../rules/httpoxy.js'
import { indexWithoutScript } from '../rules/index-without-script.js'
import { looseHost } from '../rules/loose-host.js'
import { looseScriptPattern } from '../rules/loose-script-pattern.js'
import { neverMatches } from '../rules/never-matches.js'
import { phpRunsAnything } from '../rules/php-runs-anything.js'
import { serverNameTwice } from '../rules/server-name-twice.js'
import { shadowedBinding } from '../rules/shadowed-binding.js'
import { slowPattern } from '../rules/slow-pattern.js'
import { socketInSharedFolder } from '../rules/socket-in-shared-folder.js'
import { socketTwice } from '../rules/socket-twice.js'
import { tooNew } from '../rules/too-new.js'
import { unknownKey } from '../rules/unknown-key.js'
import { unsafeSendfile } from '../rules/unsafe-sendfile.js'
import { wrongProgram } from '../rules/wrong-program.js'

/** Rules for more than one language. */
export const rules: readonly Rule[] = [
  aliasSlash,
  childrenMultiply,
  contradiction,
  defaultPort,
  deprecatedKey,
  existenceBeforeRemote,
  exposedApplication,
  hiddenFilesSent,
  hostName,
  httpoxy,
  indexWithoutScript,
  looseHost,
  looseScriptPattern,
  neverMatches,
  phpRunsAnything,
  serverNameTwice,
  shadowedBinding,
  slowPattern,
  socketInSharedFolder,
  socketTwice,
  tooNew,
  unknownKey,
  unsafeSendfile,
  wrongProgram
]
