// A run: one set of parameters, one seed, day by day. The same two give the same result, bit for bit.
import { Group, Node } from './agents.mjs'
import { Arbitrage, Hoarder, Lazy, Ring, SelfDealing, SpamRing, SybilWallets, Vanisher } from './cheats.mjs'
import { Ledger, MICRO, mulDiv } from './ledger.mjs'
import { Market } from './market.mjs'
import { Random } from './random.mjs'

const WORLD_MICROS = 10 ** 14

export class Simulation {
  constructor(parameters, seed) {
    const p = (this.p = parameters)
    this.random = new Random(seed)
    // The coin's walk has a generator of its own: what agents do must not change it.
    this.coinRandom = new Random(seed + 7919)
    this.ledger = new Ledger(p.creditsPerCoin, WORLD_MICROS)
    this.market = new Market(this.ledger, p.creditPriceMicros)
    this.day = 0
    this.coinPriceMicros = p.coinPriceMicros
    this.spreadMicros = Math.round(p.coinSpread * MICRO)
    this.level = 1
    this.growth = 1
    this.utilisation = 0.7
    this.needMicros = p.nodes.costMicros * 1.2
    this.scarcity = 1
    this.meanPart = MICRO
    this.delayed = []
    this.count = { strategicDefaults: 0, arbitrageCredits: 0 }
    this.nodes = Array.from({ length: p.nodes.possible }, (_, index) => new Node(this, index))
    this.groups = Array.from({ length: p.users.groups }, (_, index) => new Group(this, index))
    let index = p.nodes.possible
    const several = (Kind, kind, count) => Array.from({ length: count }, () => new Kind(this, kind, index++))
    const c = p.cheats
    this.cheats = [
      ...several(Lazy, 'lazy', c.lazy), ...several(SelfDealing, 'self-dealing', c.selfDealing),
      ...several(Ring, 'ring', c.rings), ...several(SpamRing, 'spam ring', c.spamRings),
      ...several(Vanisher, 'vanisher', c.vanishers), ...several(Hoarder, 'hoarder', c.hoarders),
    ]
    if (c.sybilWallets > 0) this.cheats.push(new SybilWallets(this, c.sybilWallets))
    if (p.arbitrage.budgetMicrosPerDay > 0) this.cheats.push((this.arbitrage = new Arbitrage(this, 'arbitrage', index++)))
    this.sponsor = this.open('sponsor')
    this.owed = Array.from({ length: p.nodes.possible }, () => new Float64Array(p.nodes.possible + 64))
    this.owedSums = new Float64Array(p.nodes.possible)
    for (const node of this.nodes.slice(0, p.nodes.start)) this.enter(node)
    this.rows = []
  }

  open(name) {
    return Object.assign(this.ledger.open(name), { capitalCostMicros: 0, coinGainMicros: 0, uptimeMicros: 0 })
  }

  /** The coin behind one credit, in outside money: what a bond left behind gives for it. */
  coinBehind() {
    return this.coinPriceMicros / this.ledger.creditsPerCoin
  }

  /** What is served in all for each paid basket. */
  freeFactor() {
    const { basketsPerWalletDay, freeBasketsPerWalletDay } = this.p.users
    return 1 / (1 - Math.min(0.9, freeBasketsPerWalletDay / basketsPerWalletDay))
  }

  // ------------------------------------------------------------------------------------------- chain, as agents use it

  fee(account, coins) {
    this.ledger.spend(account, Math.ceil(coins * this.coinPriceMicros))
  }

  enter(agent) {
    const bond = this.p.registryBondCoins * MICRO
    this.ledger.buyCoin(agent.account, bond, this.coinPriceMicros, this.spreadMicros)
    agent.issuer = this.ledger.openIssuer(agent.account)
    this.ledger.lockRegistry(agent.issuer, bond)
    this.fee(agent.account, this.p.fees.registerCoins)
  }

