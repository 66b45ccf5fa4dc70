// What the contracts do, and nothing of what agents want: accounts of outside money, coin and credits, each a safe
// integer of millionths; bonds; minting, burning, default. Every amount moves, none appears, but credits by mint().
export const MICRO = 1_000_000

/** floor(a * b / c), exact. */
export function mulDiv(a, b, c) {
  const product = a * b
  return product <= Number.MAX_SAFE_INTEGER ? Math.floor(product / c) : Number((BigInt(a) * BigInt(b)) / BigInt(c))
}

export class Ledger {
  /** @param creditsPerCoin whole credits that a whole coin of bond lets a node mint; it never changes */
  constructor(creditsPerCoin, worldMicros) {
    this.creditsPerCoin = creditsPerCoin
    this.accounts = []
    this.issuers = []
    this.mintedMicros = 0
    this.burntMicros = 0
    this.begin = worldMicros
    // Everybody outside: employers, energy suppliers, the coin's own market, the chain.
    this.world = this.open('world')
    this.world.moneyMicros = worldMicros
    this.world.coinMicros = worldMicros
  }

  open(name) {
    const account = { name, moneyMicros: 0, coinMicros: 0, creditMicros: 0, injectedMicros: 0 }
    this.accounts.push(account)
    return account
  }

  /** A node as CloudCredit sees it. */
  openIssuer(owner) {
    const issuer = { owner, listed: true, registryBondMicros: 0, bondCoinMicros: 0, mintedMicros: 0 }
    this.issuers.push(issuer)
    return issuer
  }

  move(asset, from, to, amount) {
    if (!Number.isSafeInteger(amount) || amount < 0) throw new Error(`no amount: ${amount}`)
    if (from[asset] < amount) throw new Error(`${from.name} has ${from[asset]} ${asset}, not ${amount}`)
    from[asset] -= amount
    to[asset] += amount
  }

  /** Outside money that its owner brings in when there is not enough: the base that profit is measured from. */
  fund(account, moneyMicros) {
    const missing = moneyMicros - account.moneyMicros
    if (missing > 0) {
      this.move('moneyMicros', this.world, account, missing)
      account.injectedMicros += missing
    }
  }

  spend(account, moneyMicros) {
    this.fund(account, moneyMicros)
    this.move('moneyMicros', account, this.world, moneyMicros)
  }

  buyCoin(account, coinMicros, coinPriceMicros, spreadMicros) {
    this.spend(account, mulDiv(mulDiv(coinMicros, coinPriceMicros, MICRO), MICRO + spreadMicros, MICRO) + 1)
    this.move('coinMicros', this.world, account, coinMicros)
  }

  sellCoin(account, coinMicros, coinPriceMicros, spreadMicros) {
    this.move('coinMicros', account, this.world, coinMicros)
    this.move('moneyMicros', this.world, account, mulDiv(mulDiv(coinMicros, coinPriceMicros, MICRO), MICRO - spreadMicros, MICRO))
  }

  bondFor(creditMicros) {
    return Math.ceil(creditMicros / this.creditsPerCoin)
  }

  lockRegistry(issuer, coinMicros) {
    if (issuer.owner.coinMicros < coinMicros) throw new Error('no coin for the registry bond')
    issuer.owner.coinMicros -= coinMicros
    issuer.registryBondMicros += coinMicros
  }

  unlockRegistry(issuer) {
    issuer.owner.coinMicros += issuer.registryBondMicros
    issuer.registryBondMicros = 0
  }

  mint(issuer, creditMicros, bondCoinMicros) {
    if (!issuer.listed) throw new Error('not listed')
    if (!Number.isSafeInteger(creditMicros) || issuer.owner.coinMicros < bondCoinMicros) throw new Error('no coin to bond')
    if (issuer.mintedMicros + creditMicros > (issuer.bondCoinMicros + bondCoinMicros) * this.creditsPerCoin) throw new Error('capacity exceeded')
    issuer.owner.coinMicros -= bondCoinMicros
    issuer.bondCoinMicros += bondCoinMicros
    issuer.mintedMicros += creditMicros
    issuer.owner.creditMicros += creditMicros
    this.mintedMicros += creditMicros
  }

  /** Burns credits of `holder`; coin that no credit of the issuer needs any more is left in the bond until take(). */
  burn(issuer, holder, creditMicros) {
    if (holder.creditMicros < creditMicros || issuer.mintedMicros < creditMicros) throw new Error('nothing to burn')
    holder.creditMicros -= creditMicros
    issuer.mintedMicros -= creditMicros
    this.burntMicros += creditMicros
  }

  /** Coin out of a bond, as far as the credits that are out allow. */
  take(issuer, to, coinMicros) {
    const left = issuer.bondCoinMicros - coinMicros
    if (left < 0 || issuer.mintedMicros > left * this.creditsPerCoin) throw new Error('the bond is needed')
    issuer.bondCoinMicros = left
    to.coinMicros += coinMicros
  }

  freeCoin(issuer) {
    return issuer.bondCoinMicros - this.bondFor(issuer.mintedMicros)
  }

  /** Anybody burns credits against the bond of a node that left; rounded down, so the bond always suffices. */
  redeemAbandoned(issuer, holder, creditMicros) {
    if (issuer.listed) throw new Error('listed')
    this.burn(issuer, holder, creditMicros)
    this.take(issuer, holder, Math.min(Math.floor(creditMicros / this.creditsPerCoin), this.freeCoin(issuer)))
  }

  supplyMicros() {
    return this.mintedMicros - this.burntMicros
  }

  capacityMicros() {
    let coin = 0
    for (const issuer of this.issuers) coin += issuer.bondCoinMicros
    return coin * this.creditsPerCoin
  }

  /** Throws unless coin and money are what they were at the beginning, credits what was minted less what was burnt, and no more than the bonds allow. */
  check() {
    let money = 0
    let coin = 0
    let credits = 0
    let minted = 0
    for (const account of this.accounts) {
      money += account.moneyMicros
      coin += account.coinMicros
      credits += account.creditMicros
    }
    for (const issuer of this.issuers) {
      coin += issuer.bondCoinMicros + issuer.registryBondMicros
      minted += issuer.mintedMicros
    }
    if (money !== this.begin) throw new Error(`money ${money}`)
    if (coin !== this.begin) throw new Error(`coin ${coin}`)
    if (credits !== this.supplyMicros() || minted !== credits) throw new Error(`credits ${credits}, of issuers ${minted}, supply ${this.supplyMicros()}`)
    if (credits > this.capacityMicros()) throw new Error('more credits than capacity')
  }
}
