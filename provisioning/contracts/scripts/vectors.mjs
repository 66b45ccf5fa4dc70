// Writes vectors/*.json: known answers for every prover, verifier and signer. Nothing in them is random.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import { getAddress, hexlify, TypedDataEncoder, Wallet } from 'ethers'
import { keyIdOf, prove, publicKeyOf, subkeyBody } from '../js/keyproof.mjs'
import { root } from './compile.mjs'

const P = ed25519.Point.Fp.ORDER
const L = ed25519.Point.Fn.ORDER
const sha256 = (text) => createHash('sha256').update(text).digest()
const number = (text) => BigInt(hexlify(sha256(text)))
const scalarOf = (name) => (number(`scalar ${name}`) & ((1n << 254n) - 8n)) | (1n << 254n)
const addressOf = (name) => getAddress(hexlify(sha256(`address ${name}`).subarray(0, 20)))
const hex = (n) => '0x' + n.toString(16).padStart(64, '0')
const written = (proof) => ({ ...proof, keyX: hex(proof.keyX), nonceX: hex(proof.nonceX), nonceY: hex(proof.nonceY), s: hex(proof.s) })

const chainId = 224422
const contract = addressOf('contract')

function input(name, { time = 1_700_000_000, hash = 8, cipher = 7, ...rest } = {}) {
  const scalar = scalarOf(name)
  return {
    scalar, body: subkeyBody(publicKeyOf(scalar), time, hash, cipher), chainId, contract, owner: addressOf(name),
    nonceScalar: number(`nonce ${name}`) % L, ...rest,
  }
}

function valid(name, it) {
  return {
    name,
    privateScalar: hex(it.scalar), // clamped, as a number; the packet of the secret key holds it big-endian
    body: hexlify(it.body), keyId: keyIdOf(it.body), chainId: it.chainId, contract: it.contract, owner: it.owner,
    nonceScalar: hex(it.nonceScalar), proof: written(prove(it)),
  }
}

const negated = input('negated')
negated.scalar = L - (negated.scalar % L) // the other sign of keyX, same u
const vectors = [
  valid('plain', input('plain')),
  valid('second key, same owner', input('second', { owner: addressOf('plain') })),
  valid('creation time 0', input('time zero', { time: 0 })),
  valid('creation time 2^32 - 1', input('time max', { time: 0xffffffff })),
  valid('KDF SHA2-384 and AES-192', input('kdf middle', { hash: 9, cipher: 8 })),
  valid('KDF SHA2-512 and AES-256', input('kdf high', { hash: 10, cipher: 9 })),
  valid('nonce scalar 1', input('nonce one', { nonceScalar: 1n })),
  valid('prover takes the negative scalar', negated),
]

const base = input('plain')
const good = prove(base)
const flip = (index, value) => {
  const body = Buffer.from(base.body)
  body[index] = value
  return { subkeyBody: hexlify(body) }
}
const invalid = (name, error, change, owner = base.owner) =>
  ({ name, error, chainId, contract, owner, proof: written({ ...good, ...change }) })
const little = (n) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse()
const withU = (u) => ({ subkeyBody: hexlify(subkeyBody(little(u), 1_700_000_000)) })

