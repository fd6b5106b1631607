import { expect, test } from 'vitest'
import { write } from '../../../src/dialects/lighttpd/write/index.js'
import { writeCases } from '../cases.js'
import { recordingLedger } from '../plans.js'

const fileName = (name: string): string => name.replaceAll(/[^a-z0-9]+/gi, '-')

test.each(Object.entries(writeCases))('%s', async (name, plan) => {
  const options = { target: 'lighttpd', fragment: false } as const
  const written = write(plan, options, recordingLedger())
  expect(write(plan, options, recordingLedger())).toEqual(written)
  await expect(written[0]?.text ?? '').toMatchFileSnapshot(
    `../../../fixtures/write/lighttpd/${fileName(name)}.conf`
  )
})
