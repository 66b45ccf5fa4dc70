// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// SHA-1 (FIPS 180-4, section 6.1). The EVM has no precompile for it, and OpenPGP v4 key ids need it.
/// SHA-1 is used here only because the key id is defined by it; see KeyProof for what that means.
library Sha1 {
    function hash(bytes memory data) internal pure returns (bytes20 digest) {
        assembly ("memory-safe") {
            // Scratch behind the free pointer: w = message schedule (80 words of 32 bytes), then the padded message.
            let w := mload(0x40)
            let message := add(w, 2560)
            let length := mload(data)
            let blocksEnd := add(message, shl(6, shr(6, add(length, 72)))) // room for 0x80 and the 8-byte bit count

            // Zero the tail first: memory behind the free pointer need not be clean.
            for { let at := add(message, and(length, not(31))) } lt(at, blocksEnd) { at := add(at, 32) } {
                mstore(at, 0)
            }
            for { let i := 0 } lt(i, length) { i := add(i, 32) } {
                mstore(add(message, i), mload(add(add(data, 32), i)))
            }
            // The last word copied may hold bytes from behind the end of data: cut them off, then add the padding.
            let lastWord := add(message, and(length, not(31)))
            if and(length, 31) {
                let keep := not(shr(shl(3, and(length, 31)), not(0)))
                mstore(lastWord, and(mload(lastWord), keep))
            }
            mstore8(add(message, length), 0x80)
            let countWord := sub(blocksEnd, 32)
            mstore(countWord, or(mload(countWord), shl(3, length)))

            // State h0..h4, 32 bits each, packed with h0 on top (160 bits).
            let state := 0x67452301efcdab8998badcfe10325476c3d2e1f0
            for {} lt(message, blocksEnd) { message := add(message, 64) } {
                for { let t := 0 } lt(t, 512) { t := add(t, 32) } {
                    mstore(add(w, t), shr(224, mload(add(message, shr(3, t)))))
                }
                for { let t := add(w, 512) } lt(t, add(w, 2560)) { t := add(t, 32) } {
                    let x := xor(
                        xor(mload(sub(t, 96)), mload(sub(t, 256))),
                        xor(mload(sub(t, 448)), mload(sub(t, 512)))
                    )
                    mstore(t, and(or(shl(1, x), shr(31, x)), 0xffffffff))
                }

                let a := shr(128, state)
                let b := and(shr(96, state), 0xffffffff)
                let c := and(shr(64, state), 0xffffffff)
                let d := and(shr(32, state), 0xffffffff)
                let e := and(state, 0xffffffff)
                for { let t := 0 } lt(t, 80) { t := add(t, 1) } {
                    let f
                    switch div(t, 20)
                    case 0 { f := add(xor(d, and(b, xor(c, d))), 0x5a827999) }
                    case 1 { f := add(xor(xor(b, c), d), 0x6ed9eba1) }
                    case 2 { f := add(or(and(b, c), and(d, or(b, c))), 0x8f1bbcdc) }
                    default { f := add(xor(xor(b, c), d), 0xca62c1d6) }
                    f := add(add(add(f, e), mload(add(w, shl(5, t)))), or(shl(5, a), shr(27, a)))
                    e := d
                    d := c
                    c := and(or(shl(30, b), shr(2, b)), 0xffffffff)
                    b := a
                    a := and(f, 0xffffffff)
                }
                state := or(
                    or(
                        shl(128, and(add(shr(128, state), a), 0xffffffff)),
                        shl(96, and(add(shr(96, state), b), 0xffffffff))
                    ),
                    or(
                        or(
                            shl(64, and(add(shr(64, state), c), 0xffffffff)),
                            shl(32, and(add(shr(32, state), d), 0xffffffff))
                        ),
                        and(add(state, e), 0xffffffff)
                    )
                )
            }
            digest := shl(96, state)
        }
    }
}
