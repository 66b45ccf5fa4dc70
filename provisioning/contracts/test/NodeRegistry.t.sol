// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Fixture} from "./Fixture.sol";
import {KeyProofHarness} from "./KeyProofHarness.sol";
import {KeyProof} from "../src/KeyProof.sol";
import {NodeRegistry} from "../src/NodeRegistry.sol";
import {Text} from "../src/Text.sol";

contract NodeRegistryTest is Fixture {
    event NodeRegistered(bytes32 indexed keyIdHash, address indexed wallet, string keyId, string ipAddr);
    event NodeUpdated(bytes32 indexed keyIdHash, address indexed wallet, string ipAddr, string regionName);
    event NodeRemoved(bytes32 indexed keyIdHash, address indexed wallet, string keyId);

    uint256 internal constant DEADLINE = 1_800_000_000;

    function test_answersEveryReadWhenEmpty() public view {
        eq(registry.getAllNodes(0, 100).length, 0);
        eq(registry.getAllNodes(type(uint256).max, type(uint256).max).length, 0);
        (string memory pgp, string memory key) = registry.IP2PGP("a");
        eq(pgp, "");
        eq(key, "");
        eq(registry.ipaddress2owner("a"), address(0));
        eq(registry.ipaddress2owner(""), address(0));
        eq(registry.getPGPKeyIPaddress("a"), "");
        eq(registry.pgpKey2ipaddress("a"), "");
        eq(registry.pgpKeyToPGP("a"), "");
        require(!registry.ipaddressExisting("a") && !registry.ipaddressExisting(""));
        eq(registry.getOwnerIPs(address(this)).length, 0);
        eq(registry.getAllRegions().length, 0);
        eq(registry.getRegionNodes("a").length, 0);
        eq(registry.ip2id("a"), 0);
        eq(registry.id2ip(100), "");
        eq(registry.id2ip(0), "");
        eq(registry.idOwner(100), address(0));
        eq(registry.nodeWalletOf(h("a")), address(0));
        eq(registry.nodeWalletOf(0), address(0));
        eq(registry.nodeKeyIdOf(h("a")), "");
        eq(registry.nodePgpOf(h("a")), "");
        eq(registry.nodeKeyHashOf(address(this)), bytes32(0));
        eq(registry.nodeCount(), 0);
        eq(registry.nonces(address(this)), 0);
    }

    function test_answersEveryReadWhenFilled() public {
        eq(addNode(nodeA, "1.2.3.4", "Madrid.ES"), 100);
        eq(addNode(nodeB, "b.example:8080", "Madrid.ES"), 101);
        eq(addNode(nodeC, "c.example", "Oslo.NO"), 102);

        NodeRegistry.NodeInfo[] memory all = registry.getAllNodes(0, 100);
        eq(all.length, 3);
        eq(all[0].id, 100);
        eq(all[0].PGP, "pgp of 1.2.3.4");
        eq(all[0].PGPKey, keyIdOf(nodeA));
        eq(all[0].ip_addr, "1.2.3.4");
        eq(all[0].regionName, "Madrid.ES");
        eq(all[1].id, 101);
        eq(all[2].id, 102);

        string memory id = keyIdOf(nodeB);
        (string memory pgp, string memory key) = registry.IP2PGP("b.example:8080");
        eq(pgp, "pgp of b.example:8080");
        eq(key, id);
        eq(registry.ipaddress2owner("b.example:8080"), nodeB.at);
        eq(registry.getPGPKeyIPaddress(id), "b.example:8080");
        eq(registry.pgpKey2ipaddress(id), "b.example:8080");
        eq(registry.pgpKeyToPGP(id), "pgp of b.example:8080");
        require(registry.ipaddressExisting("b.example:8080"));
        eq(registry.getOwnerIPs(nodeB.at).length, 1);
        eq(registry.getOwnerIPs(nodeB.at)[0], "b.example:8080");
        eq(registry.getAllRegions().length, 2);
        eq(registry.getAllRegions()[0], "Madrid.ES");
        eq(registry.getRegionNodes("Madrid.ES").length, 2);
        eq(registry.getRegionNodes("Madrid.ES")[1], "b.example:8080");
        eq(registry.ip2id("b.example:8080"), 101);
        eq(registry.id2ip(101), "b.example:8080");
        eq(registry.idOwner(101), nodeB.at);
        eq(registry.nodeWalletOf(h(id)), nodeB.at);
        eq(registry.nodeKeyIdOf(h(id)), id);
        eq(registry.nodePgpOf(h(id)), "pgp of b.example:8080");
        eq(registry.nodeKeyHashOf(nodeB.at), h(id));
        eq(registry.nodeCount(), 3);
    }

    function test_pagesWithoutHoleOrRepeat() public {
        addNode(nodeA, "a", "r");
        addNode(nodeB, "b", "r");
        addNode(nodeC, "c", "r");
        eq(registry.getAllNodes(0, 0).length, 0);
        eq(registry.getAllNodes(0, 2).length, 2);
        eq(registry.getAllNodes(2, 2).length, 1);
        eq(registry.getAllNodes(2, 2)[0].ip_addr, "c");
        eq(registry.getAllNodes(3, 2).length, 0);
        eq(registry.getAllNodes(1, type(uint256).max).length, 2);
    }

    function test_emitsWhatItDid() public {
        string memory id = keyIdOf(nodeA);
        KeyProof.Proof memory proof = nodeProof(nodeA);
        vm.expectEmit(address(registry));
        emit NodeRegistered(h(id), nodeA.at, id, "a");
        vm.prank(nodeA.at);
        registry.registerNode("pgp", "a", "r", proof);
        vm.expectEmit(address(registry));
        emit NodeUpdated(h(id), nodeA.at, "b", "s");
        vm.prank(nodeA.at);
        registry.updateEndpoint("b", "s");
        vm.expectEmit(address(registry));
        emit NodeRemoved(h(id), nodeA.at, id);
        vm.prank(nodeA.at);
        registry.removeNode();
    }

    function test_removalFillsTheHoleWithTheLastAndFreesEverything() public {
        addNode(nodeA, "a", "r");
        addNode(nodeB, "b", "s");
        addNode(nodeC, "c", "r");
        vm.prank(nodeA.at);
        registry.removeNode();

        NodeRegistry.NodeInfo[] memory all = registry.getAllNodes(0, 100);
        eq(all.length, 2);
        eq(all[0].ip_addr, "c");
        eq(all[1].ip_addr, "b");
        eq(registry.getRegionNodes("r").length, 1);
        eq(registry.getRegionNodes("r")[0], "c");
        eq(registry.nodeWalletOf(h(keyIdOf(nodeA))), address(0));
        eq(registry.ipaddress2owner("a"), address(0));
        eq(registry.idOwner(100), address(0));
        eq(registry.nodeKeyHashOf(nodeA.at), bytes32(0));
        eq(addNode(nodeA, "a", "r"), 103); // ids are not used twice
        eq(registry.getAllNodes(2, 1)[0].ip_addr, "a");
    }

    function test_removalOfTheLastAndOfTheOnlyNode() public {
        addNode(nodeA, "a", "r");
        addNode(nodeB, "b", "s");
        vm.prank(nodeB.at);
        registry.removeNode();
        eq(registry.getAllNodes(0, 9)[0].ip_addr, "a");
        eq(registry.getAllRegions().length, 1);
        vm.prank(nodeA.at);
        registry.removeNode();
        eq(registry.getAllNodes(0, 9).length, 0);
        eq(registry.getAllRegions().length, 0);
    }

    /// Any order of entering, moving and leaving keeps the list, the regions and the indexes in step.
    /// forge-config: default.fuzz.runs = 16
    function testFuzz_listAndIndexesAgreeAfterAnyHistory(uint8[24] memory steps) public {
        string[4] memory endpoints = ["e0", "e1", "e2", "e3"];
        string[3] memory regions = ["r0", "r1", "r2"];
        Wallet[3] memory wallets = [nodeA, nodeB, nodeC];
        KeyProof.Proof[3] memory proofs = [nodeProof(nodeA), nodeProof(nodeB), nodeProof(nodeC)];
        for (uint256 i = 0; i < steps.length; ++i) {
            uint256 who = steps[i] % 3;
            string memory endpoint = endpoints[(steps[i] / 3) % 4];
            string memory region = regions[(steps[i] / 12) % 3];
            if (registry.nodeKeyHashOf(wallets[who].at) == 0) {
                vm.prank(wallets[who].at);
                try registry.registerNode("pgp", endpoint, region, proofs[who]) {} catch {}
            } else if (steps[i] > 128) {
                vm.prank(wallets[who].at);
                registry.removeNode();
            } else {
                vm.prank(wallets[who].at);
                try registry.updateEndpoint(endpoint, region) {} catch {}
            }
            agree(wallets);
        }
    }

    function agree(Wallet[3] memory wallets) internal view {
        NodeRegistry.NodeInfo[] memory all = registry.getAllNodes(0, 100);
        eq(all.length, registry.nodeCount());
        uint256 owners = 0;
        for (uint256 i = 0; i < wallets.length; ++i) {
            owners += registry.getOwnerIPs(wallets[i].at).length;
        }
        eq(all.length, owners);
        for (uint256 i = 0; i < all.length; ++i) {
            eq(registry.ip2id(all[i].ip_addr), all[i].id);
            eq(registry.idOwner(all[i].id), registry.nodeWalletOf(h(all[i].PGPKey)));
            for (uint256 j = 0; j < i; ++j) {
                require(all[i].id != all[j].id && h(all[i].ip_addr) != h(all[j].ip_addr));
            }
        }
        uint256 inRegions = 0;
        string[] memory regions = registry.getAllRegions();
        for (uint256 i = 0; i < regions.length; ++i) {
            string[] memory endpoints = registry.getRegionNodes(regions[i]);
            require(endpoints.length > 0, "empty region listed");
            inRegions += endpoints.length;
            for (uint256 j = 0; j < endpoints.length; ++j) {
                eq(regionOf(all, endpoints[j]), regions[i]);
            }
        }
        eq(inRegions, all.length);
    }

    function regionOf(NodeRegistry.NodeInfo[] memory all, string memory endpoint)
        internal
        pure
        returns (string memory)
    {
        for (uint256 i = 0; i < all.length; ++i) {
            if (h(all[i].ip_addr) == h(endpoint)) return all[i].regionName;
        }
        revert("endpoint of no node");
    }

    function test_refusesAProofOfAnotherWalletAlsoWhenCopiedFromTheMempool() public {
        KeyProof.Proof memory proof = nodeProof(nodeA);
        vm.expectRevert(KeyProof.ProofRefused.selector);
        vm.prank(bob.at);
        registry.registerNode("pgp", "a", "r", proof);
        vm.prank(nodeA.at);
        registry.registerNode("pgp", "a", "r", proof);
    }

    function test_refusesAProofMadeForTheRoutingTable() public {
        KeyProof.Proof memory proof = userProof(nodeA);
        vm.expectRevert(KeyProof.ProofRefused.selector);
        vm.prank(nodeA.at);
        registry.registerNode("pgp", "a", "r", proof);
    }

    function test_refusesASecondNodeOfAWalletAKeyOrAnEndpoint() public {
        addNode(nodeA, "a", "r");
        KeyProof.Proof memory again = prove(nodeB.secret, 1, address(registry), nodeA.at);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.WalletHasNode.selector, nodeA.at));
        vm.prank(nodeA.at);
        registry.registerNode("pgp", "b", "r", again);

        KeyProof.Proof memory sameKey = prove(nodeA.secret, 1, address(registry), nodeB.at);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.KeyIdTaken.selector, keyIdOf(nodeA)));
        vm.prank(nodeB.at);
        registry.registerNode("pgp", "b", "r", sameKey);

        KeyProof.Proof memory proof = nodeProof(nodeB);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.EndpointTaken.selector, "a"));
        vm.prank(nodeB.at);
        registry.registerNode("pgp", "a", "r", proof);
    }

    function test_onlyTheOwnerMovesOrRemovesANode() public {
        addNode(nodeA, "a", "r");
        addNode(nodeB, "b", "r");
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.WalletHasNoNode.selector, bob.at));
        vm.prank(bob.at);
        registry.updateEndpoint("x", "r");
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.WalletHasNoNode.selector, bob.at));
        vm.prank(bob.at);
        registry.removeNode();
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.EndpointTaken.selector, "a"));
        vm.prank(nodeB.at);
        registry.updateEndpoint("a", "r");
        eq(registry.ipaddress2owner("a"), nodeA.at);
    }

    function test_mayMoveToItsOwnEndpoint() public {
        addNode(nodeA, "a", "r");
        vm.prank(nodeA.at);
        registry.updateEndpoint("a", "s");
        eq(registry.getAllNodes(0, 1)[0].regionName, "s");
    }

    function content(Wallet memory w, string memory endpoint, uint256 nonce) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                registry.REGISTER_NODE_TYPEHASH(), w.at, h("pgp"), h(endpoint), h("r"), h(keyIdOf(w)), nonce, DEADLINE
            )
        );
    }

    function sign(Wallet memory w, string memory endpoint, uint256 nonce) internal view returns (bytes memory) {
        return signed(w, domain("ConetNodeRegistry", address(registry)), content(w, endpoint, nonce));
    }

    function test_anyoneMayCarryASignedRegistration() public {
        bytes memory sig = sign(nodeA, "a", 0);
        KeyProof.Proof memory proof = nodeProof(nodeA);
        vm.prank(bob.at);
        eq(registry.registerNodeBySig(nodeA.at, "pgp", "a", "r", proof, DEADLINE, sig), 100);
        eq(registry.idOwner(100), nodeA.at);
        eq(registry.nonces(nodeA.at), 1);
    }

    function test_refusesASignatureShownAgain() public {
        bytes memory sig = sign(nodeA, "a", 0);
        KeyProof.Proof memory proof = nodeProof(nodeA);
        registry.registerNodeBySig(nodeA.at, "pgp", "a", "r", proof, DEADLINE, sig);
        vm.prank(nodeA.at);
        registry.removeNode();
        (bool ok,) = address(registry).call(
            abi.encodeCall(registry.registerNodeBySig, (nodeA.at, "pgp", "a", "r", proof, DEADLINE, sig))
        );
        require(!ok);
        eq(registry.nodeCount(), 0);
    }

    function test_refusesASignatureThatIsLateForeignOrOverOtherWords() public {
        bytes memory sig = sign(nodeA, "a", 0);
        KeyProof.Proof memory proof = nodeProof(nodeA);
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.SignatureExpired.selector, DEADLINE));
        registry.registerNodeBySig(nodeA.at, "pgp", "a", "r", proof, DEADLINE, sig);
        vm.warp(DEADLINE);

        bytes memory bobs = signed(bob, domain("ConetNodeRegistry", address(registry)), content(nodeA, "a", 0));
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.SignerIsNotWallet.selector, bob.at));
        registry.registerNodeBySig(nodeA.at, "pgp", "a", "r", proof, DEADLINE, bobs);

        bool ok;
        (ok,) = address(registry).call(
            abi.encodeCall(registry.registerNodeBySig, (nodeA.at, "pgp", "evil", "r", proof, DEADLINE, sig))
        );
        require(!ok);
        (ok,) = address(registry).call(
            abi.encodeCall(registry.registerNodeBySig, (nodeA.at, "pgp", "a", "r", proof, DEADLINE + 1, sig))
        );
        require(!ok);
        eq(registry.nonces(nodeA.at), 0);
        registry.registerNodeBySig(nodeA.at, "pgp", "a", "r", proof, DEADLINE, sig); // the very last second
    }

    function tryNode(string memory pgp, string memory endpoint, string memory region) internal returns (bool ok) {
        KeyProof.Proof memory proof = nodeProof(nodeA);
        vm.prank(nodeA.at);
        (ok,) = address(registry).call(abi.encodeCall(registry.registerNode, (pgp, endpoint, region, proof)));
        if (ok) {
            vm.prank(nodeA.at);
            registry.removeNode();
        }
    }

    function test_acceptsTextsOfExactlyTheLimitsAndNotOneMore() public {
        require(tryNode(times("A", 8192), "a", "r"));
        require(!tryNode(times("A", 8193), "a", "r"));
        require(tryNode("A", "a", "r"));
        require(!tryNode("", "a", "r"));
        require(tryNode("A", times("a", 255), "r"));
        require(!tryNode("A", times("a", 256), "r"));
        require(!tryNode("A", "", "r"));
        require(tryNode("A", "a", times("r", 64)));
        require(!tryNode("A", "a", times("r", 65)));
        require(!tryNode("A", "a", ""));
    }

    function test_refusesTextThatWouldBreakAReader() public {
        require(!tryNode(unicode"é", "a", "r"));
        require(!tryNode(string.concat(times("A", 32), unicode"é"), "a", "r"));
        require(!tryNode("A", "a", unicode"Málaga"));
        require(!tryNode("A", "a", "a\nb"));
        require(!tryNode("A", "a", hex"7f"));
        require(!tryNode("A", "a", string(abi.encodePacked(bytes1(0xff)))));
    }

    function test_returnsLongTextsByteForByte() public {
        KeyProof.Proof memory proof = nodeProof(nodeA);
        for (uint256 length = 1; length <= 70; ++length) {
            vm.prank(nodeA.at);
            registry.registerNode(times("Z", length), "a", "r", proof);
            eq(registry.getAllNodes(0, 1)[0].PGP, times("Z", length));
            vm.prank(nodeA.at);
            registry.removeNode();
        }
    }
}