  /** Off the list. What was minted and not bought back is in default from now on. */
  leave(agent) {
    this.collect(agent, true)
    for (const node of this.nodes) this.give(node, agent, true)
    for (const group of this.groups) {
      group.promisedSum -= group.promised[agent.index]
      group.promised[agent.index] = 0
      group.homes = group.homes.filter(home => home !== agent)
    }
    const issuer = agent.issuer
    issuer.listed = false
    agent.issuer = null
    this.delayed.push({ day: this.day + this.p.registryDelayDays, issuer, registry: true })
    const free = this.ledger.freeCoin(issuer)
    if (free > 0) this.delayed.push({ day: this.day + this.p.releaseDelayDays, issuer, coinMicros: free })
  }

  /** @return the coin that had to be added to the bond */
  mint(agent, creditMicros) {
    const missing = Math.max(0, this.ledger.bondFor(agent.issuer.mintedMicros + creditMicros) - agent.issuer.bondCoinMicros)
    this.ledger.buyCoin(agent.account, missing, this.coinPriceMicros, this.spreadMicros)
    this.ledger.mint(agent.issuer, creditMicros, missing)
    this.fee(agent.account, this.p.fees.mintCoins)
    return mulDiv(missing, this.coinPriceMicros, MICRO)
  }

  burn(agent, creditMicros) {
    const amount = Math.min(Math.floor(creditMicros), agent.issuer.mintedMicros)
    if (amount <= 0) return
    const before = this.ledger.freeCoin(agent.issuer)
    this.ledger.burn(agent.issuer, agent.account, amount)
    this.delayed.push({ day: this.day + this.p.releaseDelayDays, issuer: agent.issuer, coinMicros: this.ledger.freeCoin(agent.issuer) - before })
    this.fee(agent.account, this.p.fees.mintCoins)
  }

  abandonedMicros() {
    let sum = 0
    for (const issuer of this.ledger.issuers) if (!issuer.listed) sum += issuer.mintedMicros
    return sum
  }

  redeem(account, creditMicros) {
    for (const issuer of this.ledger.issuers) {
      const amount = issuer.listed ? 0 : Math.min(creditMicros, issuer.mintedMicros)
      if (amount === 0) continue
      const before = account.coinMicros
      this.ledger.redeemAbandoned(issuer, account, amount)
      this.ledger.sellCoin(account, account.coinMicros - before, this.coinPriceMicros, this.spreadMicros)
      creditMicros -= amount
    }
  }

  // --------------------------------------------------------------------------------------------- service and its payment

  /** Home and a forwarder carry half each; the group promises the home, which owes the forwarder half of it. */
  serve(group, home, baskets, creditMicros) {
    const half = Math.ceil(baskets / 2)
    let forwarder = home
    for (let i = 0; i < 4 && forwarder === home; i++) {
      const other = this.listed[this.random.below(this.listed.length)]
      if (other.capacity && other.left >= half) forwarder = other
    }
    home.left = Math.max(0, home.left - half)
    forwarder.left = Math.max(0, forwarder.left - half)
    home.servedToday += half
    forwarder.servedToday += half
    group.promise(home.index, creditMicros)
    const share = forwarder === home ? 0 : Math.floor(creditMicros / 2)
    if (share > 0) this.owe(home, forwarder, share)
    home.earnedToday += creditMicros - share
    forwarder.earnedToday += share
  }

  owe(home, forwarder, creditMicros) {
    this.owed[home.index][forwarder.index] += creditMicros
    this.owedSums[home.index] += creditMicros
  }

  owedBy(node) {
    return node.index < this.owedSums.length ? this.owedSums[node.index] : 0
  }

  worthTheFee(creditMicros, transactions, anyhow) {
    const fee = transactions * this.p.fees.redeemCoins * this.coinPriceMicros
    return fee <= (mulDiv(creditMicros, this.market.priceMicros, MICRO)) * (anyhow ? 1 : this.p.fees.partOfPaymentMax)
  }

  /** Redeems the vouchers that are worth their fee; all that bring anything, when the node leaves or does not care. */
  collect(agent, anyhow) {
    for (const group of this.groups) {
      const amount = group.promised[agent.index]
      if (amount === 0 || !this.worthTheFee(amount, this.p.users.walletsPerGroup, anyhow)) continue
      this.ledger.move('creditMicros', group.account, agent.account, amount)
      group.promisedSum -= amount
      group.promised[agent.index] = 0
      this.fee(agent.account, this.p.fees.redeemCoins * this.p.users.walletsPerGroup)
    }
  }

