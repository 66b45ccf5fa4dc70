// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Fixture} from "./Fixture.sol";
import {CloudCredit} from "../src/CloudCredit.sol";
import {NodeRegistry} from "../src/NodeRegistry.sol";
import {RoutingTable} from "../src/RoutingTable.sol";
import {Settlement} from "../src/Settlement.sol";

/// Node A on the list with an owner, credits that the owner made, and the shortest way to a voucher.
abstract contract Money is Fixture {
    uint256 internal constant BOND = 0.1 ether;
    uint256 internal constant RATE = 100e9; // nanocredits for a coin
    address internal constant OWNER = address(0xA11);

    CloudCredit internal credit;
    Settlement internal settlement;

    function setUp() public virtual override {
        vm.warp(1_700_000_000);
        registry = new NodeRegistry(BOND);
        table = new RoutingTable(registry);
        credit = new CloudCredit(registry, RATE);
        settlement = new Settlement(credit);
        enter(nodeA, "192.0.2.1");
        vm.prank(nodeA.at);
        registry.setOwner(nodeA.at, OWNER);
        vm.deal(OWNER, 10 ether);
    }

    function enter(Wallet memory w, string memory endpoint) internal {
        vm.deal(w.at, w.at.balance + BOND);
        registerWith(w, endpoint, BOND);
    }

    function registerWith(Wallet memory w, string memory endpoint, uint256 value) internal {
        bytes memory call = abi.encodeCall(registry.registerNode, ("pgp", endpoint, "Oslo.NO", nodeProof(w)));
        vm.prank(w.at);
        (bool ok, bytes memory why) = address(registry).call{value: value}(call);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(why, 32), mload(why))
            }
        }
    }

    /// Credits for a wallet, made by the owner of node A with a bond that just suffices.
    function give(address to, uint256 nanocredits) internal {
        uint256 bond = (nanocredits * 1 ether + RATE - 1) / RATE;
        vm.deal(OWNER, OWNER.balance + bond);
        vm.prank(OWNER);
        credit.mint{value: bond}(nodeA.at, to, nanocredits);
    }

    function depositFrom(Wallet memory payer, address payee, uint128 amount) internal {
        give(payer.at, amount);
        vm.prank(payer.at);
        credit.approve(address(settlement), amount);
        vm.prank(payer.at);
        settlement.deposit(payer.at, payee, amount);
    }

    function voucher(Wallet memory payer, address payee, uint128 cumulative)
        internal
        view
        returns (Settlement.Voucher memory)
    {
        bytes32 root = keccak256("root");
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(payer.key, settlement.voucherDigest(payer.at, payee, cumulative, root));
        return Settlement.Voucher(payer.at, cumulative, root, abi.encodePacked(r, s, v));
    }

    function one(Settlement.Voucher memory v) internal pure returns (Settlement.Voucher[] memory list) {
        list = new Settlement.Voucher[](1);
        list[0] = v;
    }
}
