// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Prover} from "./Prover.sol";
import {KeyProof} from "../src/KeyProof.sol";
import {NodeRegistry} from "../src/NodeRegistry.sol";
import {RoutingTable} from "../src/RoutingTable.sol";

/// A fresh registry and table, wallets with known keys, and the shortest way to register.
abstract contract Fixture is Prover {
    struct Wallet {
        address at;
        uint256 key; // secp256k1
        uint256 secret; // X25519
    }

    NodeRegistry internal registry;
    RoutingTable internal table;
    Wallet internal alice = wallet(1);
    Wallet internal bob = wallet(2);
    Wallet internal nodeA = wallet(3);
    Wallet internal nodeB = wallet(4);
    Wallet internal nodeC = wallet(5);

    function setUp() public virtual {
        vm.warp(1_700_000_000);
        registry = new NodeRegistry(0);
        table = new RoutingTable(registry);
    }

    function wallet(uint256 n) internal pure returns (Wallet memory) {
        uint256 secret = uint256(keccak256(abi.encode("secret", n))) % (2 ** 251) * 8 + 2 ** 254;
        return Wallet(vm.addr(n), n, secret);
    }

    function nodeProof(Wallet memory w) internal view returns (KeyProof.Proof memory) {
        return prove(w.secret, 1, address(registry), w.at);
    }

    function userProof(Wallet memory w) internal view returns (KeyProof.Proof memory) {
        return prove(w.secret, 1, address(table), w.at);
    }

    function keyIdOf(Wallet memory w) internal view returns (string memory) {
        return idOf(userProof(w));
    }

    function addNode(Wallet memory w, string memory endpoint, string memory region) internal returns (uint256) {
        KeyProof.Proof memory proof = nodeProof(w);
        vm.prank(w.at);
        return registry.registerNode(string.concat("pgp of ", endpoint), endpoint, region, proof);
    }

    function addUser(Wallet memory w, string memory route) internal {
        KeyProof.Proof memory proof = userProof(w);
        string memory keyId = idOf(proof);
        vm.prank(w.at);
        table.registerKey(w.at, keyId, "public", "backup", route, proof);
    }

    function domain(string memory name, address verifier) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                h(name),
                h("1"),
                block.chainid,
                verifier
            )
        );
    }

    function signed(Wallet memory w, bytes32 separator, bytes32 content) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(w.key, keccak256(abi.encodePacked(hex"1901", separator, content)));
        return abi.encodePacked(r, s, v);
    }
}
