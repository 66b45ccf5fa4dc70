// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Prover} from "./Prover.sol";
import {KeyProofHarness} from "./KeyProofHarness.sol";
import {KeyProof} from "../src/KeyProof.sol";

contract KeyProofTest is Prover {
    address internal constant OWNER = address(0xA11CE);
    uint256 internal constant SECRET = (1 << 254) + 8 * 12345678901234567890;
    uint256 internal constant GAS_MAX = 600_000;

    KeyProofHarness internal harness;
    KeyProof.Proof internal good;

    function setUp() public {
        harness = new KeyProofHarness();
        good = prove(SECRET, 1_700_000_000, address(harness), OWNER);
    }

    function refused(KeyProof.Proof memory proof, bytes4 why) internal {
        vm.expectRevert(why);
        harness.verify(proof, OWNER);
    }

    function test_acceptsAProofByTheHolderAndNamesTheKeyId() public view {
        eq(harness.verify(good, OWNER), idOf(good));
    }

    function test_staysBelowTheGasTarget() public view {
        require(harness.gasOfVerify(good, OWNER) <= GAS_MAX);
    }

    function testFuzz_acceptsEveryHolder(uint256 secret, uint256 nonce, uint32 time, address owner) public view {
        vm.assume(secret % order != 0 && nonce % order != 0);
        KeyProof.Proof memory proof = prove(secret, time, address(harness), owner, nonce);
        eq(harness.verify(proof, owner), idOf(proof));
    }

    function test_acceptsEitherSignOfTheKey() public view {
        Point memory a = multiply(SECRET % order, basePoint());
        a.x = p - a.x;
        KeyProof.Proof memory proof =
            respond(order - SECRET % order, a, good.subkeyBody, address(harness), OWNER, 77);
        eq(harness.verify(proof, OWNER), idOf(good));
    }

    function test_refusesTheOtherSignWithTheSameResponse() public {
        KeyProof.Proof memory proof = good;
        proof.keyX = p - proof.keyX;
        refused(proof, KeyProof.ProofRefused.selector);
    }

    function test_refusesAnotherOwner() public {
        vm.expectRevert(KeyProof.ProofRefused.selector);
        harness.verify(good, address(0xB0B));
    }

    function test_refusesAnotherChain() public {
        vm.chainId(block.chainid + 1);
        refused(good, KeyProof.ProofRefused.selector);
    }

    function test_refusesAnotherContract() public {
        KeyProofHarness other = new KeyProofHarness();
        vm.expectRevert(KeyProof.ProofRefused.selector);
        other.verify(good, OWNER);
    }

    function testFuzz_refusesWhoDoesNotKnowTheScalar(uint256 guess) public {
        vm.assume(guess % order != SECRET % order);
        Point memory a = multiply(SECRET % order, basePoint());
        refused(respond(guess % order, a, good.subkeyBody, address(harness), OWNER, 5), KeyProof.ProofRefused.selector);
    }

    function test_refusesAnotherKeysProofOverThisBody() public {
        KeyProof.Proof memory proof = prove(SECRET + 8, 1_700_000_000, address(harness), OWNER);
        proof.subkeyBody = good.subkeyBody;
        refused(proof, KeyProof.BadPublicKey.selector);
    }

    function testFuzz_refusesEveryChangedBitOfTheProof(uint8 word, uint8 bit) public view {
        KeyProof.Proof memory proof = good;
        uint256 flip = 1 << uint256(bit);
        if (word % 4 == 0) proof.keyX ^= flip;
        else if (word % 4 == 1) proof.nonceX ^= flip;
        else if (word % 4 == 2) proof.nonceY ^= flip;
        else proof.s ^= flip;
        (bool ok,) = address(harness).staticcall(abi.encodeCall(harness.verify, (proof, OWNER)));
        require(!ok);
    }

    /// The creation time is not part of the proof: another time is another key id of the same private key.
    function test_refusesOrRenamesEveryChangedBitOfTheBody() public view {
        for (uint256 i = 0; i < 56; ++i) {
            for (uint256 bit = 0; bit < 8; ++bit) {
                KeyProof.Proof memory proof = good;
                bytes memory body = bytes.concat(good.subkeyBody);
                body[i] ^= bytes1(uint8(1 << bit));
                proof.subkeyBody = body;
                (bool ok, bytes memory out) =
                    address(harness).staticcall(abi.encodeCall(harness.verify, (proof, OWNER)));
                bool free = (i >= 1 && i < 5) || (i == 54 && (body[i] == 0x09 || body[i] == 0x0a)); // 08 -> 09, 0A
                require(ok == free, "shape");
                if (ok) require(h(abi.decode(out, (string))) != h(idOf(good)), "same id");
            }
        }
    }

    function test_acceptsTheHashesAndCiphersOfTheStandardAndNoOthers() public {
        for (uint8 hash = 0; hash < 16; ++hash) {
            for (uint8 cipher = 0; cipher < 16; ++cipher) {
                KeyProof.Proof memory proof = good;
                bytes memory body = bytes.concat(good.subkeyBody);
                (body[54], body[55]) = (bytes1(hash), bytes1(cipher));
                proof.subkeyBody = body;
                if (hash < 8 || hash > 10 || cipher < 7 || cipher > 9) {
                    refused(proof, KeyProof.BadSubkeyBody.selector);
                } else {
                    eq(harness.verify(proof, OWNER), idOf(proof));
                }
            }
        }
    }

    function test_refusesABodyOneByteShortOrLong() public {
        KeyProof.Proof memory proof = good;
        bytes memory full = good.subkeyBody;
        proof.subkeyBody = bytes.concat(full, hex"00");
        refused(proof, KeyProof.BadSubkeyBody.selector);
        bytes memory short = new bytes(55);
        for (uint256 i = 0; i < 55; ++i) {
            short[i] = full[i];
        }
        proof.subkeyBody = short;
        refused(proof, KeyProof.BadSubkeyBody.selector);
        proof.subkeyBody = "";
        refused(proof, KeyProof.BadSubkeyBody.selector);
    }

    function test_refusesAResponseNotBelowTheOrder() public {
        KeyProof.Proof memory proof = good;
        proof.s = good.s + order; // the same residue
        refused(proof, KeyProof.BadResponse.selector);
        proof.s = order;
        refused(proof, KeyProof.BadResponse.selector);
        proof.s = order - 1; // in range, so judged, and wrong
        refused(proof, KeyProof.ProofRefused.selector);
        proof.s = type(uint256).max;
        refused(proof, KeyProof.BadResponse.selector);
    }

    function test_refusesANoncePointOffTheCurveOrNotReduced() public {
        KeyProof.Proof memory proof = good;
        proof.nonceX = addmod(good.nonceX, 1, p);
        refused(proof, KeyProof.BadNoncePoint.selector);
        proof.nonceX = good.nonceX + p;
        refused(proof, KeyProof.BadNoncePoint.selector);
        proof.nonceX = good.nonceX;
        proof.nonceY = good.nonceY + p;
        refused(proof, KeyProof.BadNoncePoint.selector);
        (proof.nonceX, proof.nonceY) = (0, 1); // the neutral element is on the curve, but no proof
        refused(proof, KeyProof.ProofRefused.selector);
    }

    function test_refusesAKeyXOffTheCurveOrNotReduced() public {
        KeyProof.Proof memory proof = good;
        proof.keyX = addmod(good.keyX, 1, p);
        refused(proof, KeyProof.BadPublicKey.selector);
        proof.keyX = good.keyX + p;
        refused(proof, KeyProof.BadPublicKey.selector);
    }

    function test_refusesAPublicKeyNotReducedOrWithoutImage() public {
        KeyProof.Proof memory proof = good;
        uint256[5] memory us = [p - 1, p, p + 9, 2 ** 255 + 9, type(uint256).max];
        for (uint256 i = 0; i < us.length; ++i) {
            proof.subkeyBody = bodyOf(us[i], 0);
            proof.keyX = basePoint().x; // would fit 9
            refused(proof, KeyProof.BadPublicKey.selector);
        }
        proof.subkeyBody = bodyOf(p - 1, 0);
        proof.keyX = root(p - 1); // would fit y = 0, what a division by zero comes to
        refused(proof, KeyProof.BadPublicKey.selector);
    }

    /// u = 2 lies on the twist: X25519 takes it, edwards25519 has no point for it.
    function test_refusesAPublicKeyOnTheTwist() public {
        KeyProof.Proof memory proof = good;
        uint256 y = over(1, 3);
        uint256 yy = mulmod(y, y, p);
        uint256 xx = over(minus(yy, 1), addmod(mulmod(curveD(), yy, p), 1, p));
        eq(power(xx, (p - 1) / 2), p - 1); // no square
        proof.subkeyBody = bodyOf(2, 0);
        proof.keyX = power(xx, (p + 3) / 8);
        refused(proof, KeyProof.BadPublicKey.selector);
    }

    /// All u of small order: 0 (order 2), 1 (order 4) and two of order 8; both signs of x.
    function test_refusesKeysOfSmallOrder() public {
        uint256[4] memory us = [
            uint256(0),
            1,
            325606250916557431795983626356110631294008115727848805560023387167927233504,
            39382357235489614581723060781553021112529911719440698176882885853963445705823
        ];
        for (uint256 i = 0; i < us.length; ++i) {
            uint256 y = over(minus(us[i], 1), us[i] + 1);
            uint256 yy = mulmod(y, y, p);
            uint256 x = root(over(minus(yy, 1), addmod(mulmod(curveD(), yy, p), 1, p)));
            for (uint256 sign = 0; sign < 2; ++sign) {
                KeyProof.Proof memory proof = respond(0, Point(x, y), bodyOf(us[i], 0), address(harness), OWNER, 9);
                refused(proof, KeyProof.SmallOrderKey.selector);
                x = (p - x) % p;
            }
        }
    }
}

contract Sha1Test is Prover {
    KeyProofHarness internal harness = new KeyProofHarness();

    function test_givesTheDigestsOfFips180() public view {
        eq(harness.sha1Of("abc"), bytes32(hex"a9993e364706816aba3e25717850c26c9cd0d89d"));
        eq(harness.sha1Of(""), bytes32(hex"da39a3ee5e6b4b0d3255bfef95601890afd80709"));
        eq(
            harness.sha1Of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            bytes32(hex"84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        );
    }

    function test_agreesWithThePlainWayAtEveryLengthOfThreeBlocks() public view {
        for (uint256 length = 0; length <= 192; ++length) {
            bytes memory data = bytes(times(bytes1(uint8(length) | 0x80), length));
            eq(harness.sha1Of(data), bytes32(plainSha1(data)));
        }
    }

    function testFuzz_agreesWithThePlainWay(bytes memory data) public view {
        eq(harness.sha1Of(data), bytes32(plainSha1(data)));
    }
}
