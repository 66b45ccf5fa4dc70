// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Money} from "./Money.sol";
import {Uptime} from "../src/Uptime.sol";

contract UptimeTest is Money {
    Uptime private uptime;
    bytes32 private leafA;
    bytes32 private leafB;

    function setUp() public override {
        super.setUp();
        uptime = new Uptime(credit);
    }

    /// A round of 100 with 60 for node A and 40 for node B.
    function openRound() private returns (uint256 id) {
        give(alice.at, 100);
        vm.prank(alice.at);
        credit.approve(address(uptime), 100);
        vm.prank(alice.at);
        id = uptime.open(1000, 2000, 100);
        leafA = uptime.leafOf(id, nodeA.at, 500, 60);
        leafB = uptime.leafOf(id, nodeB.at, 400, 40);
    }

    function root() private view returns (bytes32) {
        return leafA < leafB ? keccak256(abi.encode(leafA, leafB)) : keccak256(abi.encode(leafB, leafA));
    }

    function proof(bytes32 sibling) private pure returns (bytes32[] memory p) {
        p = new bytes32[](1);
        p[0] = sibling;
    }

    function test_eachNodeIsPaidOnceToItsOwner() public {
        uint256 id = openRound();
        vm.expectRevert(abi.encodeWithSelector(Uptime.RootNotPosted.selector, id));
        uptime.claim(id, nodeA.at, 500, 60, proof(leafB));
        vm.prank(alice.at);
        uptime.post(id, root());
        uptime.claim(id, nodeA.at, 500, 60, proof(leafB));
        eq(credit.balanceOf(OWNER), 60);
        vm.expectRevert(abi.encodeWithSelector(Uptime.ClaimedBefore.selector, id, nodeA.at));
        uptime.claim(id, nodeA.at, 500, 60, proof(leafB));
        uptime.claim(id, nodeB.at, 400, 40, proof(leafA));
        eq(credit.balanceOf(nodeB.at), 40);
    }

    function test_claimOfAnotherNodeAmountEpochsOrRoundIsRefused() public {
        uint256 id = openRound();
        vm.prank(alice.at);
        uptime.post(id, root());
        bytes32[] memory p = proof(leafB);
        vm.expectRevert(abi.encodeWithSelector(Uptime.ProofRefused.selector, id, nodeC.at));
        uptime.claim(id, nodeC.at, 500, 60, p);
        vm.expectRevert(abi.encodeWithSelector(Uptime.ProofRefused.selector, id, nodeA.at));
        uptime.claim(id, nodeA.at, 500, 61, p);
        vm.expectRevert(abi.encodeWithSelector(Uptime.ProofRefused.selector, id, nodeA.at));
        uptime.claim(id, nodeA.at, 501, 60, p);
        bytes32 posted = root();
        uint256 other = openRound();
        vm.prank(alice.at);
        uptime.post(other, posted);
        vm.expectRevert(abi.encodeWithSelector(Uptime.ProofRefused.selector, other, nodeA.at));
        uptime.claim(other, nodeA.at, 500, 60, p);
    }

    function test_rootIsPostedOnceAndByTheSponsor() public {
        uint256 id = openRound();
        vm.prank(bob.at);
        vm.expectRevert(abi.encodeWithSelector(Uptime.SponsorIsNotSender.selector, alice.at));
        uptime.post(id, root());
        vm.prank(alice.at);
        uptime.post(id, root());
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(Uptime.RootPostedBefore.selector, id));
        uptime.post(id, bytes32(0));
    }

    function test_sponsorGetsTheRestWhenClaimsEndAndNotASecondEarlier() public {
        uint256 id = openRound();
        vm.prank(alice.at);
        uptime.post(id, root());
        uptime.claim(id, nodeA.at, 500, 60, proof(leafB));
        uint64 until = uptime.round(id).claimUntil;
        vm.warp(until - 1);
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(Uptime.ClaimsOpen.selector, until));
        uptime.close(id);
        vm.warp(until);
        vm.prank(alice.at);
        uptime.close(id);
        eq(credit.balanceOf(alice.at), 40);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        uptime.claim(id, nodeB.at, 400, 40, proof(leafA));
    }

    function test_roundThatWasClosedUnpostedIsNeverPosted() public {
        uint256 id = openRound();
        vm.prank(alice.at);
        uptime.close(id);
        eq(credit.balanceOf(alice.at), 100);
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(Uptime.RootPostedBefore.selector, id));
        uptime.post(id, root());
    }

    function test_roundThatPromisesTooMuchPaysWhatItHasAndNothingOfAnothers() public {
        uint256 id = openRound();
        openRound();
        leafA = uptime.leafOf(id, nodeA.at, 500, 100);
        leafB = uptime.leafOf(id, nodeB.at, 400, 1);
        vm.prank(alice.at);
        uptime.post(id, root());
        uptime.claim(id, nodeA.at, 500, 100, proof(leafB));
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        uptime.claim(id, nodeB.at, 400, 1, proof(leafA));
    }

    function test_refusesEpochsThatEndBeforeTheyBegin() public {
        vm.expectRevert(abi.encodeWithSelector(Uptime.EpochsRefused.selector, 2, 1));
        uptime.open(2, 1, 0);
        uptime.open(2, 2, 0);
    }
}
