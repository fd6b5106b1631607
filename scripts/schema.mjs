/**
 * Makes the JSON Schema of a Site from its TypeScript type, and from that the validator, as plain code: at run time
 * neither TypeScript nor ajv's compiler is loaded. Does nothing while the model is unchanged.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const output = `${root}src/model/schema/`

export function generateSchema() {
  const stamp = fingerprint()
  const validator = `${output}site-validator.js`
  if (existsSync(validator) && readFileSync(validator, 'utf8').startsWith(`// ${stamp}\n`)) return
  const schema = schemaOfSite()
  mkdirSync(output, { recursive: true })
  write(validator, `// ${stamp}\n${validatorOf(schema)}\n`)
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const folder of ['src/model/', 'src/diagnostics/', 'scripts/']) {
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

function schemaOfSite() {
  const { createGenerator } = require('ts-json-schema-generator')
  const generator = createGenerator({
    path: `${root}src/model/site.ts`,
    tsconfig: `${root}tsconfig.json`,
    type: 'Site',
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: true
  })
  const schema = generator.createSchema('Site')
  return discriminate({ $id: 'https://fcgi-conf.dev/schema/site-1.json', ...schema }, schema.definitions)
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
