// All runs, and what is kept of them: medians, extremes and means over seeds. Numbers are rounded to five digits, as
// nobody should read more out of a model.
import { MICRO } from './ledger.mjs'
import { Random } from './random.mjs'
import { Simulation, withChanges } from './simulate.mjs'

const EVERY_DAYS = 15
const SERIES = ['supply', 'capacity', 'price', 'cost', 'behind', 'coverage', 'nodes', 'servedPart']

export const round = value => (Number.isFinite(value) ? Number(value.toPrecision(5)) : 0)
const mean = values => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const sorted = values => [...values].sort((a, b) => a - b)
const median = values => sorted(values)[values.length >> 1]
const spread = values => ({ mean: round(mean(values)), least: round(Math.min(...values)), most: round(Math.max(...values)) })

export function run(parameters, changes, seed) {
  return new Simulation(withChanges(parameters, changes), seed).run()
}

const servedPart = rows => {
  const wanted = mean(rows.map(row => row.wanted))
  return wanted > 0 ? mean(rows.map(row => row.served)) / wanted : 0
}

/** Outside money a day of one agent of each kind, in dollars. */
export function profits(simulation) {
  const byKind = {}
  const add = (kind, value) => (byKind[kind] ??= []).push(value / MICRO)
  const { days } = simulation.p
  for (const cheat of simulation.cheats) if (cheat.kind !== 'sybil') add(cheat.kind, simulation.profitMicros(cheat) / days)
  const listed = simulation.nodes.filter(node => node.listedDays > 0)
  const nodeDays = listed.reduce((sum, node) => sum + node.listedDays, 0)
  add('honest node', listed.reduce((sum, node) => sum + simulation.profitMicros(node), 0) / Math.max(1, nodeDays))
  const result = Object.fromEntries(Object.entries(byKind).map(([kind, values]) => [kind, mean(values)]))
  const sybil = simulation.cheats.find(cheat => cheat.kind === 'sybil')
  if (sybil) {
    result['sybil wallet'] = sybil.savedMicros / MICRO / days / sybil.count
    result['a node through them'] = -sybil.hurtMicros / MICRO / nodeDays
  }
  result['coin of a node'] = listed.reduce((sum, node) => sum + node.account.coinGainMicros, 0) / MICRO / Math.max(1, nodeDays)
  return result
}

function scenario(parameters, changes) {
  const runs = []
  for (let seed = 1; seed <= parameters.seeds; seed++) {
    const simulation = run(parameters, changes, seed)
    const { rows } = simulation
    for (const row of rows) row.servedPart = row.wanted > 0 ? row.served / row.wanted : 0
    const late = rows.slice(-180)
    runs.push({
      rows: rows.filter((_, day) => day % EVERY_DAYS === 0),
      profits: profits(simulation),
      uncoveredDays: rows.filter(row => row.coverage < 1).length,
      leastCoverage: Math.min(...rows.slice(30).map(row => row.coverage)),
      servedPart: servedPart(rows.slice(30)),
      servedLate: servedPart(late),
      refusing: mean(late.filter(row => row.nodes > 0).map(row => 1 - row.willing / row.nodes)),
      bondDollars: mean(rows.slice(30).map(row => (row.capacity * row.behind) / MICRO)) / simulation.p.users.groups / simulation.p.users.walletsPerGroup,
      defaults: simulation.count.strategicDefaults,
      arbitrageCredits: simulation.count.arbitrageCredits,
      supplyHigh: Math.max(...rows.map(row => row.supply)),
      victimCredits: (simulation.cheats.find(cheat => cheat.kind === 'spam ring')?.worstVictimMicros ?? 0) / MICRO,
      walletCredits: mean(simulation.groups.map(group => group.spendable)) / MICRO / simulation.p.users.walletsPerGroup,
      priceLate: median(late.map(row => row.price)),
      costLate: median(late.map(row => row.cost)),
    })
  }
  const series = {}
  for (const name of SERIES) {
    const at = day => runs.map(each => each.rows[day][name])
    const days = runs[0].rows.map((_, index) => index)
    series[name] = { median: days.map(day => round(median(at(day)))), least: days.map(day => round(Math.min(...at(day)))), most: days.map(day => round(Math.max(...at(day)))) }
  }
  const kinds = Object.keys(runs[0].profits)
  const figures = Object.keys(runs[0]).filter(name => typeof runs[0][name] === 'number')
  return {
    everyDays: EVERY_DAYS,
    series,
    profits: Object.fromEntries(kinds.map(kind => [kind, spread(runs.map(each => each.profits[kind]))])),
    figures: Object.fromEntries(figures.map(name => [name, spread(runs.map(each => each[name]))])),
    seedsUncovered: runs.filter(each => each.uncoveredDays > 0).length,
    seedsStopped: runs.filter(each => each.servedLate < 0.05).length,
  }
}

