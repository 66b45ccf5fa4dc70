// Runs everything and writes docs/economy/*.svg, docs/economy/results.json and the part of docs/economy.md between the two
// markers. With --check it writes nothing, and fails if what is there differs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { experiments } from './experiments.mjs'
import { bars, lines } from './plot.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const docs = join(here, '..', '..', 'docs')
const BEGIN = '<!-- results: written by distrib/economy/run; do not edit -->'
const END = '<!-- results end -->'
const DOLLAR = 1_000_000
const DAY_TICKS = [0, 180, 360, 540, 720, 900, 1080]

const parameters = JSON.parse(readFileSync(join(here, 'parameters.json'), 'utf8'))
const results = experiments(parameters)
const { scenarios } = results

const days = scenario => scenario.series.price.median.map((_, index) => index * scenario.everyDays)
const dollars = values => values.map(value => value / DOLLAR)
function band(scenario, name, label, convert = values => values, more = {}) {
  const { median, least, most } = scenario.series[name]
  return { name: label, xs: days(scenario), values: convert(median), low: convert(least), high: convert(most), ...more }
}
const plain = (scenario, name, label, more = {}) => ({ name: label, xs: days(scenario), values: scenario.series[name].median, ...more })
const sweep = (points, x, y, name, more = {}) => ({ name, xs: points.map(x), values: points.map(each => y(each).mean), low: points.map(each => y(each).least), high: points.map(each => y(each).most), ...more })

const per = each => each.creditsPerCoin
const PER_COIN = 'credits minted for each coin of bond (a coin is $1 at the beginning), log scale'
const PER_COIN_TICKS = [2, 3, 5, 8, 12, 20, 30, 50, 80]
const SHOWN = ['growth', 'crash', 'crash, thin', 'crash, thick', 'steady coin']
const perCoin = name => scenarios[name] && (parameters.scenarios[name].creditsPerCoin ?? parameters.creditsPerCoin)
const label = name => `${name} (${perCoin(name)} a coin)`
const KINDS = ['honest node', 'lazy', 'self-dealing', 'ring', 'spam ring', 'sybil wallet', 'vanisher']
const profit = kind => scenarios.cheats.profits[kind]

const plots = {
  'supply.svg': lines({
    title: 'Credits in existence, and what the bonds allow (growth; median and range of seeds)', xLabel: 'day', yLabel: 'credits',
    xTicks: DAY_TICKS, yTicks: [0, 50000, 100000, 150000, 200000, 250000, 300000],
    series: [band(scenarios.growth, 'supply', 'supply'), plain(scenarios.growth, 'capacity', 'bonded capacity', { dashed: true })],
  }),
  'price.svg': lines({
    title: 'Price of a credit and cost of serving a basket (growth; median and range of seeds)', xLabel: 'day', yLabel: 'dollars, log scale', yKind: 'log',
    xTicks: DAY_TICKS, yTicks: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
    series: [band(scenarios.growth, 'price', 'market price of a credit', dollars), band(scenarios.growth, 'cost', 'median cost of a basket', dollars), band(scenarios.growth, 'behind', 'coin behind a credit', dollars, { dashed: true })],
  }),
  'coverage.svg': lines({
    title: 'Coverage: coin behind a credit / its market price (medians; in the crashes the coin loses 80 % on day 500)', xLabel: 'day', yLabel: 'coverage, log scale', yKind: 'log',
    xTicks: DAY_TICKS, yTicks: [0.5, 1, 2, 5, 10, 20], limit: 1, series: SHOWN.map(name => plain(scenarios[name], 'coverage', label(name))),
  }),
  'service.svg': lines({
    title: 'Service: part of the baskets wanted that was served (medians; in the crashes the coin loses 80 % on day 500)', xLabel: 'day', yLabel: 'part served',
    xTicks: DAY_TICKS, yTicks: [0, 0.2, 0.4, 0.6, 0.8, 1], series: SHOWN.map(name => plain(scenarios[name], 'servedPart', label(name))),
  }),
  'cheats.svg': bars({
    title: 'What each gains (mean and range of seeds, without uptime rewards)', xLabel: '', yLabel: 'dollars a day, square root scale', yTicks: [-4, -1, -0.1, 0, 0.1, 0.5],
    bars: KINDS.map(kind => ({ name: kind, ...profit(kind), honest: kind === 'honest node' })),
  }),
  'vanisher.svg': lines({
    title: 'Mint, sell, vanish: gain for each dollar of bond (mean and range of seeds)', xLabel: PER_COIN, yLabel: 'dollars for each dollar bonded', xKind: 'log', yKind: 'root',
    xTicks: PER_COIN_TICKS, yTicks: [-1, -0.5, -0.1, 0, 0.1, 0.5, 1, 2, 5, 10], limit: 0,
    series: [sweep(results.vanisher, per, each => each.profitPart, 'calm coin'), sweep(results.vanisherAfterCrash, per, each => each.profitPart, 'after -80 %')],
  }),
  'margin.svg': lines({
    title: 'Does the network still serve? (mean and range of seeds)', xLabel: PER_COIN, yLabel: 'part of the baskets wanted that was served', xKind: 'log',
    xTicks: PER_COIN_TICKS, yTicks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    series: [sweep(results.service, per, each => each.servedPart, 'calm coin'), sweep(results.serviceAfterCrash, per, each => each.servedPart, 'after -80 %')],
  }),
  'limits.svg': lines({
    title: 'What a careless limit gives away (mean and range of seeds)', xLabel: 'first voucher step, or credit limit of a wallet, in credits, log scale', yLabel: 'dollars a day for one cheat', xKind: 'log', yKind: 'root',
    xTicks: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5], yTicks: [-0.05, -0.01, 0, 0.01, 0.05, 0.1, 0.2, 0.5, 1], limit: 0,
    series: [sweep(results.step, each => each.value, each => each.profit, 'lazy node, by step'), sweep(results.limit.filter(each => each.value > 0), each => each.value, each => each.profit, 'spam ring, by credit limit')],
  }),
}

