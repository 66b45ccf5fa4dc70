// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Base} from "./Base.sol";
import {KeyProof} from "../src/KeyProof.sol";

/// Makes proofs the slow, plain way: affine coordinates, one inversion an addition, SHA-1 as FIPS 180 words it.
/// Shares no line with the contracts, so that a slip there is not repeated here.
abstract contract Prover is Base {
    uint256 internal constant p = 2 ** 255 - 19;
    uint256 internal constant order = 2 ** 252 + 27742317777372353535851937790883648493;

    struct Point {
        uint256 x;
        uint256 y;
    }

    function power(uint256 a, uint256 e) internal view returns (uint256 result) {
        (bool ok, bytes memory out) = address(5).staticcall(abi.encode(32, 32, 32, a, e, p));
        require(ok);
        result = abi.decode(out, (uint256));
    }

    function minus(uint256 a, uint256 b) internal pure returns (uint256) {
        return addmod(a % p, p - b % p, p);
    }

    function over(uint256 a, uint256 b) internal view returns (uint256) {
        return mulmod(a, power(b, p - 2), p);
    }

    function curveD() internal view returns (uint256) {
        return over(p - 121665, 121666);
    }

    function basePoint() internal view returns (Point memory base) {
        base.y = over(4, 5);
        uint256 yy = mulmod(base.y, base.y, p);
        base.x = root(over(minus(yy, 1), addmod(mulmod(curveD(), yy, p), 1, p)));
        if (base.x % 2 != 0) base.x = p - base.x;
    }

    /// A square root; reverts when there is none.
    function root(uint256 a) internal view returns (uint256 r) {
        r = power(a, (p + 3) / 8);
        if (mulmod(r, r, p) != a % p) r = mulmod(r, power(2, (p - 1) / 4), p);
        require(mulmod(r, r, p) == a % p, "no root");
    }

    function plus(Point memory a, Point memory b, uint256 d) internal view returns (Point memory) {
        uint256 xx = mulmod(a.x, b.x, p);
        uint256 yy = mulmod(a.y, b.y, p);
        uint256 dxy = mulmod(d, mulmod(xx, yy, p), p);
        return Point(
            over(addmod(mulmod(a.x, b.y, p), mulmod(b.x, a.y, p), p), addmod(1, dxy, p)),
            over(addmod(yy, xx, p), minus(1, dxy))
        );
    }

    function multiply(uint256 k, Point memory a) internal view returns (Point memory sum) {
        uint256 d = curveD();
        sum = Point(0, 1);
        for (; k > 0; k >>= 1) {
            if (k & 1 == 1) sum = plus(sum, a, d);
            a = plus(a, a, d);
        }
    }

    function bodyOf(uint256 u, uint32 time) internal pure returns (bytes memory) {
        return abi.encodePacked(
            hex"04", time, hex"12", hex"0a2b060104019755010501", hex"0107", hex"40", littleEndian(u), hex"03010807"
        );
    }

    function littleEndian(uint256 a) internal pure returns (bytes32 out) {
        for (uint256 i = 0; i < 32; ++i) {
            out |= bytes32((a >> (8 * i)) & 255) << (8 * (31 - i));
        }
    }

    function montgomery(Point memory a) internal view returns (uint256) {
        return over(addmod(1, a.y, p), minus(1, a.y));
    }

    /// A proof for `secret`, as an honest owner makes it.
    function prove(uint256 secret, uint32 time, address checker, address owner)
        internal
        view
        returns (KeyProof.Proof memory)
    {
        return prove(secret, time, checker, owner, uint256(keccak256(abi.encode("nonce", secret, checker, owner))));
    }

    function prove(uint256 secret, uint32 time, address checker, address owner, uint256 nonce)
        internal
        view
        returns (KeyProof.Proof memory)
    {
        Point memory a = multiply(secret % order, basePoint());
        bytes memory body = bodyOf(montgomery(a), time);
        return respond(secret, a, body, checker, owner, nonce % order);
    }

    function respond(uint256 secret, Point memory a, bytes memory body, address checker, address owner, uint256 nonce)
        internal
        view
        returns (KeyProof.Proof memory)
    {
        Point memory r = multiply(nonce, basePoint());
        bytes32 u = littleEndian(montgomery(a));
        uint256 c =
            uint256(keccak256(abi.encode("conet.keyproof.v1", block.chainid, checker, owner, u, a.x, r.x, r.y))) % order;
        return KeyProof.Proof(body, a.x, r.x, r.y, addmod(nonce, mulmod(c, secret, order), order));
    }

    /// The key id of a proof's subkey, by the plain SHA-1 below.
    function idOf(KeyProof.Proof memory proof) internal pure returns (string memory) {
        bytes memory digest =
            abi.encodePacked(plainSha1(abi.encodePacked(hex"99", uint16(proof.subkeyBody.length), proof.subkeyBody)));
        bytes memory out = new bytes(16);
        for (uint256 i = 0; i < 8; ++i) {
            out[2 * i] = bytes("0123456789ABCDEF")[uint8(digest[12 + i]) / 16];
            out[2 * i + 1] = bytes("0123456789ABCDEF")[uint8(digest[12 + i]) % 16];
        }
        return string(out);
    }

    function rotate(uint32 x, uint32 n) internal pure returns (uint32) {
        return (x << n) | (x >> (32 - n));
    }

    function plainSha1(bytes memory message) internal pure returns (bytes20) {
        bytes memory zeros = new bytes((119 - message.length % 64) % 64);
        bytes memory padded = abi.encodePacked(message, hex"80", zeros, uint64(message.length * 8));
        uint32[5] memory state = [uint32(0x67452301), 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];
        for (uint256 at = 0; at < padded.length; at += 64) {
            uint32[80] memory w;
            for (uint256 t = 0; t < 64; ++t) {
                w[t / 4] = (w[t / 4] << 8) | uint8(padded[at + t]);
            }
            for (uint256 t = 16; t < 80; ++t) {
                w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
            }
            uint32[5] memory v = [state[0], state[1], state[2], state[3], state[4]];
            for (uint256 t = 0; t < 80; ++t) {
                uint32 f;
                uint32 k;
                if (t < 20) (f, k) = ((v[1] & v[2]) | (~v[1] & v[3]), 0x5A827999);
                else if (t < 40) (f, k) = (v[1] ^ v[2] ^ v[3], 0x6ED9EBA1);
                else if (t < 60) (f, k) = ((v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]), 0x8F1BBCDC);
                else (f, k) = (v[1] ^ v[2] ^ v[3], 0xCA62C1D6);
                unchecked {
                    uint32 next = rotate(v[0], 5) + f + v[4] + k + w[t];
                    v = [next, v[0], rotate(v[1], 30), v[2], v[3]];
                }
            }
            unchecked {
                for (uint256 i = 0; i < 5; ++i) {
                    state[i] += v[i];
                }
            }
        }
        return bytes20(abi.encodePacked(state[0], state[1], state[2], state[3], state[4]));
    }
}
