import { describe, expect, test } from 'vitest'
import { write } from '../../../src/dialects/apache/write/index.js'
import { writeCases } from '../cases.js'
import { recordingLedger } from '../plans.js'

const targets = ['apache', 'apache-fcgid', 'apache-proxy-fcgi'] as const

const fileName = (name: string): string => name.replaceAll(/[^a-z0-9]+/gi, '-')

describe.each(targets)('%s', (target) => {
  test.each(Object.entries(writeCases))('%s', async (name, plan) => {
    const options = { target, fragment: false }
    const written = write(plan, options, recordingLedger())
    expect(write(plan, options, recordingLedger())).toEqual(written)
    await expect(written[0]?.text ?? '').toMatchFileSnapshot(
      `../../../fixtures/write/${target}/${fileName(name)}.conf`
    )
  })
})
