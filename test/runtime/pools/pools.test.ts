import { describe, expect, test } from 'vitest'
import type { Asked } from '../../../src/decide/types.js'
import type { Balance, FailureRule, Member, Pool } from '../../../src/model/index.js'
import type { Clock } from '../../../src/runtime/clock.js'
import { Pools } from '../../../src/runtime/pools/index.js'
import { member, pool } from '../served.js'

/** A clock that goes on when told to. */
function handClock(): Clock & { seconds: number } {
  const clock = { seconds: 1000, now: () => clock.seconds * 1000, after: () => () => undefined }
  return clock
}

const count = (failures: number, seconds = 10): FailureRule => ({ kind: 'count', failures, seconds })

function named(name: string, rest: Partial<Member> = {}): Member {
  return member({ kind: 'unix', path: `run/${name}.sock` }, { label: name, ...rest })
}

interface Bench {
  readonly pools: Pools
  readonly pool: Pool
  readonly clock: { seconds: number }
  readonly pick: (
    asked?: Partial<Asked>,
    remoteAddress?: string,
    tried?: readonly Member[]
  ) => Member | undefined
  /** Names of the members that so many requests in a row get. */
  readonly sequence: (length: number) => string
}

function bench(members: readonly Member[], balance: Balance, random = 0, rest: Partial<Pool> = {}): Bench {
  const clock = handClock()
  const one = pool(members, { balance, ...rest })
  const pools = new Pools([one], { clock, random: () => random })
  const pick: Bench['pick'] = (asked, remoteAddress = '127.0.0.1', tried = []) =>
    pools.pick(one, { asked: { authority: '', path: '', ...asked }, remoteAddress, tried: new Set(tried) })
  return {
    pools,
    pool: one,
    clock,
    pick,
    sequence: (length) => Array.from({ length }, () => pick()?.label ?? '-').join(' ')
  }
}

const smooth: Balance = { kind: 'round-robin', variant: 'smooth-weighted' }
const abc = ['a', 'b', 'c'] as const
const weighted = (weights: readonly number[]): readonly Member[] =>
  weights.map((weight, index) => named(abc[index] ?? '', { weight }))

test.each([
  [[1, 1, 1], 'a b c a b c a'],
  [[5, 1, 1], 'a a b a c a a'],
  [[3, 2, 1], 'a b a c b a a'],
  [[4, 2, 1], 'a b a c a b a']
])('weights %j take their turns smoothly', (weights, sequence) => {
  expect(bench(weighted(weights), smooth).sequence(7)).toBe(sequence)
})

test('with each pass the next member has its turn, and those that are out are skipped', () => {
  const {
    sequence,
    pools,
    pool: one
  } = bench([named('a'), named('b', { failure: { kind: 'disable', seconds: 5 } }), named('c')], {
    kind: 'round-robin',
    variant: 'per-pass'
  })
  expect(sequence(4)).toBe('a b c a')
  const [, second] = one.members
  if (second) pools.failed(one, second, 'unreached')
  expect(sequence(4)).toBe('c a c a')
})

test('the fewest requests in work win, for their weight; equals are the first or take turns', () => {
  const first = bench(weighted([1, 1, 1]), { kind: 'least-connections', ties: 'first' })
  expect(first.sequence(3)).toBe('a a a')
  const busy = first.pick()
  if (busy) first.pools.started(first.pool, busy)
  expect(first.sequence(2)).toBe('b b')
  if (busy) first.pools.finished(first.pool, busy)
  expect(first.sequence(1)).toBe('a')
  expect(bench(weighted([1, 1, 1]), { kind: 'least-connections', ties: 'round-robin' }).sequence(4)).toBe(
    'a b c a'
  )
  expect(bench(weighted([2, 1, 1]), { kind: 'least-connections', ties: 'round-robin' }).sequence(8)).toBe(
    'a b c a a b c a'
  )
})

// As a recorded lighttpd 1.4.69 chose.
test.each([
  ['localhost', '/p0.php', 'ccc'],
  ['localhost', '/p1.php', 'ccc'],
  ['localhost', '/p2.php', 'a'],
  ['localhost', '/p5.php', 'a'],
  ['other.example', '/p0.php', 'a'],
  ['other.example', '/p2.php', 'bb'],
  ['localhost', '/dir/index.php', 'a']
])('authority %s and path %s go to %s', (authority, path, name) => {
  const balance: Balance = { kind: 'hash', variant: 'djb-authority-path' }
  expect(
    bench(
      ['a', 'bb', 'ccc'].map((one) => named(one)),
      balance
    ).pick({ authority, path })?.label
  ).toBe(name)
})

