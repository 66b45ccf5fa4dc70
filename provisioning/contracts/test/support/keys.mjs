// OpenPGP keys as clients make them, for tests and gas figures.
import * as openpgp from 'openpgp'
import { fromOpenpgpSubkey, keyIdOf } from '../../js/keyproof.mjs'

/** -> {body, scalar, keyId, published (base64 of the armored public key)}. */
export async function newKey(wallet) {
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name: wallet.address }], format: 'object',
  })
  const { body, scalar } = fromOpenpgpSubkey(privateKey.subkeys[0])
  const claimed = publicKey.subkeys[0].getKeyID().toHex().toUpperCase()
  if (claimed !== keyIdOf(body)) throw new Error('openpgp.js and the prover disagree about the key id')
  return { body, scalar, keyId: claimed, published: Buffer.from(publicKey.armor()).toString('base64') }
}
