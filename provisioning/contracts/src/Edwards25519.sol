// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// The curve of Ed25519 (RFC 8032, section 5.1): -x^2 + y^2 = 1 + d x^2 y^2 modulo p = 2^255 - 19.
///
/// Points are kept in extended coordinates (X : Y : Z : T) with x = X/Z, y = Y/Z, T = XY/Z, four words of memory.
/// -1 is a square modulo p and d is not, so the one addition law used here holds for every pair of points of the
/// curve, the neutral element and equal points included: there are no special cases to forget.
/// Because p < 2^255, a sum of two reduced numbers fits a word; `mulmod` reduces it. Nothing here is secret, so
/// nothing has to run in constant time.
library Edwards25519 {
    uint256 internal constant P = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed;
    uint256 internal constant TWO_P = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffda;
    /// Order of the base point.
    uint256 internal constant L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed;
    /// -121665/121666 modulo p, and twice that.
    uint256 internal constant D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3;
    uint256 internal constant TWO_D = 0x2406d9dc56dffce7198e80f2eef3d13000e0149a8283b156ebd69b9426b2f159;
    /// Base point: y = 4/5, x even.
    uint256 internal constant BASE_X = 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a;
    uint256 internal constant BASE_Y = 0x6666666666666666666666666666666666666666666666666666666666666658;

    /// Whether (x, y) are reduced coordinates of a point of the curve.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        if (x >= P || y >= P) return false;
        uint256 xx = mulmod(x, x, P);
        uint256 yy = mulmod(y, y, P);
        return addmod(yy, P - xx, P) == addmod(1, mulmod(D, mulmod(xx, yy, P), P), P);
    }

    /// Whether 8 (x, y) is the neutral element. (x, y) must be on the curve.
    function isSmallOrder(uint256 x, uint256 y) internal pure returns (bool) {
        uint256 point = _point(x, y);
        _double(point);
        _double(point);
        _double(point);
        (uint256 px, uint256 py, uint256 pz) = _load(point);
        return px == 0 && py == pz;
    }

    /// Whether s B == R + c A, computed as s B + c (-A) == R. A must be on the curve; s, c < 2^253.
    function isSumOf(uint256 s, uint256 c, uint256 ax, uint256 ay, uint256 rx, uint256 ry)
        internal
        pure
        returns (bool)
    {
        // Both multiples are built together, one bit of each scalar a step (Shamir's trick): the table holds what the
        // pair of bits (c, s) adds: 1 -> B, 2 -> -A, 3 -> B - A.
        uint256 minusA = _entry(_point(P - ax, ay));
        uint256 both = _point(BASE_X, BASE_Y);
        uint256 base = _entry(both);
        _add(both, minusA);
        both = _entry(both);

        uint256 sum = _point(0, 1);
        for (uint256 bit = 1 << 252; bit != 0; bit >>= 1) {
            _double(sum);
            if (s & bit != 0) {
                _add(sum, c & bit != 0 ? both : base);
            } else if (c & bit != 0) {
                _add(sum, minusA);
            }
        }
        (uint256 x, uint256 y, uint256 z) = _load(sum);
        return x == mulmod(rx, z, P) && y == mulmod(ry, z, P);
    }

    /// 1/a modulo p by Fermat's little theorem, with the MODEXP precompile (EIP-198); 0 for a = 0.
    function invert(uint256 a) internal view returns (uint256 inverse) {
        bool done;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 32)
            mstore(add(input, 32), 32)
            mstore(add(input, 64), 32)
            mstore(add(input, 96), a)
            mstore(add(input, 128), sub(P, 2))
            mstore(add(input, 160), P)
            done := and(eq(returndatasize(), 32), staticcall(gas(), 5, input, 192, 0, 32))
            inverse := mload(0)
        }
        require(done, "MODEXP failed"); // out of gas, or a chain without the precompile
    }

    /// Writes an affine point to new memory.
    function _point(uint256 x, uint256 y) private pure returns (uint256 ptr) {
        assembly ("memory-safe") {
            ptr := mload(0x40)
            mstore(0x40, add(ptr, 128))
            mstore(ptr, x)
            mstore(add(ptr, 32), y)
            mstore(add(ptr, 64), 1)
            mstore(add(ptr, 96), mulmod(x, y, P))
        }
    }

    function _load(uint256 point) private pure returns (uint256 x, uint256 y, uint256 z) {
        assembly ("memory-safe") {
            x := mload(point)
            y := mload(add(point, 32))
            z := mload(add(point, 64))
        }
    }

    /// Writes what `_add` wants of a point to new memory: Y - X, Y + X, 2dT, 2Z.
    function _entry(uint256 point) private pure returns (uint256 ptr) {
        assembly ("memory-safe") {
            ptr := mload(0x40)
            mstore(0x40, add(ptr, 128))
            let x := mload(point)
            let y := mload(add(point, 32))
            let z := mload(add(point, 64))
            mstore(ptr, add(y, sub(P, x)))
            mstore(add(ptr, 32), add(y, x))
            mstore(add(ptr, 64), mulmod(TWO_D, mload(add(point, 96)), P))
            mstore(add(ptr, 96), add(z, z))
        }
    }

    /// point = 2 point. Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), section 3.3, a = -1.
    function _double(uint256 point) private pure {
        assembly ("memory-safe") {
            let x := mload(point)
            let y := mload(add(point, 32))
            let e := mload(add(point, 64))
            let f := mulmod(add(e, e), e, P) // C = 2 Z^2
            e := add(x, y)
            x := mulmod(x, x, P) // A
            y := mulmod(y, y, P) // B
            let h := sub(TWO_P, add(x, y)) // -A - B
            e := addmod(mulmod(e, e, P), h, P) // (X + Y)^2 - A - B
            let g := add(y, sub(P, x)) // B - A
            f := addmod(g, sub(P, f), P) // G - C
            mstore(point, mulmod(e, f, P))
            mstore(add(point, 32), mulmod(g, h, P))
            mstore(add(point, 64), mulmod(f, g, P))
            mstore(add(point, 96), mulmod(e, h, P))
        }
    }

    /// point = point + the point of a table entry. Same paper, section 3.1, a = -1.
    function _add(uint256 point, uint256 entry) private pure {
        assembly ("memory-safe") {
            let x := mload(point)
            let y := mload(add(point, 32))
            let a := mulmod(add(y, sub(P, x)), mload(entry), P)
            let b := mulmod(add(y, x), mload(add(entry, 32)), P)
            let c := mulmod(mload(add(point, 96)), mload(add(entry, 64)), P)
            let d := mulmod(mload(add(point, 64)), mload(add(entry, 96)), P)
            let e := add(b, sub(P, a))
            let f := add(d, sub(P, c))
            let g := add(d, c)
            let h := add(b, a)
            mstore(point, mulmod(e, f, P))
            mstore(add(point, 32), mulmod(g, h, P))
            mstore(add(point, 64), mulmod(f, g, P))
            mstore(add(point, 96), mulmod(e, h, P))
        }
    }
}
