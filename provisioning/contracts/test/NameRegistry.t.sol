// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Base} from "./Base.sol";
import {NameRegistry} from "../src/NameRegistry.sol";

contract NameRegistryTest is Base {
    uint256 private constant DEPOSIT = 0.01 ether;
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);
    bytes32 private constant SECRET = keccak256("secret");

    NameRegistry private names;

    receive() external payable {}

    function setUp() public {
        vm.warp(1_700_000_000);
        names = new NameRegistry(DEPOSIT);
        vm.deal(address(this), 100 ether);
    }

    function commit(string memory label, address holder) private {
        names.commit(names.commitmentOf(label, holder, SECRET));
    }

    function take(string memory label, address holder) private returns (bytes32) {
        commit(label, holder);
        vm.warp(block.timestamp + 60);
        return names.register{value: names.depositOf(label)}(label, holder, SECRET);
    }

    function test_nameIsItsHoldersAndPointsToIt() public {
        bytes32 node = take("alice", ALICE);
        eq(names.owner(node), ALICE);
        eq(names.addr(node), ALICE);
        eq(names.resolver(node), address(names));
        eq(address(names).balance, DEPOSIT);
    }

    function test_commitmentIsGoodFromAMinuteToADay() public {
        commit("alice", ALICE);
        uint256 at = block.timestamp;
        vm.warp(at + 59);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.CommitmentAge.selector, at));
        names.register{value: DEPOSIT}("alice", ALICE, SECRET);
        vm.warp(at + 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.CommitmentAge.selector, at));
        names.register{value: DEPOSIT}("alice", ALICE, SECRET);
        vm.warp(at + 1 days);
        names.register{value: DEPOSIT}("alice", ALICE, SECRET);
    }

    function test_commitmentCannotBeMadeYoungerAndCanBeMadeAgainWhenItIsTooOld() public {
        bytes32 commitment = names.commitmentOf("alice", ALICE, SECRET);
        names.commit(commitment);
        uint256 at = block.timestamp;
        vm.warp(at + 1 days);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.CommitmentPending.selector, at));
        names.commit(commitment);
        vm.warp(at + 1 days + 1);
        names.commit(commitment);
    }

    function test_whoSeesTheSecretCannotTakeTheNameForThemselves() public {
        commit("alice", ALICE);
        vm.warp(block.timestamp + 60);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.CommitmentAge.selector, 0));
        names.register{value: DEPOSIT}("alice", BOB, SECRET);
        names.register{value: DEPOSIT}("alice", ALICE, SECRET); // sent by anyone, it is hers
        eq(names.owner(nodeOf("alice")), ALICE);
    }

    function test_nameIsTakenOnce() public {
        bytes32 node = take("alice", ALICE);
        commit("alice", BOB);
        vm.warp(block.timestamp + 60);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.NameTaken.selector, node));
        names.register{value: DEPOSIT}("alice", BOB, SECRET);
    }

    function test_depositIsByLengthAndExact() public {
        eq(names.depositOf("abc"), 100 * DEPOSIT);
        eq(names.depositOf("abcd"), 10 * DEPOSIT);
        eq(names.depositOf("abcde"), DEPOSIT);
        commit("abcd", ALICE);
        vm.warp(block.timestamp + 60);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 wrong = 10 * DEPOSIT + i * 2 - 1;
            vm.expectRevert(abi.encodeWithSelector(NameRegistry.WrongDeposit.selector, wrong, 10 * DEPOSIT));
            names.register{value: wrong}("abcd", ALICE, SECRET);
        }
    }

    function test_labelsLookLikeNothingElse() public {
        string[4] memory good = ["abc", "a-b", "0a1", "a-b-c-0"];
        for (uint256 i = 0; i < good.length; ++i) {
            take(good[i], ALICE);
        }
        take(times("a", 32), ALICE);
        string[11] memory bad =
            ["ab", "Abc", "-bc", "ab-", "a--b", "0xab", "a.b", "a b", "a_b", unicode"äbc", "abc\x00"];
        for (uint256 i = 0; i < bad.length; ++i) {
            refusesLabel(bad[i]);
        }
        refusesLabel(times("a", 33));
    }

    function refusesLabel(string memory label) private {
        vm.expectRevert(NameRegistry.LabelRefused.selector);
        names.register{value: 100 * DEPOSIT}(label, ALICE, SECRET);
    }

    function test_givenUpNameBringsItsDepositBackAndRests() public {
        bytes32 node = take("alice", ALICE);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.SenderIsNotOwner.selector, ALICE));
        names.release(node, payable(BOB));
        vm.prank(ALICE);
        names.release(node, payable(BOB));
        eq(BOB.balance, DEPOSIT);
        eq(names.addr(node), address(0));
        uint256 rests = block.timestamp + 90 days;
        commit("alice", BOB);
        vm.warp(block.timestamp + 60);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.NameRests.selector, rests));
        names.register{value: DEPOSIT}("alice", BOB, SECRET);
        vm.warp(rests);
        take("alice", BOB);
    }

    function test_handedOverNameKeepsWhereItPointsUntilItsNewOwnerSaysOtherwise() public {
        bytes32 node = take("alice", ALICE);
        vm.prank(ALICE);
        names.setText(node, "url", "https://example.org");
        vm.prank(ALICE);
        vm.expectRevert(NameRegistry.OwnerIsZero.selector);
        names.setOwner(node, address(0));
        vm.prank(ALICE);
        names.setOwner(node, BOB);
        eq(names.addr(node), ALICE);
        eq(names.text(node, "url"), "");
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(NameRegistry.SenderIsNotOwner.selector, BOB));
        names.setAddr(node, ALICE);
        vm.prank(BOB);
        names.setAddr(node, BOB);
        vm.prank(BOB);
        names.release(node, payable(BOB));
        eq(BOB.balance, DEPOSIT);
    }

    function test_walletGoesByANameItSays() public {
        vm.prank(ALICE);
        bytes32 node = names.setName("alice.conet");
        eq(node, names.reverseNodeOf(ALICE));
        eq(names.name(node), "alice.conet");
        eq(names.resolver(node), address(names));
        eq(names.resolver(names.reverseNodeOf(BOB)), address(0));
    }

    function test_saysWhatItSupports() public view {
        require(names.supportsInterface(0x3b3b57de) && names.supportsInterface(0x691f3431), "addr, name");
        require(!names.supportsInterface(0xffffffff), "EIP-165");
    }

    function nodeOf(string memory label) private view returns (bytes32) {
        return keccak256(abi.encodePacked(names.ROOT_NODE(), h(label)));
    }
}