/** Where a line through the points crosses zero. */
function breakEven(points, x, y) {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [y(points[i - 1]), y(points[i])]
    if (a < 0 && b >= 0) return x(points[i - 1]) + ((x(points[i]) - x(points[i - 1])) * -a) / (b - a)
  }
  return NaN
}

const number = (value, digits) => (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits)
const rangeOf = ({ mean, least, most }, digits) => `${number(mean, digits)} (${number(least, digits)} to ${number(most, digits)})`
const percent = value => `${number(value * 100, 0)} %`
const row = cells => `| ${cells.join(' | ')} |`
const table = (head, rows) => [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n')
const value = each => each.value
const gain = each => each.profit.mean
const cents = micros => number(micros / 10000, 1)
const at285 = scenario => scenario.series.price.median[285 / scenario.everyDays]

const summary = [
  `${parameters.seeds} seeds of ${parameters.days} days each; the sweeps ${parameters.sweeps.seeds} seeds. Mean, and in brackets the extremes of the seeds.`,
  '### Scenarios',
  table(
    ['', 'credits a coin', 'served, whole run', 'served, last 180 days', 'lowest coverage', 'seeds ever below 1', 'seeds where service stopped', 'nodes that refuse, last 180 days', 'strategic defaults', 'credits minted to vanish', 'bond for each wallet, $', 'honest node, $ a day', 'and its bonds\' coin, $ a day'],
    Object.entries(scenarios).map(([name, each]) => [name, perCoin(name), rangeOf(each.figures.servedPart, 2), rangeOf(each.figures.servedLate, 2), rangeOf(each.figures.leastCoverage, 2), each.seedsUncovered, each.seedsStopped, percent(each.figures.refusing.mean), rangeOf(each.figures.defaults, 0), number(each.figures.arbitrageCredits.mean, 0), number(each.figures.bondDollars.mean, 1), rangeOf(each.profits['honest node'], 2), rangeOf(each.profits['coin of a node'], 2)]),
  ),
  '### Cheats',
  table(
    ['', 'mean, $ a day', 'lowest seed', 'highest seed', 'of honest mean', 'pays'],
    [...KINDS.map(kind => [kind, profit(kind)]), ...['growth', 'crash', 'crash, thick'].map(name => [`opportunist, ${name}`, scenarios[name].profits.arbitrage])].map(([kind, each]) => [
      kind, number(each.mean, 4), number(each.least, 4), number(each.most, 4),
      ...(kind === 'honest node' ? ['', ''] : [percent(each.mean / profit('honest node').mean), each.most <= 0 ? 'never' : each.least > 0 ? '**yes**' : '**in some seeds**']),
    ]),
  ),
  '### Thresholds',
  table(['what', 'figure'], [
    ['lazy node breaks even at a first step of', `${number(breakEven(results.step, value, gain), 3)} credits`],
    ['and earns as much as an honest node at', `${number(breakEven(results.step, value, each => gain(each) - profit('honest node').mean), 2)} credits`],
    ['spam ring with Sybil wallets breaks even at a credit limit of', `${number(breakEven(results.limit.filter(each => each.value > 0), value, gain), 2)} credits`],
    ['an idle node lives on an uptime reward of', `${number(breakEven(results.uptime, value, gain), 2)} credits a day`],
    ['spam costs a victim that signs step by step at most', `${number(scenarios.cheats.figures.victimCredits.most, 3)} credits (a step, and the limit of ${parameters.creditLimitCredits})`],
    ['spam costs a victim whose client signs whatever is asked, on average', `${number(scenarios.cheats.figures.walletCredits.mean, 0)} credits (all that its channels hold)`],
    ['a Sybil wallet saves', `${number(profit('sybil wallet').mean * 100, 2)} cents a day`],
    [`${parameters.scenarios.cheats.cheats.sybilWallets} of them cost each listed node`, `${number(-profit('a node through them').mean * 100, 2)} cents a day`],
    ['vanisher breaks even, calm coin, at', `${number(breakEven(results.vanisher, per, each => each.profitPart.mean), 0)} credits a coin, coverage ${number(breakEven(results.vanisher, each => each.coverage.mean, each => each.profitPart.mean), 2)}`],
    ['vanisher breaks even, after -80 %, at', `${number(breakEven(results.vanisherAfterCrash, per, each => each.profitPart.mean), 1)} credits a coin, coverage then ${number(breakEven(results.vanisherAfterCrash, each => each.coverage.mean, each => each.profitPart.mean), 2)}`],
    ['hoarder of $500: its gain', `${rangeOf(scenarios.hoarder.profits.hoarder, 3)} $ a day`],
    ['and median price at the end of its buying, day 285', `${percent(at285(scenarios.hoarder) / at285(scenarios.growth) - 1)} above that without it`],
  ]),
  '### By credits a coin',
  table(
    ['credits a coin', 'coverage, day 129', 'price of a credit, cents', 'served', 'served after -80 %, mean (least)', 'vanisher, $ for each $ bonded', 'after -80 %'],
    results.service.map((each, i) => {
      const of = points => points.find(point => point.creditsPerCoin === each.creditsPerCoin)
      const after = results.serviceAfterCrash[i].servedPart
      const vanish = point => (point ? `${number(point.profitPart.mean, 2)} (to ${number(point.profitPart.most, 2)})` : 'sells nothing')
      return [each.creditsPerCoin, number(each.coverageBefore.mean, 1), cents(each.price.mean), percent(each.servedPart.mean), `${percent(after.mean)} (${percent(after.least)})`, vanish(of(results.vanisher)), vanish(of(results.vanisherAfterCrash))]
    }).filter(([creditsPerCoin]) => PER_COIN_TICKS.includes(creditsPerCoin)),
  ),
  '### Coverage that outlives the coin',
  table(
    ['for', 'lowest coin price, 1 walk in 20', '1 in 100', 'coverage at the beginning for 95 %', 'for 99 %', 'for 95 % and -80 % besides'],
    results.walks.map(each => [`${each.days} days`, percent(each.oneInTwenty), percent(each.oneInHundred), number(1 / each.oneInTwenty, 1), number(1 / each.oneInHundred, 1), number(5 / each.oneInTwenty, 0)]),
  ),
].join('\n\n').replace(/(### .*)\n\n/g, '$1\n')

const documentPath = join(docs, 'economy.md')
const document = existsSync(documentPath) ? readFileSync(documentPath, 'utf8') : `${BEGIN}\n${END}\n`
const [before, rest] = document.split(BEGIN)
const after = rest?.split(END)[1]
if (after === undefined) throw new Error(`docs/economy.md lacks its two markers: ${BEGIN} and ${END}`)

const files = {
  'economy.md': `${before}${BEGIN}\n\n${summary}\n\n${END}${after}`,
  'economy/results.json': `${JSON.stringify(results, null, 1).replace(/\[[^[\]{}]*\]/g, list => list.replace(/\s+/g, ' '))}\n`,
  ...Object.fromEntries(Object.entries(plots).map(([name, svg]) => [`economy/${name}`, svg])),
}
const isCheck = process.argv.includes('--check')
const different = Object.entries(files).filter(([name, content]) => !existsSync(join(docs, name)) || readFileSync(join(docs, name), 'utf8') !== content).map(([name]) => name)
if (isCheck && different.length > 0) {
  console.error(`economy: differs from what is made: ${different.join(', ')}`)
  process.exit(1)
}
mkdirSync(join(docs, 'economy'), { recursive: true })
if (!isCheck) for (const name of different) writeFileSync(join(docs, name), files[name])
console.log(isCheck ? 'economy: as committed' : `economy: ${different.length} files written`)
