// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Money} from "./Money.sol";
import {Base} from "./Base.sol";
import {CloudCredit} from "../src/CloudCredit.sol";
import {NameRegistry} from "../src/NameRegistry.sol";
import {NodeRegistry} from "../src/NodeRegistry.sol";
import {Settlement} from "../src/Settlement.sol";

/// Does anything that anybody could, in any order; keeps its own account of what must have come of it.
contract MoneyHandler is Base {
    struct Line {
        uint256 deposited;
        uint256 exited;
        uint256 highest; // voucher signed
    }

    NodeRegistry private immutable registry;
    CloudCredit private immutable credit;
    Settlement private immutable settlement;
    NameRegistry private immutable names;
    address[] public nodes;
    uint256[] public keys; // of payers
    mapping(address payer => mapping(address payee => Line)) public lines;
    mapping(address => uint256) public receivedByOwner;
    bytes32[] public takenNames;
    mapping(bytes32 => address) public holderOf;
    uint256 private serial;

    constructor(NodeRegistry r, CloudCredit c, Settlement s, NameRegistry n, address[] memory nodes_) {
        (registry, credit, settlement, names, nodes) = (r, c, s, n, nodes_);
        for (uint256 i = 1; i <= 3; ++i) {
            keys.push(1000 + i);
        }
    }

    function payer(uint256 seed) private view returns (address at, uint256 key) {
        key = keys[seed % keys.length];
        at = vm.addr(key);
    }

    function ownerOf(address node) private view returns (address owner) {
        owner = registry.ownerOf(node);
        if (owner == address(0)) owner = node;
    }

    function mint(uint256 nodeSeed, uint256 toSeed, uint96 coin, uint96 nanocredits) external {
        address node = nodes[nodeSeed % nodes.length];
        (address to,) = payer(toSeed);
        address owner = ownerOf(node);
        vm.deal(owner, owner.balance + coin);
        vm.prank(owner);
        try credit.mint{value: coin}(node, to, nanocredits) {} catch {}
    }

    function release(uint256 nodeSeed, uint96 nanocredits, uint96 coin) external {
        address node = nodes[nodeSeed % nodes.length];
        vm.prank(ownerOf(node));
        try credit.release(node, nanocredits, coin, payable(ownerOf(node))) {} catch {}
    }

    function abandonedIsTaken(uint256 nodeSeed, uint256 bySeed, uint96 nanocredits) external {
        (address by,) = payer(bySeed);
        vm.prank(by);
        try credit.redeemAbandoned(nodes[nodeSeed % nodes.length], nanocredits, payable(by)) {} catch {}
    }

    function leave(uint256 nodeSeed) external {
        vm.prank(nodes[nodeSeed % nodes.length]);
        try registry.removeNode() {} catch {}
    }

    function returnBond(uint256 nodeSeed) external {
        try registry.returnBond(nodes[nodeSeed % nodes.length]) {} catch {}
    }

    function wait_(uint32 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 10 days);
    }

    function deposit(uint256 payerSeed, uint256 nodeSeed, uint96 amount) external {
        (address from,) = payer(payerSeed);
        address node = nodes[nodeSeed % nodes.length];
        uint256 has = credit.balanceOf(from);
        if (has == 0) return;
        uint128 some = uint128(uint256(amount) % has + 1);
        vm.prank(from);
        credit.approve(address(settlement), some);
        vm.prank(from);
        settlement.deposit(from, node, some);
        lines[from][node].deposited += some;
    }

    function redeem(uint256 payerSeed, uint256 nodeSeed, uint96 cumulative) external {
        (address from, uint256 key) = payer(payerSeed);
        address node = nodes[nodeSeed % nodes.length];
        Settlement.Voucher[] memory list = new Settlement.Voucher[](1);
        uint128 promised = uint128(uint256(cumulative) % (2 * lines[from][node].deposited + 2));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, settlement.voucherDigest(from, node, promised, bytes32(serial++)));
        list[0] = Settlement.Voucher(from, promised, bytes32(serial - 1), abi.encodePacked(r, s, v));
        if (promised > lines[from][node].highest) lines[from][node].highest = promised;
        address to = settlement.payoutOf(node);
        uint256 before = credit.balanceOf(to);
        settlement.redeem(node, list);
        receivedByOwner[to] += credit.balanceOf(to) - before;
    }

    function forge(uint256 payerSeed, uint256 nodeSeed, uint96 cumulative) external {
        (address from,) = payer(payerSeed);
        (, uint256 otherKey) = payer(payerSeed % keys.length + 1);
        address node = nodes[nodeSeed % nodes.length];
        Settlement.Voucher[] memory list = new Settlement.Voucher[](1);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(otherKey, settlement.voucherDigest(from, node, cumulative, bytes32(0)));
        list[0] = Settlement.Voucher(from, cumulative, bytes32(0), abi.encodePacked(r, s, v));
        try settlement.redeem(node, list) returns (uint256 paid) {
            require(paid == 0, "a forged voucher was paid");
        } catch {}
    }

    function requestExit(uint256 payerSeed, uint256 nodeSeed, uint96 amount) external {
        (address from,) = payer(payerSeed);
        vm.prank(from);
        settlement.requestExit(nodes[nodeSeed % nodes.length], amount);
    }

    function exit(uint256 payerSeed, uint256 nodeSeed) external {
        (address from,) = payer(payerSeed);
        address node = nodes[nodeSeed % nodes.length];
        try settlement.exit(from, node) returns (uint128 amount) {
            lines[from][node].exited += amount;
        } catch {}
    }

    function takeName(uint256 holderSeed, uint8 which) external {
        (address holder,) = payer(holderSeed);
        string memory label = string.concat("name-", string(abi.encodePacked(bytes1(uint8(97 + which % 5)))));
        bytes32 secret = bytes32(serial++);
        names.commit(names.commitmentOf(label, holder, secret));
        vm.warp(block.timestamp + 60);
        uint256 due = names.depositOf(label);
        vm.deal(address(this), due);
        try names.register{value: due}(label, holder, secret) returns (bytes32 node) {
            require(holderOf[node] == address(0), "a name was taken from its owner");
            holderOf[node] = holder;
            takenNames.push(node);
        } catch {}
    }

    function handOver(uint256 bySeed, uint256 toSeed, uint256 which) external {
        if (takenNames.length == 0) return;
        bytes32 node = takenNames[which % takenNames.length];
        (address by,) = payer(bySeed);
        (address to,) = payer(toSeed);
        vm.prank(by);
        try names.setOwner(node, to) {
            require(holderOf[node] == by, "somebody else's name was handed over");
            holderOf[node] = to;
        } catch {}
    }

    function giveUp(uint256 bySeed, uint256 which) external {
        if (takenNames.length == 0) return;
        bytes32 node = takenNames[which % takenNames.length];
        (address by,) = payer(bySeed);
        vm.prank(by);
        try names.release(node, payable(by)) {
            require(holderOf[node] == by, "somebody else's name was given up");
            holderOf[node] = address(0);
        } catch {}
    }

    function nameCount() external view returns (uint256) {
        return takenNames.length;
    }

    function payerCount() external view returns (uint256) {
        return keys.length;
    }

    function nodeCount() external view returns (uint256) {
        return nodes.length;
    }
}