// As a recorded nginx 1.22.1 chose.
test.each([
  ['127.0.0.1', [1, 1, 1], 'c'],
  ['10.0.0.1', [1, 1, 1], 'a'],
  ['10.0.0.200', [1, 1, 1], 'a'],
  ['10.0.1.1', [1, 1, 1], 'b'],
  ['192.168.7.1', [1, 1, 1], 'b'],
  ['203.0.113.5', [1, 1, 1], 'a'],
  ['2001:db8::1', [1, 1, 1], 'c'],
  ['::ffff:10.0.1.1', [1, 1, 1], 'b'],
  ['127.0.0.1', [4, 1], 'a'],
  ['10.0.1.1', [4, 1], 'a']
])('the client %s goes, among weights %j, to %s', (address, weights, name) => {
  const balance: Balance = { kind: 'address-hash', variant: 'first-three-bytes' }
  expect(bench(weighted(weights), balance).pick({}, address)?.label).toBe(name)
})

test('a client whose member is down is hashed on to another', () => {
  const members = [named('a'), named('b'), named('c', { down: true })]
  const { pick } = bench(members, { kind: 'address-hash', variant: 'first-three-bytes' })
  expect([pick({}, '127.0.0.1')?.label, pick({}, '10.0.1.1')?.label]).toEqual(['b', 'b'])
})

test.each<[string, Balance]>([
  ['crc32', { kind: 'hash', variant: 'crc32' }],
  ['ketama', { kind: 'hash', variant: 'ketama' }],
  ['djb-address', { kind: 'address-hash', variant: 'djb-address' }]
])(
  '%s sends the same key to the same member, different ones to all, and goes on where one is out',
  (_, balance) => {
    const { pick } = bench(weighted([1, 1, 1]), balance)
    const keys = Array.from({ length: 60 }, (_value, index) => `10.${index * 7}.${index}.${index + 3}`)
    const choose = (key: string, tried: readonly Member[] = []): string | undefined =>
      pick({ key }, key, tried)?.label
    const chosen = keys.map((key) => choose(key))
    expect(keys.map((key) => choose(key))).toEqual(chosen)
    expect(new Set(chosen)).toEqual(new Set(abc))
    for (const key of keys.slice(0, 10)) {
      const before = pick({ key }, key)
      const after = pick({ key }, key, before ? [before] : [])
      expect(after).toBeDefined()
      expect(after).not.toBe(before)
    }
  }
)

test('where a consistent hash loses a member, only that member’s keys move', () => {
  const balance: Balance = { kind: 'hash', variant: 'ketama' }
  const [all, two] = [bench(weighted([1, 1, 1]), balance), bench(weighted([1, 1]), balance)]
  for (let index = 0; index < 100; index++) {
    const key = `/page/${index}`
    const before = all.pick({ key })?.label
    if (before !== 'c') expect(two.pick({ key })?.label).toBe(before)
  }
})

test('at random the weights decide, and of two the one with less to do', () => {
  expect(bench(weighted([1, 3]), { kind: 'random', choices: 1 }, 0.3).sequence(2)).toBe('b b')
  expect(bench(weighted([1, 3]), { kind: 'random', choices: 1 }, 0.2).sequence(2)).toBe('a a')
})

test('a member that failed as often as allowed is out for a while, then tried once', () => {
  const {
    pools,
    pool: one,
    clock,
    pick,
    sequence
  } = bench([named('a', { failure: count(2) }), named('b')], smooth)
  const fail = (): void => {
    const [first] = one.members
    if (first) pools.failed(one, first, 'broken')
  }
  fail()
  expect(sequence(4)).toContain('a')
  fail()
  expect(sequence(4)).toBe('b b b b')
  clock.seconds += 10
  expect(sequence(1)).toBe('b')
  clock.seconds += 1
  expect([pick()?.label, pick()?.label]).toContain('a')
  expect(sequence(3)).toBe('b b b')
})

