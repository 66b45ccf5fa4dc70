// Those who keep the rules: nodes that serve, mint and burn for profit, and groups of like users.
import { MICRO, mulDiv } from './ledger.mjs'

/** A node at home. It serves while a basket brings more than it costs, and enters and leaves by what it earned lately. */
export class Node {
  constructor(simulation, index) {
    const { random, p } = simulation
    const nodes = p.nodes
    this.index = index
    this.account = simulation.open(`node ${index}`)
    this.costMicros = Math.floor(nodes.costMicros * random.between(nodes.costLow, nodes.costHigh))
    this.capacity = Math.floor(random.between(nodes.basketsPerDayLow, nodes.basketsPerDayHigh) * MICRO)
    this.belief = random.between(0.95, 1.15) // of what a basket will cost in the end
    this.haste = random.between(0.9, 1) // of yesterday's price: what it still sells at
    this.strategic = random.next() < nodes.strategicPart
    this.issuer = null
    this.part = MICRO // its price, of par
    this.markup = nodes.markup
    this.servedToday = 0
    this.left = 0
    this.profit = 0 // of a day, smoothed
    this.daysListed = 0 // since it entered
    this.listedDays = 0 // in all
    this.leaving = false
  }

  get serves() {
    return this.issuer !== null && !this.leaving
  }

  price(simulation) {
    // Who was full asks a little more each day, who was not a little less.
    const isFull = this.serves && this.servedToday > 0.95 * this.capacity
    this.markup = Math.max(simulation.p.nodes.markup, Math.min(4, this.markup * (isFull ? 1.01 : 0.98)))
    const wanted = (this.costMicros * this.markup * MICRO) / simulation.market.priceMicros
    this.part = Math.floor(Math.min(MICRO, Math.max(0.2 * MICRO, wanted)))
    // Par is a ceiling: who would lose on each basket says that it is full. The chain cannot see that.
    this.left = this.serves && (this.part / MICRO) * simulation.market.priceMicros >= this.costMicros ? this.capacity : 0
    this.servedToday = 0
    this.earnedToday = 0
  }

  /** After a day's service: pays for energy and line, and decides about staying. */
  settle(simulation) {
    const { p, market, ledger, random } = simulation
    if (this.issuer === null) return this.maybeEnter(simulation)
    this.daysListed++
    this.listedDays++
    const cost = mulDiv(this.costMicros, this.servedToday, MICRO) + p.nodes.standingCostMicrosPerDay
    ledger.spend(this.account, cost)
    this.profit += (mulDiv(this.earnedToday, market.priceMicros, MICRO) - cost - this.profit) / 30
    if (!this.leaving && this.daysListed > 60 && this.profit < 0 && random.next() < p.nodes.leavePerDay) this.leaving = true
    if (this.strategic && this.issuer.mintedMicros > 0 && market.priceMicros > simulation.coinBehind() * (1 + p.nodes.strategicLoss)) {
      // Buying back costs more than the bond is worth: the old name is left behind with its bond, a new one enters.
      simulation.count.strategicDefaults++
      simulation.leave(this)
      if (!this.leaving) simulation.enter(this)
    } else if (this.leaving && this.issuer.mintedMicros === 0) {
      simulation.leave(this)
      this.leaving = false
    }
  }

  maybeEnter(simulation) {
    const { p, market, random } = simulation
    if (random.next() > p.nodes.enterPerDay) return
    const margin = Math.min(market.priceMicros, this.costMicros * p.nodes.markup) - this.costMicros * simulation.freeFactor()
    const bondCost = (p.registryBondCoins * simulation.coinPriceMicros * p.capitalCostPerYear) / 365
    const expected = (margin * this.capacity * simulation.utilisation) / MICRO - p.nodes.standingCostMicrosPerDay - bondCost
    if (expected > 0) {
      this.profit = expected
      this.daysListed = 0
      simulation.enter(this)
    }
  }

