// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Money} from "./Money.sol";
import {KeyProof} from "../src/KeyProof.sol";
import {NodeRegistry} from "../src/NodeRegistry.sol";

/// Bonds, owners and prices.
contract NodeRegistryMoneyTest is Money {
    function test_entryTakesExactlyTheBond() public {
        vm.deal(nodeB.at, 1 ether);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 wrong = i == 0 ? BOND - 1 : BOND + 1;
            try this.tryEnter(wrong) {
                revert("entered with another bond");
            } catch (bytes memory why) {
                eq(keccak256(why), keccak256(abi.encodeWithSelector(NodeRegistry.WrongBond.selector, wrong, BOND)));
            }
        }
        registerWith(nodeB, "192.0.2.2", BOND);
        eq(address(registry).balance, 2 * BOND);
    }

    function tryEnter(uint256 value) external {
        registerWith(nodeB, "192.0.2.2", value);
    }

    function test_bondComesBackAfterTheDelayAndNotASecondEarlier() public {
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.BondNotFree.selector, 0));
        registry.returnBond(nodeA.at);
        vm.prank(nodeA.at);
        registry.removeNode();
        uint256 free = block.timestamp + registry.BOND_DELAY_SECONDS();
        vm.warp(free - 1);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.BondNotFree.selector, free));
        registry.returnBond(nodeA.at);
        vm.warp(free);
        registry.returnBond(nodeA.at);
        eq(nodeA.at.balance, BOND);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.BondNotFree.selector, 0));
        registry.returnBond(nodeA.at);
    }

    function test_nodeThatComesBackInTimeBringsNoOtherBondAndKeepsItIn() public {
        vm.prank(nodeA.at);
        registry.removeNode();
        registerWith(nodeA, "192.0.2.1", 0);
        vm.warp(block.timestamp + registry.BOND_DELAY_SECONDS());
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.BondNotFree.selector, 0));
        registry.returnBond(nodeA.at);
        eq(address(registry).balance, BOND);
    }

    function test_bondOfARelayedEntryIsTheRelaysAgain() public {
        Wallet memory relay = wallet(40);
        vm.deal(relay.at, BOND);
        KeyProof.Proof memory proof = nodeProof(nodeC);
        bytes32 content = keccak256(
            abi.encode(
                registry.REGISTER_NODE_TYPEHASH(), nodeC.at, [h("pgp"), h("192.0.2.3"), h("Oslo.NO")], h(idOf(proof)), 0, 1 << 40
            )
        );
        bytes memory sig = signed(nodeC, domain("ConetNodeRegistry", address(registry)), content);
        vm.prank(relay.at);
        registry.registerNodeBySig{value: BOND}(nodeC.at, "pgp", "192.0.2.3", "Oslo.NO", proof, 1 << 40, sig);
        vm.prank(nodeC.at);
        registry.removeNode();
        vm.warp(block.timestamp + registry.BOND_DELAY_SECONDS());
        registry.returnBond(nodeC.at);
        eq(relay.at.balance, BOND);
        eq(nodeC.at.balance, 0);
    }

    function test_ownerIsNamedOnceByTheNodeAndThenOnlyByTheOwner() public {
        vm.prank(nodeA.at);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.OwnerIsNotSender.selector, OWNER));
        registry.setOwner(nodeA.at, nodeA.at);
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.OwnerIsNotSender.selector, nodeB.at));
        registry.setOwner(nodeB.at, alice.at);
        vm.prank(OWNER);
        registry.setOwner(nodeA.at, alice.at);
        eq(registry.ownerOf(nodeA.at), alice.at);
    }

    function test_ownerStaysWhenTheNodeLeavesAndReturns() public {
        vm.prank(nodeA.at);
        registry.removeNode();
        registerWith(nodeA, "192.0.2.9", 0);
        eq(registry.ownerOf(nodeA.at), OWNER);
    }

    function test_pricesGoUpToParAndNotAUnitAbove() public {
        NodeRegistry.Prices memory par = NodeRegistry.Prices(976_562, 32_552, 1_000_000, 976_562);
        vm.prank(nodeA.at);
        registry.setPrices(par);
        for (uint256 i = 0; i < 4; ++i) {
            NodeRegistry.Prices memory above = NodeRegistry.Prices(
                par.relayMiB + (i == 0 ? 1 : 0),
                par.storedMiBDay + (i == 1 ? 1 : 0),
                par.gigafuel + (i == 2 ? 1 : 0),
                par.egressMiB + (i == 3 ? 1 : 0)
            );
            vm.prank(nodeA.at);
            vm.expectRevert(NodeRegistry.PriceAbovePar.selector);
            registry.setPrices(above);
        }
        (uint64 relayMiB,,,) = registry.pricesOf(nodeA.at);
        eq(relayMiB, par.relayMiB);
    }

    function test_onlyAListedNodeHasPrices() public {
        NodeRegistry.Prices memory prices = NodeRegistry.Prices(1, 1, 1, 1);
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.WalletHasNoNode.selector, alice.at));
        registry.setPrices(prices);
        vm.prank(nodeA.at);
        registry.setPrices(prices);
        vm.prank(nodeA.at);
        registry.removeNode();
        (uint64 relayMiB,,,) = registry.pricesOf(nodeA.at);
        eq(relayMiB, 0);
    }
}