  /** What a home owes a forwarder, once it has it and a deposit and a redemption are worth their fees. */
  give(home, forwarder, leaves) {
    const amount = this.owed[home.index][forwarder.index]
    if (amount === 0) return
    const gives = amount <= home.account.creditMicros && this.worthTheFee(amount, 2, leaves)
    if (gives) {
      this.ledger.move('creditMicros', home.account, forwarder.account, amount)
      this.fee(forwarder.account, 2 * this.p.fees.redeemCoins)
    }
    if (gives || leaves) {
      this.owed[home.index][forwarder.index] = 0
      this.owedSums[home.index] -= amount
    }
  }

  uptime() {
    const { roundDays, creditsPerNodeDay } = this.p.uptime
    if (creditsPerNodeDay === 0) return
    // Whoever answers challenges is in the list; that a node answers does not say that it serves.
    const each = Math.floor(creditsPerNodeDay * roundDays * MICRO)
    const answering = this.listed
    if (this.day % roundDays === 0 && this.day > 0) {
      for (const agent of answering) {
        if (this.sponsor.creditMicros < each) continue
        this.ledger.move('creditMicros', this.sponsor, agent.account, each)
        agent.account.uptimeMicros += mulDiv(each, this.market.priceMicros, MICRO)
      }
    }
    this.market.bid(this.sponsor, answering.length * each - this.sponsor.creditMicros, this.market.priceMicros * 1.1)
  }

  // ------------------------------------------------------------------------------------------------------------ the day

  outside() {
    const { p, day } = this
    const before = this.coinPriceMicros
    this.coinPriceMicros = Math.max(1000, Math.floor(before * (1 + p.coinDailyDeviation * this.coinRandom.normal())))
    if (p.crash && day === p.crash.day) this.coinPriceMicros = Math.floor(this.coinPriceMicros * p.crash.factor)
    for (const issuer of this.ledger.issuers) {
      const coin = issuer.registryBondMicros + issuer.bondCoinMicros
      if (coin === 0 || (!issuer.listed && issuer.registryBondMicros === 0)) continue
      issuer.owner.coinGainMicros += Math.round((coin * (this.coinPriceMicros - before)) / MICRO)
      issuer.owner.capitalCostMicros += Math.round((coin * before * p.capitalCostPerYear) / 365 / MICRO)
    }
    this.growth *= 1 + p.users.growthPerDay
    this.level = this.growth
    for (const shock of p.shocks) if (day >= shock.from && day < shock.from + shock.days) this.level *= shock.factor
  }

  step() {
    const { p, ledger, market, random } = this
    this.outside()
    this.wantedToday = 0
    this.servedToday = 0
    for (const node of this.nodes) node.price(this)
    this.listed = this.onList()
    for (const cheat of this.cheats) cheat.act(this)
    this.listed = this.onList()
    this.look()
    // Who comes first is served first when there is not enough: another each day.
    const first = random.below(this.groups.length)
    for (let i = 0; i < this.groups.length; i++) this.groups[(first + i) % this.groups.length].use(this)
    for (const agent of this.listed) {
      if (this.day % 7 !== agent.index % 7) continue
      this.collect(agent, !agent.capacity)
      if (!agent.capacity || this.day % 28 !== agent.index % 28) continue
      const row = this.owed[agent.index]
      for (const other of this.listed) if (row[other.index] > 0) this.give(agent, other, false)
    }
    for (const node of this.nodes) node.settle(this)
    this.listed = this.onList()
    market.clear()
    this.uptime()
    for (const group of this.groups) group.orders(this)
    for (const node of this.nodes) node.orders(this)
    for (const cheat of this.cheats) cheat.orders(this)
    market.run()
    this.due()
    ledger.check()
    this.record()
    this.day++
  }

  onList() {
    const list = []
    for (const node of this.nodes) if (node.serves) list.push(node)
    for (const cheat of this.cheats) if (cheat.isSeen && cheat.issuer !== null) list.push(cheat)
    return list
  }

