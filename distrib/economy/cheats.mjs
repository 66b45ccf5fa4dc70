// Those who do not. Each keeps its own account, so that what it gains can be read off.
import { MICRO, mulDiv } from './ledger.mjs'

/** Common part: a name on the list that users may come upon, or not. */
class Cheat {
  constructor(simulation, kind, index) {
    this.kind = kind
    this.index = index
    this.account = simulation.open(kind)
    this.issuer = null
    this.part = MICRO
    this.left = 0 // what it would still serve today
    this.isSeen = ['lazy', 'self-dealing', 'ring', 'spam ring'].includes(kind) // on the list for longer than a sale takes
  }

  get serves() {
    return false
  }

  act() {}

  /** What it earned it sells. */
  orders(simulation) {
    simulation.market.ask(this.account, this.account.creditMicros, simulation.market.priceMicros * 0.92)
  }
}

/** Lists half the usual price, takes the first step of each voucher and serves nothing; then comes back under another name. */
export class Lazy extends Cheat {
  act(simulation) {
    const { p, day, market } = simulation
    this.part = Math.floor((p.cheats.lazyPricePart * MICRO * p.nodes.costMicros * p.nodes.markup) / Math.max(market.priceMicros, 1))
    if (this.issuer === null) {
      simulation.enter(this)
      this.since = day
    } else if (day - this.since >= p.cheats.lazyStayDays) {
      simulation.leave(this)
      for (const group of simulation.groups) group.bad.delete(this.index)
      simulation.enter(this)
      this.since = day
    }
  }

  takeFirstStep(simulation, group) {
    const { p } = simulation
    const steps = Math.floor(p.users.stepCredits * MICRO) * p.users.walletsPerGroup
    group.promise(this.index, Math.min(steps, Math.max(0, group.spendable)))
    group.bad.add(this.index)
  }
}

/** Its own wallet pays its own node, ten credits a day. */
export class SelfDealing extends Cheat {
  act(simulation) {
    if (this.issuer === null) simulation.enter(this)
    this.wallet ??= simulation.open(this.kind)
    const stake = Math.min(10 * MICRO, this.account.creditMicros)
    simulation.ledger.move('creditMicros', this.account, this.wallet, stake) // deposit
    simulation.ledger.move('creditMicros', this.wallet, this.account, stake) // redeem
    simulation.fee(this.account, 2 * simulation.p.fees.redeemCoins)
  }

  orders(simulation) {
    simulation.market.bid(this.account, 10 * MICRO - this.account.creditMicros, simulation.market.priceMicros * 1.05)
  }
}

/** A mailbox node and a forwarder, and wallets of their own: hops for a hundred baskets a day that nobody carried. */
export class Ring extends SelfDealing {
  act(simulation) {
    super.act(simulation) // wallet to mailbox node
    this.second ??= new SelfDealing(simulation, this.kind, this.index)
    if (this.second.issuer === null) simulation.enter(this.second)
    simulation.fee(this.account, 2 * simulation.p.fees.redeemCoins) // mailbox node to forwarder
  }
}

/**
 * A forwarder that sends mail to wallets of its own making at honest mailbox nodes. Each uses up its allowance, which earns
 * nobody anything, then runs into debt up to the credit limit; the mailbox node owes the forwarder half of it, and the
 * wallet never pays.
 */
export class SpamRing extends Cheat {
  act(simulation) {
    const { p, listed, random, ledger } = simulation
    if (this.issuer === null) simulation.enter(this)
    const limit = Math.floor(p.creditLimitCredits * MICRO)
    const honest = listed.filter(node => node.capacity)
    if (honest.length === 0) return
    this.spamVictims(simulation, limit)
    if (limit === 0) return
    // Half the limit is the mailbox node's own share; the other half it gives away. It carries its half of the bytes too.
    const baskets = p.users.freeBasketsPerWalletDay + p.creditLimitCredits
    const costOfAll = Math.floor(p.spam.walletsPerDay * (baskets * p.spam.sendCostMicrosPerBasket + p.spam.registerMicros))
    ledger.spend(this.account, costOfAll)
    const victim = honest[random.below(honest.length)]
    simulation.owe(victim, this, p.spam.walletsPerDay * Math.floor(limit / 2))
    victim.servedToday += Math.floor((p.spam.walletsPerDay * baskets * MICRO) / 2)
  }

