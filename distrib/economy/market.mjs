// One call auction a day: all orders meet at the one price at which most credits change hands. Nobody trades at a worse
// price than its limit. Between the last order that trades and the first that does not, the price is the middle. When
// nothing trades, it moves towards the cheapest offer, by a twentieth at most.
import { MICRO, mulDiv } from './ledger.mjs'

export class Market {
  constructor(ledger, priceMicros) {
    this.ledger = ledger
    this.pool = ledger.open('market') // keeps what is lost in rounding
    this.priceMicros = priceMicros // of a credit, in outside money
    this.clear()
  }

  clear() {
    this.bids = []
    this.asks = []
    this.volumeMicros = 0
  }

  /** @param filled called with the credits bought, after they are there */
  bid(account, creditMicros, limitMicros, filled) {
    if (creditMicros > 0) this.bids.push({ account, quantity: Math.floor(creditMicros), limit: Math.max(1, Math.floor(limitMicros)), done: 0, filled })
  }

  /** @param deliver called with the credits sold, before they are taken: the moment to mint them */
  ask(account, creditMicros, limitMicros, deliver) {
    if (creditMicros > 0) this.asks.push({ account, quantity: Math.floor(creditMicros), limit: Math.max(1, Math.floor(limitMicros)), done: 0, deliver })
  }

  run() {
    const { bids, asks, ledger, pool } = this
    bids.sort((a, b) => b.limit - a.limit)
    asks.sort((a, b) => a.limit - b.limit)
    let b = 0
    let a = 0
    let high = 0
    let low = 0
    while (b < bids.length && a < asks.length && bids[b].limit >= asks[a].limit) {
      const quantity = Math.min(bids[b].quantity - bids[b].done, asks[a].quantity - asks[a].done)
      bids[b].done += quantity
      asks[a].done += quantity
      high = bids[b].limit
      low = asks[a].limit
      if (bids[b].done === bids[b].quantity) b++
      if (asks[a].done === asks[a].quantity) a++
    }
    if (low > 0) {
      // An order that is only partly filled, or not at all, must not wish that it had traded more.
      if (b < bids.length) low = Math.max(low, Math.min(high, bids[b].limit))
      if (a < asks.length) high = Math.min(high, Math.max(low, asks[a].limit))
      this.priceMicros = Math.floor((low + high) / 2)
      for (const bid of bids) {
        if (bid.done === 0) continue
        const cost = Math.ceil(mulDiv(bid.done, this.priceMicros, MICRO) + 1)
        ledger.fund(bid.account, cost)
        ledger.move('moneyMicros', bid.account, pool, cost)
      }
      for (const ask of asks) {
        if (ask.done === 0) continue
        ask.deliver?.(ask.done)
        ledger.move('creditMicros', ask.account, pool, ask.done)
        ledger.move('moneyMicros', pool, ask.account, mulDiv(ask.done, this.priceMicros, MICRO))
        this.volumeMicros += ask.done
      }
      for (const bid of bids) {
        if (bid.done === 0) continue
        ledger.move('creditMicros', pool, bid.account, bid.done)
        bid.filled?.(bid.done)
      }
    }
    if (this.volumeMicros === 0 && bids.length > 0) {
      // Nothing traded: whoever wants something will pay a little more tomorrow, whoever has something ask a little less.
      const wanted = asks.length > 0 ? asks[0].limit : this.priceMicros
      const step = this.priceMicros / 20
      this.priceMicros = Math.floor(Math.max(this.priceMicros - step, Math.min(this.priceMicros + step, wanted)))
    }
    this.bids = []
    this.asks = []
  }
}
