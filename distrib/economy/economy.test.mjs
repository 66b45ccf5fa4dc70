import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { profits, run } from './experiments.mjs'
import { Ledger, MICRO, mulDiv } from './ledger.mjs'
import { Market } from './market.mjs'
import { Simulation, withChanges } from './simulate.mjs'

const parameters = JSON.parse(readFileSync(new URL('parameters.json', import.meta.url)))
const all = parameters.scenarios.cheats
const short = withChanges(all, { days: 240, shocks: [{ from: 90, days: 30, factor: 3 }] })
const meanOf = (changes, kind, seeds = 3) => {
  let sum = 0
  for (let seed = 1; seed <= seeds; seed++) sum += profits(run(parameters, changes, seed))[kind]
  return sum / seeds
}

test('mulDiv is exact beyond 2^53', () => {
  assert.equal(mulDiv(9007199254740991, 3, 3), 9007199254740991)
  assert.equal(mulDiv(123456789012, 987654321, MICRO), 121932631124487)
  assert.equal(mulDiv(7, 3, 2), 10)
})

test('no more credits than bonds allow, no bond out that is needed, no burning of what is not there', () => {
  const ledger = new Ledger(8, 10 ** 12)
  const owner = ledger.open('owner')
  const issuer = ledger.openIssuer(owner)
  ledger.buyCoin(owner, 2 * MICRO, MICRO, 0)
  assert.throws(() => ledger.mint(issuer, 8 * MICRO + 1, MICRO), /capacity/)
  ledger.mint(issuer, 8 * MICRO, MICRO)
  ledger.check()
  assert.throws(() => ledger.take(issuer, owner, 1), /needed/)
  assert.throws(() => ledger.burn(issuer, owner, 8 * MICRO + 1), /nothing/)
  assert.throws(() => ledger.redeemAbandoned(issuer, owner, 1), /listed/)
  issuer.listed = false
  assert.throws(() => ledger.mint(issuer, 1, MICRO), /not listed/)
  ledger.redeemAbandoned(issuer, owner, 8 * MICRO - 3)
  ledger.check()
  assert.equal(ledger.supplyMicros(), 3)
  ledger.redeemAbandoned(issuer, owner, 3)
  ledger.check()
  assert.equal(issuer.mintedMicros, 0)
})

test('check() sees a single unit that appears or goes', () => {
  for (const asset of ['moneyMicros', 'coinMicros', 'creditMicros']) {
    for (const unit of [1, -1]) {
      const simulation = run(parameters, { days: 30 }, 1)
      simulation.ledger.check()
      simulation.groups[0].account[asset] += unit
      assert.throws(() => simulation.ledger.check())
    }
  }
})

test('the auction trades what both sides want, at a price that wrongs nobody', () => {
  const ledger = new Ledger(8, 10 ** 12)
  const seller = ledger.open('seller')
  const buyer = ledger.open('buyer')
  const late = ledger.open('late')
  ledger.buyCoin(seller, MICRO, MICRO, 0)
  ledger.mint(ledger.openIssuer(seller), 8 * MICRO, MICRO)
  const market = new Market(ledger, 20000)
  market.ask(seller, 8 * MICRO, 15000)
  market.bid(buyer, 5 * MICRO, 30000)
  market.bid(late, 5 * MICRO, 14000)
  market.run()
  ledger.check()
  assert.equal(buyer.creditMicros, 5 * MICRO)
  assert.equal(late.creditMicros, 0)
  assert.equal(market.priceMicros, 15000) // more was offered than wanted: the seller's limit
})

test('coin, money and credits are conserved to the unit on every day, supply never exceeds capacity, in every scenario', () => {
  for (const [name, changes] of Object.entries(parameters.scenarios)) {
    const simulation = new Simulation(withChanges(parameters, withChanges(changes, { days: 200, ...(changes.crash ? { crash: { day: 120, factor: 0.2 } } : {}) })), 3)
    while (simulation.day < 200) {
      simulation.step()
      simulation.ledger.check()
      const { supply, capacity } = simulation.rows.at(-1)
      assert.ok(supply <= capacity, `${name}, day ${simulation.day}`)
    }
    assert.ok(simulation.rows.at(-1).supply > 0, name)
  }
})

