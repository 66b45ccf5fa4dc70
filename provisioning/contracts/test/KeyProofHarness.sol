// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {KeyProof} from "../src/KeyProof.sol";
import {Sha1} from "../src/Sha1.sol";
import {Text} from "../src/Text.sol";

/// Makes the libraries callable.
contract KeyProofHarness {
    function verify(KeyProof.Proof memory proof, address owner) external view returns (string memory) {
        return KeyProof.verify(proof, owner);
    }

    function gasOfVerify(KeyProof.Proof memory proof, address owner) external view returns (uint256) {
        uint256 before = gasleft();
        KeyProof.verify(proof, owner);
        return before - gasleft();
    }

    function sha1Of(bytes memory data) external pure returns (bytes20) {
        return Sha1.hash(data);
    }

    function requireEndpoint(string memory text) external pure {
        Text.requireEndpoint(text);
    }

    function requireAscii(string memory text) external pure {
        Text.requireAscii(text);
    }
}