contract EndpointTest is Fixture {
    KeyProofHarness internal harness = new KeyProofHarness();

    function test_acceptsTheOneSpellingOfAnEndpoint() public view {
        string[9] memory good = ["1.2.3.4", "1.2.3.4:1", "h:65535", "a-b.c9", "h:8080", "h:443", "9", "x:81", "a.b.c"];
        for (uint256 i = 0; i < good.length; ++i) {
            harness.requireEndpoint(good[i]);
        }
    }

    function test_refusesEveryOther() public {
        string[20] memory bad = [
            "h:80", "h:080", "h:0", "h:65536", "h:99999", "h:123456", "h:", ":80", ":", "H", "a..b", ".a", "a.",
            "a b", "a_b", "a/b", "h:1:2", "h:1a", "[::1]", "a.:81"
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(Text.TextCharacterRefused.selector);
            harness.requireEndpoint(bad[i]);
        }
    }

    function testFuzz_asciiIsJudgedByEveryByte(bytes memory data) public view {
        bool ascii = true;
        for (uint256 i = 0; i < data.length; ++i) {
            if (uint8(data[i]) > 127) ascii = false;
        }
        (bool ok,) = address(harness).staticcall(abi.encodeCall(harness.requireAscii, (string(data))));
        require(ok == ascii);
    }

    function test_asciiIsJudgedAtEveryPositionAndNotBeyondTheEnd() public view {
        for (uint256 length = 1; length <= 65; ++length) {
            bytes memory data = bytes(times("a", length));
            harness.requireAscii(string(data));
            for (uint256 i = 0; i < length; ++i) {
                data[i] = 0x80;
                (bool ok,) = address(harness).staticcall(abi.encodeCall(harness.requireAscii, (string(data))));
                require(!ok);
                data[i] = "a";
            }
        }
    }
}