  orders(simulation) {
    const { p, market, ledger } = simulation
    const { account, issuer } = this
    const spare = account.creditMicros - simulation.owedBy(this)
    if (issuer === null) return market.ask(account, account.creditMicros, market.priceMicros * this.haste)
    const inTheEnd = simulation.needMicros * this.belief
    const capital = (simulation.coinBehind() * p.capitalCostPerYear * p.nodes.outstandingDays) / 365
    const burns = this.leaving || market.priceMicros < inTheEnd
    if (burns && issuer.mintedMicros > 0) {
      const own = Math.max(0, Math.min(spare, issuer.mintedMicros))
      simulation.burn(this, own)
      if (own < spare) market.ask(account, spare - own, market.priceMicros * this.haste)
      const back = Math.min(issuer.mintedMicros, this.leaving ? issuer.mintedMicros : 10 * MICRO + issuer.mintedMicros / 20)
      market.bid(account, back, this.leaving ? market.priceMicros * 1.1 : inTheEnd, done => simulation.burn(this, done))
      return
    }
    market.ask(account, spare, market.priceMicros * this.haste)
    if (this.leaving) return
    const room = (p.nodes.mintBudgetMicros / simulation.coinPriceMicros) * ledger.creditsPerCoin * MICRO - issuer.mintedMicros
    market.ask(account, Math.min(room, this.capacity * p.nodes.mintDays), inTheEnd + capital, done => simulation.mint(this, done))
  }
}

/** Wallets that behave alike. They hold credits for some weeks, use a few nodes, and remember who did not serve. */
export class Group {
  constructor(simulation, index) {
    const { random, p } = simulation
    this.index = index
    this.account = simulation.open(`users ${index}`)
    this.worthMicros = Math.floor(random.between(p.users.worthLowMicros, p.users.worthHighMicros))
    this.homes = []
    this.bad = new Set()
    this.promised = new Float64Array(p.nodes.possible + 64)
    this.promisedSum = 0
    this.wanted = 0
    this.trust = 1 // part of what it wanted that it got lately
  }

  /** What its channels still hold: nobody takes a voucher beyond that. */
  get spendable() {
    return this.account.creditMicros - this.promisedSum
  }

  promise(index, creditMicros) {
    this.promised[index] += creditMicros
    this.promisedSum += creditMicros
  }

  choose(simulation) {
    const { random, p } = simulation
    this.homes = this.homes.filter(node => node.serves && !(random.next() < p.users.leavePerDay))
    for (let tries = 0; this.homes.length < p.users.homes && tries < 12; tries++) {
      // The cheapest of three that it heard of.
      let best = null
      for (let i = 0; i < 3; i++) {
        const node = simulation.listed[random.below(simulation.listed.length)]
        if (node && !this.bad.has(node.index) && !this.homes.includes(node) && (best === null || node.part < best.part)) best = node
      }
      if (best === null) continue
      if (best.takeFirstStep) best.takeFirstStep(simulation, this)
      else this.homes.push(best)
    }
  }

  use(simulation) {
    const { p, market, random } = simulation
    this.wanted = 0
    this.choose(simulation)
    const basketMicros = (market.priceMicros * simulation.meanPart) / MICRO
    if (basketMicros > this.worthMicros) return
    const wish = p.users.basketsPerWalletDay * simulation.level * Math.sqrt(p.creditPriceMicros / basketMicros)
    const wanted = Math.floor(wish * p.users.walletsPerGroup * MICRO)
    this.wanted = wanted
    const paidPart = 1 - Math.min(1, p.users.freeBasketsPerWalletDay / wish)
    let rest = wanted
    for (let turn = 0; turn < 2 && rest > 0; turn++) {
      for (let i = 0; i < this.homes.length && rest > 0; i++) {
        const share = turn === 0 ? Math.min(rest, Math.ceil(wanted / this.homes.length)) : rest
        rest -= this.takeFrom(simulation, this.homes[i], share, paidPart)
      }
    }
    if (rest > wanted / 10 && this.homes.length > 0) this.homes.splice(random.below(this.homes.length), 1)
    this.trust += ((wanted - rest) / wanted - this.trust) / 20
    simulation.wantedToday += wanted
    simulation.servedToday += wanted - rest
  }

  takeFrom(simulation, home, share, paidPart) {
    let baskets = Math.min(share, home.left * 2)
    const cost = (paidPart * home.part) / MICRO
    if (baskets * cost > this.spendable) baskets = Math.floor(this.spendable / cost)
    if (baskets <= 0) return 0
    simulation.serve(this, home, baskets, Math.floor(baskets * cost))
    return baskets
  }

  orders(simulation) {
    const { p, market } = simulation
    const target = ((this.wanted * simulation.meanPart) / MICRO) * p.users.holdDays * Math.max(0.02, this.trust)
    const missing = target - this.spendable
    const limit = Math.min(market.priceMicros * 1.1, (this.worthMicros * MICRO) / simulation.meanPart)
    market.bid(this.account, missing, limit)
    // Who needs far less than he has sells some of it.
    if (missing < -target) market.ask(this.account, Math.min(-missing - target, this.spendable / 20), market.priceMicros * 0.95)
  }
}
