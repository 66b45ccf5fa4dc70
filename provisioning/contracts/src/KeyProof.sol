// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Edwards25519} from "./Edwards25519.sol";
import {Sha1} from "./Sha1.sol";

/// Proof that whoever makes it holds the X25519 private key behind an OpenPGP key id.
///
/// What is shown
///   The key id is the last 8 bytes of SHA-1(0x99 || length || body) of a v4 public-subkey packet (RFC 4880, section
///   12.2). The body carries the X25519 public key u (RFC 7748), the u coordinate of k times the base point of
///   Curve25519, where k is the clamped private key. RFC 7748, section 4.1, maps that curve to edwards25519 (RFC 8032)
///   by y = (u - 1)/(u + 1), base point to base point; the x coordinate is fixed up to its sign. So A = (keyX, y) is k B
///   or -k B, and either sign will do: the prover knows k and -k alike.
///   Knowledge of the discrete logarithm a of A is then shown by a Schnorr proof made non-interactive (Fiat-Shamir):
///       R = r B for a random r,   c = keccak256(context, R) mod L,   s = r + c a mod L,
///   and the verifier checks s B == R + c A. Without a, such an s can only be found by breaking the discrete logarithm
///   of the curve; s and c tell nothing about a as long as r is random and never used twice.
///
/// Context
///   c = keccak256(abi.encode("conet.keyproof.v1", chain id, the contract that checks, the owner, u, keyX, R)) mod L.
///   The owner is the wallet that gets the key id. A proof copied from the mempool, from another chain or from another
///   contract serves nobody else. The same owner may show it again; what that must not allow is guarded by nonces.
///
/// What is not shown
///   - That the armored key stored beside it belongs to this subkey. Readers compare the key ids, as they do anyway.
///   - That the primary key agrees. The key id of the encryption subkey is what mail is addressed to.
///   - That no other body has the same key id. SHA-1 cut to 64 bits gives 2^64 work for another body with a given id,
///     2^32 for a pair of bodies that share one, both made by the same hand. The first to register an id keeps it.
///   - That A has no part of order 2, 4 or 8. X25519 multiplies by 8 and so does not see that part: who can prove for
///     such a key can decrypt for it. Keys that are nothing but such a part are refused (everyone can decrypt for them).
library KeyProof {
    /// subkeyBody, 56 bytes:
    ///    0  1  04                       packet version
    ///    1  4  time                     creation time, free
    ///    5  1  12                       algorithm 18, ECDH
    ///    6 11  0A 2B060104019755010501  length and OID of Curve25519
    ///   17  2  0107                     MPI of 263 bits
    ///   19  1  40                       native point follows
    ///   20 32  u                        little-endian, reduced
    ///   52  2  03 01                    KDF parameters: 3 bytes follow, reserved
    ///   54  1  hash                     8, 9, 10 (SHA2-256, 384, 512)
    ///   55  1  cipher                   7, 8, 9 (AES-128, 192, 256)
    /// keyX: x coordinate of A. nonceX, nonceY: R. s: the response, below L.
    struct Proof {
        bytes subkeyBody;
        uint256 keyX;
        uint256 nonceX;
        uint256 nonceY;
        uint256 s;
    }

    /// The packet body is not a Curve25519 encryption subkey of the one shape accepted.
    error BadSubkeyBody();
    /// u is not reduced, has no image on edwards25519, or keyX is not the x coordinate of that image.
    error BadPublicKey();
    /// The public key is of order 1, 2, 4 or 8.
    error SmallOrderKey();
    /// (nonceX, nonceY) is not a point of the curve in reduced coordinates.
    error BadNoncePoint();
    /// s is not below the group order.
    error BadResponse();
    /// All well formed, but not a proof by this owner, for this contract, on this chain.
    error ProofRefused();

    string internal constant CONTEXT = "conet.keyproof.v1";
    uint256 internal constant BODY_LENGTH = 56;

    /// Checks `proof` for `owner` and the contract that runs this code; reverts when it does not hold.
    /// Returns the key id proven, as 16 upper-case hex digits.
    function verify(Proof memory proof, address owner) internal view returns (string memory keyId) {
        bytes32 u = _publicKeyOf(proof.subkeyBody);
        uint256 keyY = _edwardsY(u);
        if (!Edwards25519.isOnCurve(proof.keyX, keyY)) revert BadPublicKey();
        if (Edwards25519.isSmallOrder(proof.keyX, keyY)) revert SmallOrderKey();
        if (!Edwards25519.isOnCurve(proof.nonceX, proof.nonceY)) revert BadNoncePoint();
        if (proof.s >= Edwards25519.L) revert BadResponse();

        uint256 c = uint256(
            keccak256(
                abi.encode(CONTEXT, block.chainid, address(this), owner, u, proof.keyX, proof.nonceX, proof.nonceY)
            )
        ) % Edwards25519.L;
        if (!Edwards25519.isSumOf(proof.s, c, proof.keyX, keyY, proof.nonceX, proof.nonceY)) revert ProofRefused();

        return keyIdOf(proof.subkeyBody);
    }

    /// Key id of a v4 key packet body, as 16 upper-case hex digits.
    function keyIdOf(bytes memory body) internal pure returns (string memory) {
        bytes20 fingerprint = Sha1.hash(abi.encodePacked(bytes1(0x99), uint16(body.length), body));
        uint256 id = uint64(uint160(fingerprint));
        bytes memory digits = new bytes(16);
        for (uint256 i = 16; i > 0; id >>= 4) {
            digits[--i] = bytes16("0123456789ABCDEF")[id & 15];
        }
        return string(digits);
    }

    /// Checks the shape of the body byte by byte and returns u as it stands in the packet.
    function _publicKeyOf(bytes memory body) private pure returns (bytes32 u) {
        if (body.length != BODY_LENGTH) revert BadSubkeyBody();
        bytes32 head; // bytes 0..31
        bytes32 tail; // bytes 52..55 on top
        assembly ("memory-safe") {
            head := mload(add(body, 32))
            u := mload(add(body, 52))
            tail := shl(224, mload(add(body, 56)))
        }
        // Bytes 0..19 without the creation time.
        bytes20 fixedPart = bytes20(head) & hex"ff00000000ffffffffffffffffffffffffffffff";
        if (fixedPart != hex"0400000000120a2b060104019755010501010740") revert BadSubkeyBody();
        if (bytes2(tail) != 0x0301) revert BadSubkeyBody();
        uint8 hash = uint8(tail[2]);
        uint8 cipher = uint8(tail[3]);
        if (hash < 8 || hash > 10 || cipher < 7 || cipher > 9) revert BadSubkeyBody();
    }

    /// y = (u - 1)/(u + 1) modulo p (RFC 7748, section 4.1).
    function _edwardsY(bytes32 packed) private view returns (uint256) {
        uint256 u;
        for (uint256 i = 0; i < 32; ++i) {
            u |= uint256(uint8(packed[i])) << (8 * i);
        }
        if (u >= Edwards25519.P - 1) revert BadPublicKey(); // not reduced, or u = -1, which has no image
        uint256 inverse = Edwards25519.invert(u + 1);
        return mulmod(addmod(u, Edwards25519.P - 1, Edwards25519.P), inverse, Edwards25519.P);
    }
}
