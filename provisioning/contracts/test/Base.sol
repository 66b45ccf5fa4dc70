// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function deal(address to, uint256 amount) external;
    function warp(uint256 time) external;
    function chainId(uint256 id) external;
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata data) external;
    function expectRevert(bytes4 selector) external;
    function expectEmit(address emitter) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function skip(bool doSkip) external;
}

/// What the tests need of forge's standard library, and no more.
abstract contract Base {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function eq(uint256 a, uint256 b) internal pure {
        require(a == b, "numbers differ");
    }

    function eq(address a, address b) internal pure {
        require(a == b, "addresses differ");
    }

    function eq(bytes32 a, bytes32 b) internal pure {
        require(a == b, "words differ");
    }

    function eq(bytes4 a, bytes4 b) internal pure {
        require(a == b, "selectors differ");
    }

    function eq(string memory a, string memory b) internal pure {
        require(keccak256(bytes(a)) == keccak256(bytes(b)), string.concat("strings differ: ", a, " / ", b));
    }

    function h(string memory text) internal pure returns (bytes32) {
        return keccak256(bytes(text));
    }

    /// A string of `length` times `ch`.
    function times(bytes1 ch, uint256 length) internal pure returns (string memory) {
        bytes memory b = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            b[i] = ch;
        }
        return string(b);
    }
}
