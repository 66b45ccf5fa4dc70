// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Money} from "./Money.sol";
import {Settlement} from "../src/Settlement.sol";

contract SettlementTest is Money {
    function test_voucherPaysItsIncreaseOnce() public {
        depositFrom(alice, nodeA.at, 100);
        settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, 30)));
        settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, 30)));
        settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, 20)));
        eq(credit.balanceOf(OWNER), 30);
        settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, 31)));
        eq(credit.balanceOf(OWNER), 31);
        eq(uint256(settlement.channel(alice.at, nodeA.at).balance), 69);
    }

    function test_payoutGoesToTheOwnerWhoeverSendsIt() public {
        depositFrom(alice, nodeA.at, 100);
        Settlement.Voucher[] memory list = one(voucher(alice, nodeA.at, 100));
        vm.prank(nodeA.at); // also a thief who has the device
        settlement.redeem(nodeA.at, list);
        eq(credit.balanceOf(OWNER), 100);
        eq(credit.balanceOf(nodeA.at), 0);
    }

    function test_whatIsPromisedBeyondTheBalanceIsPaidAfterTheNextDeposit() public {
        depositFrom(alice, nodeA.at, 100);
        Settlement.Voucher[] memory list = one(voucher(alice, nodeA.at, 150));
        settlement.redeem(nodeA.at, list);
        eq(credit.balanceOf(OWNER), 100);
        depositFrom(alice, nodeA.at, 100);
        settlement.redeem(nodeA.at, list);
        eq(credit.balanceOf(OWNER), 150);
        eq(uint256(settlement.channel(alice.at, nodeA.at).redeemed), 150);
    }

    function test_voucherOfAnotherSignerPayeeContractOrChainIsRefused() public {
        depositFrom(alice, nodeA.at, 100);
        Settlement.Voucher memory forged = voucher(bob, nodeA.at, 50);
        forged.payer = alice.at;
        refuses(nodeA.at, forged);
        refuses(nodeA.at, voucher(alice, nodeB.at, 50));
        Settlement other = new Settlement(credit);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(alice.key, other.voucherDigest(alice.at, nodeA.at, 50, keccak256("root")));
        refuses(nodeA.at, Settlement.Voucher(alice.at, 50, keccak256("root"), abi.encodePacked(r, s, v)));
        vm.chainId(7);
        Settlement.Voucher memory elsewhere = voucher(alice, nodeA.at, 50);
        vm.chainId(1);
        refuses(nodeA.at, elsewhere);
        Settlement.Voucher memory more = voucher(alice, nodeA.at, 50);
        more.cumulative = 51;
        refuses(nodeA.at, more);
        eq(uint256(settlement.channel(alice.at, nodeA.at).balance), 100);
    }

    function refuses(address payee, Settlement.Voucher memory v) private {
        try settlement.redeem(payee, one(v)) {
            revert("a forged voucher was paid");
        } catch (bytes memory why) {
            eq(bytes32(bytes4(why)), bytes32(Settlement.SignerIsNotPayer.selector));
        }
    }

    function test_batchPaysAllInOneAndOneForgeryRefusesAll() public {
        depositFrom(alice, nodeA.at, 100);
        depositFrom(bob, nodeA.at, 100);
        Settlement.Voucher[] memory list = new Settlement.Voucher[](3);
        list[0] = voucher(alice, nodeA.at, 10);
        list[1] = voucher(bob, nodeA.at, 20);
        list[2] = voucher(nodeC, nodeA.at, 5); // has no channel: passed over
        eq(settlement.redeem(nodeA.at, list), 30);
        list[0] = voucher(alice, nodeA.at, 11);
        list[1] = voucher(nodeC, nodeA.at, 30);
        list[1].payer = bob.at;
        try settlement.redeem(nodeA.at, list) {
            revert("a batch with a forgery was paid");
        } catch (bytes memory why) {
            eq(bytes32(bytes4(why)), bytes32(Settlement.SignerIsNotPayer.selector));
        }
        eq(credit.balanceOf(OWNER), 30);
        eq(settlement.redeem(nodeA.at, new Settlement.Voucher[](0)), 0);
    }

    function test_payerGetsTheRestAfterTheDelayAndNotASecondEarlier() public {
        depositFrom(alice, nodeA.at, 100);
        vm.expectRevert(abi.encodeWithSelector(Settlement.ExitNotDue.selector, 0));
        settlement.exit(alice.at, nodeA.at);
        vm.prank(alice.at);
        settlement.requestExit(nodeA.at, 60);
        uint64 due = settlement.channel(alice.at, nodeA.at).exitAt;
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(Settlement.ExitNotDue.selector, due));
        settlement.exit(alice.at, nodeA.at);
        vm.warp(due);
        settlement.exit(alice.at, nodeA.at);
        eq(credit.balanceOf(alice.at), 60);
        vm.expectRevert(abi.encodeWithSelector(Settlement.ExitNotDue.selector, 0));
        settlement.exit(alice.at, nodeA.at);
    }

    function test_payeeRedeemsBeforeThePayerLeaves() public {
        depositFrom(alice, nodeA.at, 100);
        vm.prank(alice.at);
        settlement.requestExit(nodeA.at, 100);
        settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, 70)));
        vm.warp(block.timestamp + settlement.EXIT_DELAY_SECONDS());
        eq(uint256(settlement.exit(alice.at, nodeA.at)), 30);
        eq(credit.balanceOf(OWNER), 70);
    }

    /// Why a payee counts the balance less what was asked back, however long ago.
    function test_exitThatWasAskedForLongAgoIsDueAtAnyMoment() public {
        depositFrom(alice, nodeA.at, 100);
        vm.prank(alice.at);
        settlement.requestExit(nodeA.at, 100);
        vm.warp(block.timestamp + 365 days);
        settlement.exit(alice.at, nodeA.at);
        eq(settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, 100))), 0);
    }

    function test_exitIsTakenBackByAskingForNothing() public {
        depositFrom(alice, nodeA.at, 100);
        vm.prank(alice.at);
        settlement.requestExit(nodeA.at, 100);
        vm.prank(alice.at);
        settlement.requestExit(nodeA.at, 0);
        vm.warp(block.timestamp + 365 days);
        vm.expectRevert(abi.encodeWithSelector(Settlement.ExitNotDue.selector, 0));
        settlement.exit(alice.at, nodeA.at);
    }

    function test_nobodyAsksForAnothersDeposit() public {
        depositFrom(alice, nodeA.at, 100);
        vm.prank(bob.at);
        settlement.requestExit(nodeA.at, 100);
        vm.warp(block.timestamp + 365 days);
        eq(uint256(settlement.exit(bob.at, nodeA.at)), 0);
        eq(uint256(settlement.channel(alice.at, nodeA.at).balance), 100);
    }

    function test_depositOfANodeComesBackToItsOwner() public {
        depositFrom(nodeA, nodeB.at, 100);
        vm.prank(nodeA.at);
        settlement.requestExit(nodeB.at, 100);
        vm.warp(block.timestamp + settlement.EXIT_DELAY_SECONDS());
        settlement.exit(nodeA.at, nodeB.at);
        eq(credit.balanceOf(OWNER), 100);
    }

    function testFuzz_sumsAgreeWhateverIsRedeemed(uint64 deposited, uint64[8] memory cumulatives) public {
        depositFrom(alice, nodeA.at, uint128(deposited) + 1);
        uint256 highest = 0;
        for (uint256 i = 0; i < cumulatives.length; ++i) {
            settlement.redeem(nodeA.at, one(voucher(alice, nodeA.at, cumulatives[i])));
            highest = cumulatives[i] > highest ? cumulatives[i] : highest;
            uint256 most = uint256(deposited) + 1;
            uint256 expected = highest < most ? highest : most;
            eq(credit.balanceOf(OWNER), expected);
            eq(uint256(settlement.channel(alice.at, nodeA.at).balance), most - expected);
        }
    }
}
