/**
 * Makes the JSON Schemas of a Site, of a configuration file and of what lint keeps from their TypeScript types, and from those validators, as
 * plain code: at run time neither TypeScript nor ajv's compiler is loaded. Does nothing while the types are unchanged.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)

/** What has a schema: the type, the file it stands in, what else it is made of, and where its validator is put. */
const made = [
  {
    type: 'Site',
    source: 'src/model/site.ts',
    folders: ['src/model/', 'src/diagnostics/'],
    id: 'https://fcgi-conf.dev/schema/site-1.json',
    validator: 'src/model/schema/site-validator.js'
  },
  {
    type: 'Config',
    source: 'src/cli/config/config.ts',
    folders: ['src/cli/config/'],
    id: 'https://fcgi-conf.dev/schema/config-1.json',
    validator: 'src/cli/config/config-validator.js'
  },
  {
    type: 'Baseline',
    source: 'src/cli/linting/baseline/baseline.ts',
    folders: ['src/cli/linting/baseline/'],
    id: 'https://fcgi-conf.dev/schema/baseline-1.json',
    validator: 'src/cli/linting/baseline/baseline-validator.js'
  },
  {
    type: 'Kept',
    source: 'src/cli/linting/cache/kept.ts',
    folders: ['src/cli/linting/cache/', 'src/diagnostics/'],
    id: 'https://fcgi-conf.dev/schema/kept-1.json',
    validator: 'src/cli/linting/cache/kept-validator.js'
  },
  {
    type: 'ShardPart',
    source: 'src/cli/linting/shards/part.ts',
    folders: ['src/cli/linting/', 'src/cli/linting/shards/', 'src/diagnostics/'],
    id: 'https://fcgi-conf.dev/schema/shard-1.json',
    validator: 'src/cli/linting/shards/part-validator.js'
  }
]

export function generateSchema() {
  for (const one of made) {
    const stamp = fingerprint(one)
    const validator = `${root}${one.validator}`
    if (existsSync(validator) && readFileSync(validator, 'utf8').startsWith(`// ${stamp}\n`)) continue
    mkdirSync(dirname(validator), { recursive: true })
    write(validator, `// ${stamp}\n${validatorOf(schemaOf(one))}\n`)
  }
}

function fingerprint({ folders }) {
  const hash = createHash('sha256')
  for (const folder of [...folders, 'scripts/']) {
    for (const name of readdirSync(`${root}${folder}`).sort()) {
      if (folder === 'scripts/' && name !== 'schema.mjs') continue
      if (/\.(ts|mjs)$/.test(name)) hash.update(`${name}\n`).update(readFileSync(`${root}${folder}${name}`))
    }
  }
  return hash.digest('hex')
}

/** Written under another name first: several test runs may do this at once. */
function write(path, text) {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}

/** Of what `convert --report` writes. */
export function schemaOfReport() {
  return schemaOf({
    type: 'ConversionReport',
    source: 'src/convert/report.ts',
    id: 'https://fcgi-conf.dev/schema/conversion-report-1.json'
  })
}

/** Of what `convert --source-map` writes. */
export function schemaOfSourceMap() {
  return schemaOf({
    type: 'SourceMap',
    source: 'src/convert/source-map.ts',
    id: 'https://fcgi-conf.dev/schema/source-map-1.json'
  })
}

/** Of what `lint --format json` prints. */
export function schemaOfFindings() {
  return schemaOf({
    type: 'JsonReport',
    source: 'src/diagnostics/formats/json-report.ts',
    id: 'https://fcgi-conf.dev/schema/report-1.json'
  })
}

function schemaOf({ type, source, id }) {
  const { createGenerator } = require('ts-json-schema-generator')
  const generator = createGenerator({
    path: `${root}${source}`,
    tsconfig: `${root}tsconfig.json`,
    type,
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: true
  })
  const schema = generator.createSchema(type)
  return discriminate({ $id: id, ...schema }, schema.definitions)
}

/**
 * A union of objects that differ in one constant property is checked by that property, so that an error names what
 * is wrong in the alternative meant, and not every alternative.
 */
function discriminate(value, definitions) {
  if (Array.isArray(value)) return value.map((item) => discriminate(item, definitions))
  if (value === null || typeof value !== 'object') return value
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, discriminate(inner, definitions)])
  )
  if (!Array.isArray(copy.anyOf)) return copy
  const branches = copy.anyOf.map((branch) => resolve(branch, definitions))
  const property = ['key', 'kind', 'step', 'of'].find((name) =>
    branches.every(
      (branch) => branch?.type === 'object' && typeof branch.properties?.[name]?.const === 'string'
    )
  )
  if (property === undefined) return copy
  const names = branches.map((branch) => branch.properties[property].const)
  if (new Set(names).size !== names.length) return copy
  const { anyOf, ...rest } = copy
  return {
    ...rest,
    type: 'object',
    required: [property],
    discriminator: { propertyName: property },
    oneOf: anyOf
  }
}

function resolve(branch, definitions) {
  const name = branch.$ref?.replace('#/definitions/', '')
  return name === undefined ? branch : definitions[decodeURIComponent(name)]
}

function validatorOf(schema) {
  const Ajv = require('ajv').default
  const standalone = require('ajv/dist/standalone').default
  const ajv = new Ajv({
    allErrors: false,
    discriminator: true,
    strict: false,
    code: { source: true, esm: true, lines: true }
  })
  const validate = ajv.compile(schema)
  // ajv's helpers are CommonJS, and its ESM output still asks for them with require.
  const code = standalone(ajv, validate).replace(
    /const (\w+) = require\("([^"]+)"\)\.default;/g,
    (_, name, path) => `import ${name}Module from "${path}.js";\nconst ${name} = ${name}Module.default;`
  )
  const name = /^const (schema\d+) = \{"\$id"/m.exec(code)?.[1]
  if (name === undefined)
    throw new Error('the generated validator does not hold the schema under a name of its own')
  return `${code}\nexport const schema = ${name};`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generateSchema()
