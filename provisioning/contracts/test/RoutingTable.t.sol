// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Vm} from "./Base.sol";
import {Fixture} from "./Fixture.sol";
import {KeyProof} from "../src/KeyProof.sol";
import {RoutingTable} from "../src/RoutingTable.sol";

contract RoutingTableTest is Fixture {
    event PGPKeySet(address indexed to, string pgpKeyID);
    event RouteSet(address indexed user, bytes32 indexed routeHash, string routePgpKeyID);
    event RouteCleared(address indexed user);

    uint256 internal constant DEADLINE = 1_800_000_000;
    string internal idA;
    string internal idB;

    function setUp() public override {
        super.setUp();
        addNode(nodeA, "a", "r");
        addNode(nodeB, "b", "r");
        idA = keyIdOf(nodeA);
        idB = keyIdOf(nodeB);
    }

    function search(address who, string memory key, string memory pub, string memory route, string memory routePub)
        internal
        view
    {
        (string memory a, string memory b, string memory c, string memory d, bool online) = table.searchKey(who);
        eq(a, key);
        eq(b, pub);
        eq(c, route);
        eq(d, routePub);
        require(!online);
    }

    // ------------------------------------------------------------------------------------------------------ reads

    function test_answersEveryReadWhenEmpty() public {
        search(alice.at, "", "", "", "");
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "user not found"));
        table.getRouteKeyIDByUserPgpKeyID("0123456789ABCDEF");
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "user not found"));
        table.getRouteKeyIDByUserPgpKeyID("");
        eq(table.getUserByPgpKeyID("0123456789ABCDEF"), address(0));
        eq(table.getUserByPgpKeyID(""), address(0));
        eq(table.nodeWallet2KeyHash(alice.at), bytes32(0));
        require(!table.nodeKeyExists(h("x")) && !table.nodeKeyExists(0));
        eq(table.userRouteHash(alice.at), bytes32(0));
        eq(table.nodeKeyHash2Wallet(h("x")), address(0));
        eq(table.nodeKeyIDByHash(h("x")), "");
        eq(table.getRouteKeyIDByAddress(alice.at), "");
        eq(table.getEncryptedPrivateKey(), "");
        eq(table.pgpNonces(alice.at), 0);
        eq(table.routerNonces(alice.at), 0);
    }

    function test_answersEveryReadWhenFilled() public {
        addUser(alice, idA);
        string memory id = keyIdOf(alice);
        search(alice.at, id, "public", idA, "pgp of a");
        eq(table.getRouteKeyIDByUserPgpKeyID(id), idA);
        eq(table.getUserByPgpKeyID(id), alice.at);
        eq(table.userRouteHash(alice.at), h(idA));
        eq(table.getRouteKeyIDByAddress(alice.at), idA);
        eq(table.nodeWallet2KeyHash(nodeA.at), h(idA));
        require(table.nodeKeyExists(h(idA)));
        eq(table.nodeKeyHash2Wallet(h(idA)), nodeA.at);
        eq(table.nodeKeyIDByHash(h(idA)), idA);
        vm.prank(alice.at);
        eq(table.getEncryptedPrivateKey(), "backup");
        eq(table.getEncryptedPrivateKey(), "");
    }

    function test_keyIdsAreComparedInTheirExactCase() public {
        addUser(alice, idA);
        bytes memory lower = bytes(keyIdOf(alice));
        for (uint256 i = 0; i < 16; ++i) {
            if (lower[i] >= "A") lower[i] = bytes1(uint8(lower[i]) + 32);
        }
        eq(table.getUserByPgpKeyID(string(lower)), address(0));
    }

    function test_aUserWithoutRouteHasAnEmptyOne() public {
        addUser(alice, "");
        eq(table.getRouteKeyIDByUserPgpKeyID(keyIdOf(alice)), "");
        search(alice.at, keyIdOf(alice), "public", "", "");
    }

    /// isMyRoute, as existing nodes ask it.
    function isMyRoute(address user, address node) internal view returns (bool) {
        bytes32 hash = table.nodeWallet2KeyHash(node);
        return hash != 0 && table.nodeKeyExists(hash) && table.userRouteHash(user) == hash;
    }

    function test_routeEndsWhenItsNodeLeavesAndRevivesWhenItReturns() public {
        addUser(alice, idA);
        require(isMyRoute(alice.at, nodeA.at) && !isMyRoute(alice.at, nodeB.at) && !isMyRoute(alice.at, bob.at));
        vm.prank(nodeA.at);
        registry.removeNode();
        require(!isMyRoute(alice.at, nodeA.at));
        eq(table.getRouteKeyIDByUserPgpKeyID(keyIdOf(alice)), "");
        search(alice.at, keyIdOf(alice), "public", "", "");
        addNode(nodeA, "elsewhere", "r");
        require(isMyRoute(alice.at, nodeA.at));
        eq(table.getRouteKeyIDByUserPgpKeyID(keyIdOf(alice)), idA);
    }

    // --------------------------------------------------------------------------------------------- registering keys

    function test_emitsWhatItDid() public {
        KeyProof.Proof memory proof = userProof(alice);
        string memory id = idOf(proof);
        vm.expectEmit(address(table));
        emit PGPKeySet(alice.at, id);
        vm.expectEmit(address(table));
        emit RouteSet(alice.at, h(idA), idA);
        vm.prank(alice.at);
        table.registerKey(alice.at, id, "public", "", idA, proof);
        vm.expectEmit(address(table));
        emit RouteCleared(alice.at);
        vm.prank(alice.at);
        table.clearMyRoute();
    }

    function test_eventTopicsAreThoseOfTheExistingContract() public pure {
        eq(PGPKeySet.selector, bytes32(0xa6c3e9098ba3d836571c25656cdd0424abf663ed12dd91fde0adabe236606315));
        eq(RouteSet.selector, bytes32(0x6640810bdca11ee609b9c36628028b5a5746ae570277ba5424024e3881bb08eb));
        eq(RouteCleared.selector, bytes32(0xf13e05d9cb53ed68362bc7ee84fb0c6c651d6493c29a2a2847c4926aeed3258b));
    }

    function test_nobodyRegistersForAnotherWallet() public {
        KeyProof.Proof memory proof = userProof(alice);
        vm.expectRevert(abi.encodeWithSelector(RoutingTable.SenderIsNotWallet.selector, bob.at));
        vm.prank(bob.at);
        table.registerKey(alice.at, idOf(proof), "public", "", "", proof);
    }

    function test_nobodyRegistersAnothersKeyIdWithAProofCopiedFromTheMempool() public {
        KeyProof.Proof memory proof = userProof(alice);
        vm.expectRevert(KeyProof.ProofRefused.selector);
        vm.prank(bob.at);
        table.registerKey(bob.at, idOf(proof), "public", "", idB, proof);
    }

    function test_nobodyRegistersAnothersKeyIdWithAProofOfTheirOwnKey() public {
        KeyProof.Proof memory proof = userProof(bob);
        string memory claimed = keyIdOf(alice);
        vm.expectRevert(abi.encodeWithSelector(RoutingTable.KeyIdNotProven.selector, idOf(proof), claimed));
        vm.prank(bob.at);
        table.registerKey(bob.at, claimed, "public", "", idB, proof);
        eq(table.getUserByPgpKeyID(claimed), address(0));
    }

    function test_refusesAProofMadeForTheNodeRegistry() public {
        KeyProof.Proof memory proof = nodeProof(alice);
        vm.expectRevert(KeyProof.ProofRefused.selector);
        vm.prank(alice.at);
        table.registerKey(alice.at, idOf(proof), "public", "", "", proof);
    }

    /// Also one who holds the private key (a thief, a shared device) cannot move it to another wallet.
    function test_aKeyIdStaysWithItsFirstWallet() public {
        addUser(alice, idA);
        KeyProof.Proof memory proof = prove(alice.secret, 1, address(table), bob.at);
        vm.expectRevert(abi.encodeWithSelector(RoutingTable.KeyIdTaken.selector, idOf(proof)));
        vm.prank(bob.at);
        table.registerKey(bob.at, idOf(proof), "public", "", idB, proof);
    }

    function test_aFormerKeyIdLeadsToThePresentRouteAndCannotBeTaken() public {
        addUser(alice, idA);
        string memory former = keyIdOf(alice);
        Wallet memory next = alice;
        next.secret += 8;
        addUser(next, idB);
        string memory present = keyIdOf(next);
        require(h(former) != h(present));

        search(alice.at, present, "public", idB, "pgp of b");
        eq(table.getUserByPgpKeyID(former), alice.at);
        eq(table.getRouteKeyIDByUserPgpKeyID(former), idB);
        eq(table.getRouteKeyIDByUserPgpKeyID(present), idB);

        KeyProof.Proof memory proof = prove(alice.secret, 1, address(table), bob.at);
        vm.expectRevert(abi.encodeWithSelector(RoutingTable.KeyIdTaken.selector, former));
        vm.prank(bob.at);
        table.registerKey(bob.at, former, "public", "", "", proof);

        addUser(wallet(1), ""); // back to the former key; the route stays
        search(alice.at, former, "public", idB, "pgp of b");
    }

    function tryUser(string memory pub, string memory backup, string memory route) internal returns (bool ok) {
        KeyProof.Proof memory proof = userProof(alice);
        bytes memory call_ = abi.encodeCall(table.registerKey, (alice.at, idOf(proof), pub, backup, route, proof));
        vm.prank(alice.at);
        (ok,) = address(table).call(call_);
    }

    function test_acceptsTextsOfExactlyTheLimitsAndNotOneMore() public {
        require(!tryUser("", "", ""));
        require(!tryUser(times("A", 8193), "", ""));
        require(!tryUser("A", times("A", 8193), ""));
        require(!tryUser(unicode"é", "", ""));
        require(!tryUser("A", unicode"é", ""));
        require(!tryUser("A", "", "0123456789ABCDEF")); // no such node
        eq(table.getUserByPgpKeyID(keyIdOf(alice)), address(0)); // a refused call leaves nothing
        require(tryUser("A", "", ""));
        require(tryUser(times("A", 8192), times("B", 8192), idA));
        search(alice.at, keyIdOf(alice), times("A", 8192), idA, "pgp of a");
    }

    // ----------------------------------------------------------------------------------------- keys by signature

    function addContent(string memory route, uint256 nonce, uint256 deadline) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                0xc98d517cb37fb3eab77327dddf22bf0cb64d077712ca88ad4eabde5087f52ac5,
                alice.at,
                h(keyIdOf(alice)),
                h("public"),
                h(""),
                bytes(route).length == 0 ? bytes32(0) : h(route),
                nonce,
                deadline
            )
        );
    }

    function addSigned(Wallet memory signer, string memory route, uint256 nonce) internal view returns (bytes memory) {
        return signed(signer, domain("AddressPGP", address(table)), addContent(route, nonce, DEADLINE));
    }

    function send(bytes memory sig, string memory pub, string memory route, uint256 deadline) internal returns (bool ok) {
        KeyProof.Proof memory proof = userProof(alice);
        bytes memory call_ = abi.encodeCall(
            table.registerKeyBySig, (alice.at, idOf(proof), pub, "", route, proof, deadline, sig)
        );
        (ok,) = address(table).call(call_);
    }

    function test_anyoneMayCarryASignedKey() public {
        require(send(addSigned(alice, idA, 0), "public", idA, DEADLINE));
        search(alice.at, keyIdOf(alice), "public", idA, "pgp of a");
        eq(table.pgpNonces(alice.at), 1);
        eq(table.routerNonces(alice.at), 0);
        require(send(addSigned(alice, "", 1), "public", "", DEADLINE));
    }

    function test_refusesASignedKeyShownAgain() public {
        bytes memory sig = addSigned(alice, idA, 0);
        require(send(sig, "public", idA, DEADLINE));
        require(!send(sig, "public", idA, DEADLINE));
    }

    function test_refusesASignedKeyThatIsLateForeignOrOverOtherWords() public {
        bytes memory sig = addSigned(alice, idA, 0);
        require(!send(sig, "other", idA, DEADLINE));
        require(!send(sig, "public", idB, DEADLINE));
        require(!send(sig, "public", "", DEADLINE));
        require(!send(sig, "public", idA, DEADLINE + 1));
        require(!send(addSigned(bob, idA, 0), "public", idA, DEADLINE));
        require(!send(addSigned(alice, idA, 1), "public", idA, DEADLINE));
        bytes32 elsewhere = domain("AddressPGP", address(registry));
        require(!send(signed(alice, elsewhere, addContent(idA, 0, DEADLINE)), "public", idA, DEADLINE));
        require(!send("", "public", idA, DEADLINE));
        vm.warp(DEADLINE + 1);
        require(!send(sig, "public", idA, DEADLINE));
        eq(table.pgpNonces(alice.at), 0);
        vm.warp(DEADLINE);
        require(send(sig, "public", idA, DEADLINE));
    }

    function test_refusesASignedKeyWithoutTheProof() public {
        KeyProof.Proof memory proof = userProof(alice);
        string memory id = idOf(proof);
        proof.s ^= 1;
        bytes memory sig = addSigned(alice, idA, 0);
        vm.expectRevert(KeyProof.ProofRefused.selector);
        table.registerKeyBySig(alice.at, id, "public", "", idA, proof, DEADLINE, sig);
    }

    // --------------------------------------------------------------------------------------------------- routes

    function test_refusesARouteToANodeThatIsNotRegistered() public {
        addUser(alice, "");
        string[3] memory unknown = ["0123456789ABCDEF", "", keyIdOf(nodeC)];
        for (uint256 i = 0; i < unknown.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(RoutingTable.UnknownNode.selector, unknown[i]));
            vm.prank(alice.at);
            table.setMyRoute(unknown[i]);
        }
        vm.prank(alice.at);
        table.setMyRoute(idA);
        eq(table.getRouteKeyIDByAddress(alice.at), idA);
    }

    function test_refusesARouteForAWalletWithoutKey() public {
        vm.expectRevert(abi.encodeWithSelector(RoutingTable.UnknownUser.selector, alice.at));
        vm.prank(alice.at);
        table.setMyRoute(idA);
    }

    /// Whatever a node owner or a stranger calls, Alice's entry stays as it was.
    function test_nobodyElseChangesAKeyOrRoute() public {
        addUser(alice, idA);
        addUser(bob, idB);
        addUser(nodeB, idB);
        tryEverything(bob);
        tryEverything(nodeB);
    }

    function tryEverything(Wallet memory who) internal {
        KeyProof.Proof memory proof = userProof(who);
        bytes memory sig = signed(who, domain("AddressPGP", address(table)), routeContent(alice.at, idB, 0, DEADLINE));
        bytes[6] memory calls = [
            abi.encodeCall(table.setMyRoute, (idB)),
            abi.encodeCall(table.clearMyRoute, ()),
            abi.encodeCall(table.setRouteBySig, (alice.at, idB, DEADLINE, sig)),
            abi.encodeCall(table.setRouteBySig, (alice.at, "", DEADLINE, sig)),
            abi.encodeCall(table.registerKey, (alice.at, idOf(proof), "evil", "", idB, proof)),
            abi.encodeWithSignature("setUserRouteToMe(address)", alice.at)
        ];
        string memory aliceId = keyIdOf(alice);
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(who.at);
            (bool ok,) = address(table).call(calls[i]);
            require(ok == (i < 2)); // the first two are about the caller's own route
            search(alice.at, aliceId, "public", idA, "pgp of a");
            eq(table.routerNonces(alice.at), 0);
        }
    }

    function routeContent(address to, string memory route, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                0x737af4a5e830e54da14cb4d0812b0c59d261aabdf1634c0702fae3bba249397d,
                to,
                bytes(route).length == 0 ? bytes32(0) : h(route),
                nonce,
                deadline
            )
        );
    }

    function routeSigned(Wallet memory signer, string memory route, uint256 nonce) internal view returns (bytes memory) {
        return signed(signer, domain("AddressPGP", address(table)), routeContent(alice.at, route, nonce, DEADLINE));
    }

    function sendRoute(string memory route, uint256 deadline, bytes memory sig) internal returns (bool ok) {
        (ok,) = address(table).call(abi.encodeCall(table.setRouteBySig, (alice.at, route, deadline, sig)));
    }

    /// Everybody but the wallet and its own words, in any order, with any bytes for a signature.
    function testFuzz_noOrderOfCallsByOthersMovesARouteOrItsKey(uint256 seed, bytes memory noise) public {
        addUser(alice, idA);
        string memory aliceId = keyIdOf(alice);
        KeyProof.Proof memory proof = userProof(alice);
        Wallet[3] memory others = [bob, nodeA, nodeB];
        for (uint256 i = 0; i < 12; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            Wallet memory who = others[dice % 3];
            string memory route = [idA, idB, ""][(dice >> 8) % 3];
            address to = (dice >> 16) % 2 == 0 ? alice.at : who.at;
            bytes memory sig = [noise, routeSigned(who, route, 0), routeSigned(alice, route, 1)][(dice >> 24) % 3];
            bytes memory call_ = [
                abi.encodeCall(table.setMyRoute, (route)),
                abi.encodeCall(table.clearMyRoute, ()),
                abi.encodeCall(table.setRouteBySig, (to, route, DEADLINE, sig)),
                abi.encodeCall(table.registerKey, (to, aliceId, "evil", "", route, proof)),
                noise
            ][(dice >> 32) % 5];
            vm.prank(who.at);
            (bool ok,) = address(table).call(call_);
            ok; // some are about the caller's own route
            eq(table.userRouteHash(alice.at), h(idA));
            eq(table.getUserByPgpKeyID(aliceId), alice.at);
            search(alice.at, aliceId, "public", idA, "pgp of a");
        }
    }

    function test_anyoneMayCarryASignedRouteAndItsClearing() public {
        addUser(alice, idA);
        require(sendRoute(idB, DEADLINE, routeSigned(alice, idB, 0)));
        eq(table.getRouteKeyIDByAddress(alice.at), idB);
        eq(table.routerNonces(alice.at), 1);
        eq(table.pgpNonces(alice.at), 0);
        require(sendRoute("", DEADLINE, routeSigned(alice, "", 1)));
        eq(table.userRouteHash(alice.at), bytes32(0));
    }

    function test_refusesASignedRouteShownAgainAfterAnother() public {
        addUser(alice, "");
        bytes memory first = routeSigned(alice, idA, 0);
        require(sendRoute(idA, DEADLINE, first));
        require(sendRoute(idB, DEADLINE, routeSigned(alice, idB, 1)));
        require(!sendRoute(idA, DEADLINE, first));
        eq(table.getRouteKeyIDByAddress(alice.at), idB);
    }

    function test_refusesASignedRouteThatIsLateForeignMalleableOrOverOtherWords() public {
        addUser(alice, "");
        bytes memory sig = routeSigned(alice, idA, 0);
        require(!sendRoute(idB, DEADLINE, sig));
        require(!sendRoute("", DEADLINE, sig));
        require(!sendRoute(idA, DEADLINE + 1, sig));
        require(!sendRoute(idA, DEADLINE, routeSigned(bob, idA, 0)));
        require(!sendRoute(idA, DEADLINE, routeSigned(alice, idA, 1)));
        require(!sendRoute(idA, DEADLINE, highS(sig)));
        bytes32 elsewhere = domain("AddressPGP", address(registry));
        require(!sendRoute(idA, DEADLINE, signed(alice, elsewhere, routeContent(alice.at, idA, 0, DEADLINE))));
        string memory nowhere = "0123456789ABCDEF";
        require(!sendRoute(nowhere, DEADLINE, routeSigned(alice, nowhere, 0)));
        vm.chainId(1);
        require(!sendRoute(idA, DEADLINE, sig));
        vm.chainId(31337);
        vm.warp(DEADLINE + 1);
        require(!sendRoute(idA, DEADLINE, sig));
        eq(table.routerNonces(alice.at), 0);
        vm.warp(DEADLINE);
        require(sendRoute(idA, DEADLINE, sig));
    }

    /// The other signature over the same words that secp256k1 allows.
    function highS(bytes memory sig) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s, uint8 v) = (0, 0, uint8(sig[64]));
        assembly ("memory-safe") {
            r := mload(add(sig, 32))
            s := mload(add(sig, 64))
        }
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        return abi.encodePacked(r, n - uint256(s), uint8(55 - v));
    }
}