const refused = [
  invalid('shown by another owner', 'ProofRefused', {}, addressOf('other')),
  invalid('made for another chain', 'ProofRefused', prove({ ...base, chainId: 1 })),
  invalid('made for another contract', 'ProofRefused', prove({ ...base, contract: addressOf('other') })),
  invalid('made for another owner', 'ProofRefused', prove({ ...base, owner: addressOf('other') })),
  invalid('response off by one', 'ProofRefused', { s: (good.s + 1n) % L }),
  invalid('the other sign of keyX', 'ProofRefused', { keyX: P - good.keyX }),
  invalid('response of another key', 'ProofRefused', { s: prove({ ...input('second'), owner: base.owner }).s }),
  invalid('nonce point is the neutral element', 'ProofRefused', { nonceX: 0n, nonceY: 1n }),
  invalid('s + L', 'BadResponse', { s: good.s + L }),
  invalid('s = L', 'BadResponse', { s: L }),
  invalid('nonce point off the curve', 'BadNoncePoint', { nonceX: good.nonceX ^ 1n }),
  invalid('nonceX not reduced', 'BadNoncePoint', { nonceX: good.nonceX + P }),
  invalid('nonceY not reduced', 'BadNoncePoint', { nonceY: good.nonceY + P }),
  invalid('keyX off the curve', 'BadPublicKey', { keyX: good.keyX ^ 1n }),
  invalid('keyX not reduced', 'BadPublicKey', { keyX: good.keyX + P }),
  invalid('u of another key', 'BadPublicKey', { subkeyBody: hexlify(input('second').body) }),
  invalid('u on the twist', 'BadPublicKey', withU(2n)),
  invalid('u = p', 'BadPublicKey', withU(P)),
  invalid('u = p - 1', 'BadPublicKey', withU(P - 1n)),
  invalid('u with bit 255 set', 'BadPublicKey', withU(BigInt(hexlify(Buffer.from(base.body.subarray(20, 52)).reverse())) | (1n << 255n))),
  invalid('order 2: u = 0', 'SmallOrderKey', { ...withU(0n), keyX: 0n }),
  invalid('order 4: u = 1', 'SmallOrderKey', { ...withU(1n), keyX: ed25519.Point.Fp.sqrt(P - 1n) }),
  invalid('body of 55 bytes', 'BadSubkeyBody', { subkeyBody: hexlify(base.body.subarray(0, 55)) }),
  invalid('body of 57 bytes', 'BadSubkeyBody', { subkeyBody: hexlify(Buffer.concat([base.body, Buffer.of(0)])) }),
  invalid('packet version 5', 'BadSubkeyBody', flip(0, 5)),
  invalid('algorithm 25', 'BadSubkeyBody', flip(5, 25)),
  invalid('another curve', 'BadSubkeyBody', flip(16, 2)),
  invalid('no prefix 0x40', 'BadSubkeyBody', flip(19, 0x04)),
  invalid('KDF hash 7', 'BadSubkeyBody', flip(54, 7)),
  invalid('KDF hash 11', 'BadSubkeyBody', flip(54, 11)),
  invalid('KDF cipher 6', 'BadSubkeyBody', flip(55, 6)),
  invalid('KDF cipher 10', 'BadSubkeyBody', flip(55, 10)),
]

const file = { producer: 'scripts/vectors.mjs', context: 'conet.keyproof.v1', valid: vectors, invalid: refused }
writeFileSync(new URL('vectors/keyproof.json', root), JSON.stringify(file, null, 2) + '\n')
console.log(`vectors/keyproof.json: ${vectors.length} valid, ${refused.length} invalid`)

// Vouchers, as a wallet signs them and a node reads them.
const voucherTypes = { Voucher: ['address payer', 'address payee', 'uint128 cumulative', 'bytes32 ledgerRoot']
  .map((field) => field.split(' ')).map(([type, name]) => ({ type, name })) }
const settlement = addressOf('settlement')
const vouchers = []
for (const [name, cumulative] of [['nothing', 0n], ['one', 1n], ['a mebibyte', 976_562n], ['most', 1n << 52n]]) {
  const payer = new Wallet(hexlify(sha256(`payer ${name}`)))
  const value = { payer: payer.address, payee: addressOf(`payee ${name}`), cumulative, ledgerRoot: hexlify(sha256(name)) }
  const domain = { name: 'ConetSettlement', version: '1', chainId, verifyingContract: settlement }
  vouchers.push({ name, payerKey: payer.privateKey, ...value, cumulative: Number(cumulative), chainId, settlement,
    digest: TypedDataEncoder.hash(domain, voucherTypes, value),
    signature: await payer.signTypedData(domain, voucherTypes, value) })
}
writeFileSync(new URL('vectors/voucher.json', root), JSON.stringify(vouchers, null, 2) + '\n')
