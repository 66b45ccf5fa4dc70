// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// What the registries accept as text. All of it is ASCII: a string that is not UTF-8 makes some clients throw while
/// they decode a whole page of nodes, so one entry could hide a hundred others.
library Text {
    error TextLengthRefused(uint256 length, uint256 min, uint256 max);
    error TextCharacterRefused();

    function requireLength(string memory text, uint256 min, uint256 max) internal pure {
        uint256 length = bytes(text).length;
        if (length < min || length > max) revert TextLengthRefused(length, min, max);
    }

    /// Every byte below 0x80; a word at a time, for long texts.
    function requireAscii(string memory text) internal pure {
        uint256 seen;
        assembly ("memory-safe") {
            let length := mload(text)
            let at := add(text, 32)
            let last := add(at, and(length, not(31)))
            for {} lt(at, last) { at := add(at, 32) } { seen := or(seen, mload(at)) }
            seen := or(seen, and(mload(last), not(shr(shl(3, and(length, 31)), not(0)))))
        }
        if (seen & 0x8080808080808080808080808080808080808080808080808080808080808080 != 0) {
            revert TextCharacterRefused();
        }
    }

    /// Every byte a printable ASCII character or a space.
    function requirePrintable(string memory text) internal pure {
        bytes memory b = bytes(text);
        for (uint256 i = 0; i < b.length; ++i) {
            if (b[i] < 0x20 || b[i] > 0x7e) revert TextCharacterRefused();
        }
    }

    /// "host" or "host:port", in the one spelling that stands for it, so that no two entries name the same endpoint:
    /// host of lower-case letters, digits, '-' and '.', no label empty; port 1..65535 without leading zero, not 80
    /// (which is what a bare host means). IPv6 literals have too many spellings; give such a host a name.
    function requireEndpoint(string memory text) internal pure {
        bytes memory b = bytes(text);
        bytes1 previous = ".";
        uint256 i = 0;
        for (; i < b.length && b[i] != ":"; ++i) {
            bytes1 ch = b[i];
            bool plain = (ch >= "a" && ch <= "z") || (ch >= "0" && ch <= "9") || ch == "-";
            if (!plain && (ch != "." || previous == ".")) revert TextCharacterRefused();
            previous = ch;
        }
        if (previous == ".") revert TextCharacterRefused(); // no host, or a dot at its end
        if (i == b.length) return;

        if (++i == b.length || b.length - i > 5 || b[i] == "0") revert TextCharacterRefused();
        uint256 port = 0;
        for (; i < b.length; ++i) {
            if (b[i] < "0" || b[i] > "9") revert TextCharacterRefused();
            port = port * 10 + uint8(b[i]) - 48;
        }
        if (port > 65535 || port == 80) revert TextCharacterRefused();
    }
}