  /** Real wallets, a group every ten days: beyond the allowance each pays what it has promised ahead, a step, and owes the limit; then it refuses. */
  spamVictims(simulation, limit) {
    const { p, day, ledger } = simulation
    const group = simulation.groups[day / 10]
    const home = group?.homes[0]
    if (!home) return
    const lossOfWallet = limit + Math.floor(p.users.stepCredits * MICRO)
    const loss = Math.min(group.spendable, lossOfWallet * p.users.walletsPerGroup)
    ledger.spend(this.account, Math.floor(p.users.walletsPerGroup * (p.users.freeBasketsPerWalletDay + lossOfWallet / MICRO) * p.spam.sendCostMicrosPerBasket))
    group.promise(home.index, loss)
    simulation.owe(home, this, Math.floor(loss / 2))
    this.worstVictimMicros = Math.max(this.worstVictimMicros ?? 0, Math.ceil(loss / p.users.walletsPerGroup))
  }
}

/** Wallets that each take the free allowance at some node with room, and never pay. Their gain is what that would have cost. */
export class SybilWallets extends Cheat {
  constructor(simulation, count) {
    super(simulation, 'sybil', -1)
    this.count = count
    this.savedMicros = 0
    this.hurtMicros = 0
  }

  act(simulation) {
    const { p, listed, random, market } = simulation
    for (let i = 0; i < this.count; i++) {
      const node = listed[random.below(listed.length)]
      const baskets = Math.floor(p.users.freeBasketsPerWalletDay * MICRO)
      if (!node || !node.capacity || node.left < baskets) continue
      node.left -= baskets
      node.servedToday += baskets
      this.savedMicros += mulDiv(mulDiv(baskets, node.part, MICRO), market.priceMicros, MICRO)
      this.hurtMicros += mulDiv(baskets, node.costMicros, MICRO)
    }
  }
}

/** Mints as much as its coin allows, sells for what it gets, leaves. Again after some months, with a new name. */
export class Vanisher extends Cheat {
  constructor(simulation, kind, index) {
    super(simulation, kind, index)
    this.bondedMicros = 0
    this.soldMicros = 0
    this.paidMicros = 0 // what it got for them
    this.behindMicros = 0 // the coin behind them at that time
  }

  act(simulation) {
    const { p, day, ledger, coinPriceMicros } = simulation
    const phase = day % p.cheats.vanisherEveryDays
    if (phase === 60) {
      simulation.enter(this)
      this.unsold = Math.floor(mulDiv(p.cheats.vanisherBudgetMicros, MICRO, coinPriceMicros) * ledger.creditsPerCoin)
      this.slice = Math.ceil(this.unsold / 15)
    } else if (phase === 90 && this.issuer !== null) {
      simulation.leave(this)
    }
  }

  orders(simulation) {
    if (this.issuer === null) return
    simulation.market.ask(this.account, Math.min(this.unsold, this.slice), simulation.market.priceMicros * 0.9, done => {
      this.unsold -= done
      this.bondedMicros += simulation.mint(this, done)
      this.soldMicros += done
      this.paidMicros += mulDiv(done, simulation.market.priceMicros, MICRO)
      this.behindMicros += Math.round((done * simulation.coinBehind()) / MICRO)
    })
  }
}

/** Mints and leaves in one day, but only when a credit sells for more than the coin behind it. Anybody can be this. */
export class Arbitrage extends Cheat {
  orders(simulation) {
    const { p, market, ledger } = simulation
    const behind = simulation.coinBehind()
    if (market.priceMicros > behind * (1 + p.arbitrage.marginLeast)) {
      const most = (p.arbitrage.budgetMicrosPerDay / behind) * MICRO
      market.ask(this.account, most, behind * (1 + p.arbitrage.marginLeast), done => {
        simulation.enter(this)
        simulation.mint(this, done)
        simulation.leave(this)
        simulation.count.arbitrageCredits += done / MICRO
      })
    }
    // The other way round: credits that sell for less than the coin that a bond left behind gives for them.
    const abandoned = simulation.abandonedMicros()
    if (abandoned > 0) {
      market.bid(this.account, abandoned, Math.min(behind * 0.97, market.priceMicros * 1.1), done => simulation.redeem(this.account, done))
    }
  }
}

/** Buys for months, sells for months. */
export class Hoarder extends Cheat {
  orders(simulation) {
    const { p, day, market } = simulation
    const [buyFrom, buyTo] = p.cheats.hoarderBuy
    const [sellFrom, sellTo] = p.cheats.hoarderSell
    if (day >= buyFrom && day < buyTo) {
      market.bid(this.account, (p.cheats.hoarderBudgetMicros / (buyTo - buyFrom) / market.priceMicros) * MICRO, market.priceMicros * 1.1)
      this.most = this.account.creditMicros
    } else if (day >= sellFrom) {
      market.ask(this.account, day < sellTo ? Math.min(this.account.creditMicros, this.most / (sellTo - sellFrom)) : this.account.creditMicros, market.priceMicros * 0.9)
    }
  }
}
