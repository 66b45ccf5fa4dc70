// Reference prover for KeyProof.sol: shows that one holds the X25519 key behind an OpenPGP encryption subkey.
// Not constant-time (BigInt): for registering a key on one's own machine, not for a signing service.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { AbiCoder, getBytes, hexlify, keccak256 } from 'ethers'

const { Point } = ed25519
const L = Point.Fn.ORDER
const P = Point.Fp.ORDER
const CONTEXT = 'conet.keyproof.v1'

const mod = (a, m) => ((a % m) + m) % m
const bigEndian = (bytes) => BigInt(hexlify(bytes))
const littleEndian = (bytes) => bigEndian(Uint8Array.from(bytes).reverse())

/** The 56-byte body of a Curve25519 encryption subkey; `u` is 32 bytes, little-endian. */
export function subkeyBody(u, creationTime, hash = 8, cipher = 7) {
  const time = Buffer.alloc(4)
  time.writeUInt32BE(creationTime)
  return Buffer.concat([Buffer.of(4), time, Buffer.from('120a2b060104019755010501010740', 'hex'), u,
    Buffer.of(3, 1, hash, cipher)])
}

/** Last 8 bytes of the v4 fingerprint, as 16 upper-case hex digits. */
export function keyIdOf(body) {
  return createHash('sha1').update(Buffer.of(0x99, 0, body.length)).update(body).digest('hex').slice(-16).toUpperCase()
}

/** The public key u, 32 bytes little-endian, of a private scalar: RFC 7748, section 4.1, u = (1 + y)/(1 - y). */
export function publicKeyOf(scalar) {
  const { y } = Point.BASE.multiply(mod(scalar, L)).toAffine()
  const u = Point.Fp.div(mod(1n + y, P), mod(1n - y, P))
  return Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse()
}

/** Subkey of an openpgp.js 6 private key (decrypted) -> {body, scalar}. */
export function fromOpenpgpSubkey(subkey) {
  const { keyPacket } = subkey
  const d = keyPacket.privateParams?.d
  if (!d) throw new Error('the subkey is locked or not a legacy Curve25519 key')
  const body = Buffer.from(keyPacket.write()).subarray(0, 56) // the secret part may follow
  return { body, scalar: clamp(bigEndian(d)) } // an MPI: big-endian
}

/** RFC 7748, section 5. */
function clamp(k) {
  return (k & ((1n << 254n) - 8n)) | (1n << 254n)
}

/** c of the proof: binds it to the chain, the contract that checks it and the wallet that gets the key id. */
export function challenge({ chainId, contract, owner, u, keyX, nonceX, nonceY }) {
  const types = ['string', 'uint256', 'address', 'address', 'bytes32', 'uint256', 'uint256', 'uint256']
  const values = [CONTEXT, chainId, contract, owner, hexlify(u), keyX, nonceX, nonceY]
  return mod(BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values))), L)
}

/**
 * The proof, as ethers wants the struct KeyProof.Proof.
 * `nonceScalar` is for test vectors only: two proofs with one nonce give the private key away.
 */
export function prove({ body, scalar, chainId, contract, owner, nonceScalar }) {
  const u = body.subarray(20, 52)
  const a = mod(scalar, L)
  if (!Buffer.from(u).equals(publicKeyOf(a))) throw new Error('the private key does not belong to this subkey')
  const keyX = Point.BASE.multiply(a).toAffine().x
  const r = nonceScalar ?? freshNonce(a, body, chainId, contract, owner)
  const { x: nonceX, y: nonceY } = Point.BASE.multiply(r).toAffine()
  const c = challenge({ chainId, contract, owner, u, keyX, nonceX, nonceY })
  return { subkeyBody: hexlify(body), keyX, nonceX, nonceY, s: mod(r + c * a, L) }
}

/** Random, and hedged with the secret and the context so that a weak random source alone does not leak the key. */
function freshNonce(a, body, chainId, contract, owner) {
  const context = AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256', 'address', 'address', 'bytes'],
    [a, chainId, contract, owner, body])
  const wide = createHmac('sha512', randomBytes(32)).update(getBytes(context)).digest()
  return mod(littleEndian(wide), L - 1n) + 1n
}