contract InvariantsTest is Money {
    NameRegistry private names;
    MoneyHandler private handler;
    address[] private nodes;

    function setUp() public override {
        super.setUp();
        names = new NameRegistry(0.01 ether);
        enter(nodeB, "192.0.2.2");
        nodes.push(nodeA.at);
        nodes.push(nodeB.at);
        handler = new MoneyHandler(registry, credit, settlement, names, nodes);
    }

    /// What forge calls in a random order: nothing but the handler.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_creditsNeverExceedBondedCapacity() public view {
        uint256 bonds;
        uint256 minted;
        for (uint256 i = 0; i < nodes.length; ++i) {
            (uint256 bondWei, uint256 made) = credit.capacityOf(nodes[i]);
            require(made <= bondWei * RATE / 1 ether, "a node made more than its bond is good for");
            bonds += bondWei;
            minted += made;
        }
        eq(credit.totalSupply(), minted);
        eq(address(credit).balance, bonds);
    }

    function invariant_channelsHoldWhatWasDepositedAndNeitherPaidNorTakenBack() public view {
        uint256 sum;
        for (uint256 p = 0; p < handler.payerCount(); ++p) {
            address from = vm.addr(handler.keys(p));
            for (uint256 n = 0; n < nodes.length; ++n) {
                Settlement.Channel memory c = settlement.channel(from, nodes[n]);
                (uint256 deposited, uint256 exited, uint256 highest) = handler.lines(from, nodes[n]);
                eq(deposited, uint256(c.balance) + c.redeemed + exited);
                require(c.redeemed <= highest, "more was paid than promised");
                sum += c.balance;
            }
        }
        eq(credit.balanceOf(address(settlement)), sum);
    }

    function invariant_nameHasTheOwnerItWasGivenAndItsDeposit() public view {
        uint256 held;
        for (uint256 i = 0; i < handler.nameCount(); ++i) {
            bytes32 node = handler.takenNames(i);
            eq(names.owner(node), handler.holderOf(node));
        }
        for (uint8 i = 0; i < 5; ++i) {
            bytes32 label = keccak256(abi.encodePacked("name-", bytes1(97 + i)));
            if (names.owner(keccak256(abi.encodePacked(names.ROOT_NODE(), label))) != address(0)) held++;
        }
        eq(address(names).balance, held * 0.01 ether);
    }

    function invariant_registryHoldsTheBondsOfItsNodes() public view {
        uint256 sum;
        for (uint256 i = 0; i < nodes.length; ++i) {
            (,, uint256 amount) = registry.bondOf(nodes[i]);
            sum += amount;
            if (registry.nodeKeyHashOf(nodes[i]) != bytes32(0)) eq(amount, BOND);
        }
        eq(address(registry).balance, sum);
    }
}