describe('a session', () => {
  const sessions = { argument: 'sid', cookie: 'SID', ends: '?&', separator: '.', bound: false }
  const members = [
    named('a', { route: 'a' }),
    named('b', { route: 'b', standIn: 'c' }),
    named('c', { route: 'c' })
  ]
  const made = (bound: boolean, out: readonly string[] = []): Bench =>
    bench(
      members.map((one) => ({ ...one, down: out.includes(one.label ?? '') })),
      smooth,
      0,
      { sessions: { ...sessions, bound } }
    )

  test('stays with its member, which pays for it with its turns', () => {
    const { pick, sequence } = made(false)
    expect(Array.from({ length: 2 }, () => pick({ route: 'b' })?.label)).toEqual(['b', 'b'])
    expect(sequence(4)).toBe('a c a c')
  })

  test.each([
    ['b', ['b'], false, 'c'],
    ['b', ['b', 'c'], false, 'a'],
    ['b', ['b', 'c'], true, undefined],
    ['nobody', [], true, 'a'],
    ['', [], true, 'a']
  ] as const)('of the route `%s` with %j out (bound: %s) goes to %s', (route, out, bound, label) => {
    expect(made(bound, out).pick({ route })?.label).toBe(label)
  })
})

test('a member is out for statuses that its rule names, and for silence where it says so', () => {
  const failure = { kind: 'disable', seconds: 5, statuses: [503], silence: true } as const
  const {
    pools,
    pool: one,
    sequence
  } = bench([named('a', { failure }), named('b', { failure }), named('c')], smooth)
  const [first, second] = one.members
  if (first === undefined || second === undefined) throw new Error('no members')
  pools.answered(one, first, 500)
  expect(sequence(3)).toBe('a b c')
  pools.answered(one, first, 503)
  pools.failed(one, second, 'silent')
  expect(sequence(2)).toBe('c c')
})

test('a success after the pause brings a member back', () => {
  const { pools, pool: one, clock, sequence } = bench([named('a', { failure: count(1) }), named('b')], smooth)
  const [first] = one.members
  if (first === undefined) throw new Error('no member')
  pools.failed(one, first, 'broken')
  clock.seconds += 11
  expect(sequence(2)).toContain('a')
  pools.answered(one, first, 200)
  expect(sequence(4)).toBe('b a b a')
})

test('a lone member is never out by its count, and a disabled one comes back when its time is over', () => {
  const lone = bench([named('a', { failure: count(1) })], smooth)
  const dead = bench([named('a', { failure: { kind: 'disable', seconds: 3 } })], smooth)
  for (const { pools, pool: one } of [lone, dead]) {
    const [first] = one.members
    if (first) pools.failed(one, first, 'unreached')
  }
  expect(lone.sequence(1)).toBe('a')
  expect(dead.sequence(1)).toBe('-')
  dead.clock.seconds += 3
  expect(dead.sequence(1)).toBe('-')
  dead.clock.seconds += 1
  expect(dead.sequence(1)).toBe('a')
})

test('backups serve only when no other can, and members that are down or full never', () => {
  const {
    pools,
    pool: one,
    pick
  } = bench(
    [named('a', { maxConnections: 1 }), named('b', { down: true }), named('c', { backup: true })],
    smooth
  )
  const first = pick()
  expect(first?.label).toBe('a')
  if (first) pools.started(one, first)
  expect(pick()?.label).toBe('c')
  if (first) pools.finished(one, first)
  expect(pick()?.label).toBe('a')
})

test('members that a request has tried are not given to it again', () => {
  const { pick, pool: one } = bench(weighted([1, 1]), smooth)
  expect(pick({}, '', one.members.slice(0, 1))?.label).toBe('b')
  expect(pick({}, '', one.members)).toBeUndefined()
})

test('a pool that shares its members knows what became of them, and chooses in its own way', () => {
  const members = [named('a', { failure: { kind: 'disable', seconds: 60 } }), named('b'), named('c')]
  const first = { ...pool(members, { balance: { kind: 'least-connections', ties: 'first' } }), id: 'first' }
  const other: Pool = {
    ...first,
    id: 'other',
    sharedWith: 'first',
    balance: { kind: 'round-robin', variant: 'per-pass' }
  }
  const pools = new Pools([first, other], { clock: handClock(), random: () => 0 })
  const request = { asked: { authority: '', path: '' }, remoteAddress: '127.0.0.1', tried: new Set<Member>() }
  expect(pools.pick(first, request)?.label).toBe('a')
  pools.failed(first, members[0] ?? named('a'), 'unreached')
  const taken = [1, 2, 3, 4].map(() => pools.pick(other, request)?.label)
  expect(taken).toEqual(['b', 'c', 'b', 'c'])
  expect(pools.pick(first, request)?.label).toBe('b')
})