function overSeeds(parameters, changes, take) {
  const values = []
  for (let seed = 1; seed <= parameters.sweeps.seeds; seed++) values.push(take(run(parameters, changes, seed)))
  return values
}

function vanisherSweep(parameters, crash) {
  const points = []
  for (const creditsPerCoin of parameters.sweeps.creditsPerCoin) {
    const changes = { ...parameters.sweeps.vanisher, creditsPerCoin, crash }
    const values = overSeeds(parameters, changes, simulation => {
      const vanisher = simulation.cheats.find(cheat => cheat.kind === 'vanisher')
      return { part: simulation.profitMicros(vanisher) / Math.max(1, vanisher.bondedMicros), coverage: vanisher.behindMicros / Math.max(1, vanisher.paidMicros), sold: vanisher.soldMicros }
    }).filter(each => each.sold > 0)
    if (values.length > 0) points.push({ creditsPerCoin, coverage: spread(values.map(each => each.coverage)), profitPart: spread(values.map(each => each.part)) })
  }
  return points
}

function serviceSweep(parameters, crash) {
  return parameters.sweeps.creditsPerCoin.map(creditsPerCoin => {
    const values = overSeeds(parameters, { ...parameters.sweeps.service, creditsPerCoin, crash }, ({ rows }) => ({
      coverageBefore: rows[129].coverage,
      servedPart: servedPart(rows.slice(-60)),
      price: median(rows.slice(-60).map(row => row.price)),
    }))
    return { creditsPerCoin, coverageBefore: spread(values.map(each => each.coverageBefore)), servedPart: spread(values.map(each => each.servedPart)), price: spread(values.map(each => each.price)) }
  })
}

function smallSweep(parameters, values, changesOf, kind, take = simulation => profits(simulation)[kind]) {
  return values.map(value => ({ value, profit: spread(overSeeds(parameters, withChanges(parameters.sweeps.small, changesOf(value)), take)) }))
}

/** The lowest price of the coin in some time, as a part of that at the beginning: what one walk in twenty, in a hundred falls below. */
function walks(parameters) {
  const horizons = [90, 365, 1095]
  const lows = horizons.map(() => [])
  for (let walk = 1; walk <= parameters.sweeps.walks; walk++) {
    const random = new Random(walk + 104729)
    let price = 1
    let low = 1
    for (let day = 1; day <= horizons[horizons.length - 1]; day++) {
      price *= 1 + parameters.coinDailyDeviation * random.normal()
      if (price < low) low = price
      const index = horizons.indexOf(day)
      if (index >= 0) lows[index].push(low)
    }
  }
  return horizons.map((days, index) => {
    const values = sorted(lows[index])
    return { days, oneInTwenty: round(values[Math.floor(values.length / 20)]), oneInHundred: round(values[Math.floor(values.length / 100)]) }
  })
}

export function experiments(parameters, log = () => {}) {
  const results = { parameters: { seeds: parameters.seeds, days: parameters.days, creditsPerCoin: parameters.creditsPerCoin }, scenarios: {} }
  for (const [name, changes] of Object.entries(parameters.scenarios)) {
    log(name)
    results.scenarios[name] = scenario(parameters, changes)
  }
  log('sweeps')
  const crash = day => ({ day, factor: 0.2 })
  const { sweeps } = parameters
  results.vanisher = vanisherSweep(parameters, null)
  results.vanisherAfterCrash = vanisherSweep(parameters, crash(55))
  results.service = serviceSweep(parameters, null)
  results.serviceAfterCrash = serviceSweep(parameters, crash(130))
  results.step = smallSweep(parameters, sweeps.stepCredits, stepCredits => ({ users: { stepCredits }, cheats: { lazy: 5 } }), 'lazy')
  results.limit = smallSweep(parameters, sweeps.creditLimitCredits, creditLimitCredits => ({ creditLimitCredits, cheats: { spamRings: 1 } }), 'spam ring')
  results.uptime = smallSweep(parameters, sweeps.uptimeCreditsPerNodeDay, creditsPerNodeDay => ({ uptime: { creditsPerNodeDay }, cheats: { selfDealing: 2 } }), '', simulation => {
    const idle = simulation.cheats.find(cheat => cheat.kind === 'self-dealing')
    return (simulation.profitMicros(idle) + idle.account.uptimeMicros) / MICRO / simulation.p.days
  })
  results.walks = walks(parameters)
  return results
}
