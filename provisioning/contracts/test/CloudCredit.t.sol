// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Money} from "./Money.sol";
import {CloudCredit} from "../src/CloudCredit.sol";

contract CloudCreditTest is Money {
    function test_creditsAreMadeToTheLastUnitOfTheBondAndNotOneMore() public {
        vm.prank(OWNER);
        credit.mint{value: 1 ether}(nodeA.at, alice.at, RATE);
        eq(credit.balanceOf(alice.at), RATE);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(CloudCredit.CapacityExceeded.selector, RATE + 1, RATE));
        credit.mint(nodeA.at, alice.at, 1);
    }

    function test_onlyTheOwnerOfAListedNodeMakesCredits() public {
        vm.deal(nodeA.at, 1 ether);
        vm.prank(nodeA.at);
        vm.expectRevert(abi.encodeWithSelector(CloudCredit.SenderIsNotOwner.selector, OWNER));
        credit.mint{value: 1 ether}(nodeA.at, nodeA.at, 1);
        vm.deal(alice.at, 1 ether);
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(CloudCredit.NodeUnknown.selector, alice.at));
        credit.mint{value: 1 ether}(alice.at, alice.at, 1);
    }

    function test_burningGivesTheBondBack() public {
        give(OWNER, RATE);
        uint256 before = OWNER.balance;
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(CloudCredit.CapacityExceeded.selector, RATE / 2, RATE / 2 - 1));
        credit.release(nodeA.at, RATE / 2, 0.5 ether + 1, payable(OWNER));
        vm.prank(OWNER);
        credit.release(nodeA.at, RATE / 2, 0.5 ether, payable(OWNER));
        eq(OWNER.balance, before + 0.5 ether);
        eq(credit.totalSupply(), RATE / 2);
    }

    function test_onlyTheOwnerTakesBondAsLongAsTheNodeIsListed() public {
        give(alice.at, RATE);
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(CloudCredit.SenderIsNotOwner.selector, OWNER));
        credit.release(nodeA.at, 1, 0, payable(alice.at));
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSelector(CloudCredit.NodeListed.selector, nodeA.at));
        credit.redeemAbandoned(nodeA.at, 1, payable(alice.at));
    }

    function test_bondOfANodeThatLeftIsForWhoeverHoldsCredits() public {
        give(alice.at, RATE);
        vm.prank(nodeA.at);
        registry.removeNode();
        vm.prank(alice.at);
        credit.redeemAbandoned(nodeA.at, RATE / 4, payable(alice.at));
        eq(alice.at.balance, 0.25 ether);
        eq(credit.balanceOf(alice.at), RATE - RATE / 4);
    }

    function test_nobodyTakesMoreOfABondThanItsCreditsOrThanTheyHold() public {
        give(alice.at, RATE);
        vm.prank(nodeA.at);
        registry.removeNode();
        vm.prank(bob.at);
        vm.expectRevert(
            abi.encodeWithSignature("ERC20InsufficientBalance(address,uint256,uint256)", bob.at, 0, 1)
        );
        credit.redeemAbandoned(nodeA.at, 1, payable(bob.at));
        vm.prank(alice.at);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        credit.redeemAbandoned(nodeA.at, RATE + 1, payable(alice.at));
    }

    function test_hasNineDigitsAndAPermit() public {
        eq(uint256(credit.decimals()), 9);
        give(alice.at, 5);
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                alice.at,
                address(settlement),
                5,
                0,
                1 << 40
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            alice.key, keccak256(abi.encodePacked(hex"1901", domain("CONET Cloud Credit", address(credit)), content))
        );
        credit.permit(alice.at, address(settlement), 5, 1 << 40, v, r, s);
        // Somebody was faster with the permit; the deposit goes through all the same.
        vm.prank(alice.at);
        settlement.depositWithPermit(alice.at, nodeA.at, 5, 1 << 40, v, r, s);
        eq(credit.balanceOf(address(settlement)), 5);
    }
}