  /** What everybody can see in the list: prices, and what serving costs those who serve. */
  look() {
    const serving = this.listed.filter(agent => agent.capacity)
    const costs = serving.map(node => node.costMicros).sort((a, b) => a - b)
    this.medianCostMicros = costs.length > 0 ? costs[costs.length >> 1] : 0
    if (costs.length > 0) {
      // What issuers expect a basket to cost in the end: what the dearer of those on the list need, and more while nodes
      // are full, as then dearer ones must come.
      this.scarcity = Math.max(1, this.scarcity * (this.utilisation > 0.85 ? 1.005 : 0.99))
      this.needMicros = costs[Math.floor(costs.length * 0.75)] * this.freeFactor() * this.scarcity
    }
    let parts = 0
    let capacity = 0
    this.willing = 0
    for (const node of serving) {
      parts += node.part
      capacity += node.capacity
      if (node.left > 0) this.willing++
    }
    this.meanPart = serving.length > 0 ? parts / serving.length : MICRO
    this.capacityToday = capacity
    this.honest = serving.length
  }

  due() {
    const now = this.delayed.filter(each => each.day <= this.day)
    this.delayed = this.delayed.filter(each => each.day > this.day)
    for (const { issuer, registry, coinMicros } of now) {
      if (registry) this.ledger.unlockRegistry(issuer)
      else this.ledger.take(issuer, issuer.owner, Math.min(coinMicros, this.ledger.freeCoin(issuer)))
      this.ledger.sellCoin(issuer.owner, issuer.owner.coinMicros, this.coinPriceMicros, this.spreadMicros)
    }
    this.ledger.issuers = this.ledger.issuers.filter(each => each.listed || each.bondCoinMicros + each.registryBondMicros + each.mintedMicros > 0)
  }

  record() {
    const { ledger, market } = this
    this.utilisation += ((this.capacityToday > 0 ? Math.min(1, this.servedToday / this.capacityToday) : 0) - this.utilisation) / 14
    this.rows.push({
      supply: ledger.supplyMicros() / MICRO,
      capacity: ledger.capacityMicros() / MICRO,
      price: market.priceMicros,
      cost: this.medianCostMicros,
      behind: this.coinBehind(),
      coverage: this.coinBehind() / market.priceMicros,
      coin: this.coinPriceMicros / MICRO,
      nodes: this.honest,
      willing: this.willing,
      wanted: this.wantedToday / MICRO,
      served: this.servedToday / MICRO,
      abandoned: this.abandonedMicros() / MICRO,
    })
  }

  /** What a credit is worth at the end: the median of the last 90 days, as the last day's price is chance. */
  markMicros() {
    const prices = this.rows.slice(-90).map(row => row.price).sort((a, b) => a - b)
    return prices[prices.length >> 1]
  }

  /**
   * Gain of an account in outside money since it began, without uptime rewards; the cost of its bound capital is taken off,
   * the coin's own ups and downs are taken out.
   */
  profitMicros(agent) {
    const account = agent.account
    const price = this.markMicros()
    let worth = account.moneyMicros + mulDiv(account.coinMicros, this.coinPriceMicros, MICRO) + mulDiv(account.creditMicros, price, MICRO)
    for (const issuer of this.ledger.issuers) {
      if (issuer.owner !== account) continue
      worth += mulDiv(issuer.registryBondMicros, this.coinPriceMicros, MICRO)
      if (!issuer.listed) continue // left behind: whoever burns credits for it may have it
      // Not yet bought back: a debt, but one that can be left behind with the bond.
      const bond = mulDiv(issuer.bondCoinMicros, this.coinPriceMicros, MICRO)
      worth += Math.max(0, bond - mulDiv(issuer.mintedMicros, price, MICRO))
    }
    if (agent.second) worth += this.profitMicros(agent.second)
    return worth - account.injectedMicros - account.capitalCostMicros - account.coinGainMicros - account.uptimeMicros
  }

  run() {
    while (this.day < this.p.days) this.step()
    return this
  }
}

/** Deep enough for this: objects are merged, all else is replaced. */
export function withChanges(parameters, changes) {
  const merged = { ...parameters }
  for (const [name, value] of Object.entries(changes ?? {})) {
    merged[name] = value && typeof value === 'object' && !Array.isArray(value) && merged[name] ? withChanges(merged[name], value) : value
  }
  return merged
}