test('the same seed gives the same result, another one another', () => {
  const of = seed => JSON.stringify(run(parameters, short, seed).rows)
  assert.equal(of(5), of(5))
  assert.notEqual(of(5), of(6))
})

test('nothing depends on the clock or on chance that is not seeded', () => {
  for (const name of readdirSync(new URL('.', import.meta.url)).filter(each => each.endsWith('.mjs') && !each.includes('test'))) {
    assert.doesNotMatch(readFileSync(new URL(name, import.meta.url), 'utf8'), /Date\b|Math\.random|performance|hrtime/, name)
  }
})

test('lazy nodes, self-dealers, rings, spam rings and the plain vanisher lose; honest nodes and free riders gain', () => {
  for (const kind of ['lazy', 'self-dealing', 'ring', 'spam ring', 'vanisher']) assert.ok(meanOf(short, kind) < 0, kind)
  for (const kind of ['honest node', 'sybil wallet']) assert.ok(meanOf(short, kind) > 0, kind)
})

test('a large first step feeds lazy nodes, a credit limit spam rings, an uptime reward idle ones', () => {
  assert.ok(meanOf({ days: 240, shocks: [], users: { stepCredits: 0.2 }, cheats: { lazy: 5 } }, 'lazy') > 0)
  assert.ok(meanOf({ days: 240, shocks: [], creditLimitCredits: 0.5, cheats: { spamRings: 1 } }, 'spam ring') > 0)
  const idle = run(parameters, { days: 240, shocks: [], uptime: { creditsPerNodeDay: 1 }, cheats: { selfDealing: 1 } }, 1)
  const cheat = idle.cheats.find(each => each.kind === 'self-dealing')
  assert.ok(idle.profitMicros(cheat) + cheat.account.uptimeMicros > 0)
})

test('vanishing pays exactly where the coin behind a credit is less than its price', () => {
  const { vanisher } = parameters.sweeps
  const crash = { day: 55, factor: 0.2 }
  assert.ok(meanOf({ ...vanisher, creditsPerCoin: 8 }, 'vanisher') < 0)
  assert.ok(meanOf({ ...vanisher, creditsPerCoin: 80 }, 'vanisher') > 0)
  assert.ok(meanOf({ ...vanisher, creditsPerCoin: 2, crash }, 'vanisher') < 0)
  assert.ok(meanOf({ ...vanisher, creditsPerCoin: 12, crash }, 'vanisher') > 0)
})

test('where anybody may mint, a credit does not stay dearer than the coin behind it, and a network that lives below cost stops', () => {
  const { rows } = run(parameters, { days: 270, shocks: [], creditsPerCoin: 16, crash: { day: 130, factor: 0.2 } }, 2)
  assert.ok(rows.slice(-60).every(row => row.coverage > 0.9))
  assert.ok(rows.slice(-30).every(row => row.served < row.wanted / 10))
})

test('what the document says of signs is what the committed results say', () => {
  const results = JSON.parse(readFileSync(new URL('../../docs/economy/results.json', import.meta.url)))
  const { profits: of } = results.scenarios.cheats
  for (const kind of ['lazy', 'self-dealing', 'ring', 'spam ring', 'vanisher']) assert.ok(of[kind].most < 0, kind)
  assert.ok(of['honest node'].least > 0 && of['sybil wallet'].least > 0)
  assert.equal(results.scenarios['steady coin'].seedsUncovered, 0)
  assert.ok(results.scenarios['crash, thin'].seedsStopped > results.scenarios.crash.seedsStopped)
  assert.equal(results.scenarios['crash, thick'].seedsStopped, 0)
})
