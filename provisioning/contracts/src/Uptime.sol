// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {CloudCredit} from "./CloudCredit.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// Rewards for having been there. A sponsor deposits credits for a range of epochs, collects the attestations of those
/// epochs (frames that nodes signed and wallets countersigned), decides which it believes, and posts the root of who
/// gets what. The contract cannot know who was up: it keeps the sponsor to what it deposited and posted. Nothing is made
/// here; what is not deposited is not paid.
contract Uptime {
    using SafeERC20 for CloudCredit;

    struct Round {
        address sponsor;
        uint64 firstEpoch;
        uint64 lastEpoch;
        uint64 claimUntil; // seconds; 0 until the root is posted
        uint128 left; // nanocredits
        bytes32 root;
    }

    /// From when the root is posted until the sponsor may take the rest.
    uint256 public constant CLAIM_SECONDS = 90 days;

    event RoundOpened(uint256 indexed id, address indexed sponsor, uint64 firstEpoch, uint64 lastEpoch, uint128 amount);
    event RootPosted(uint256 indexed id, bytes32 root);
    event Claimed(uint256 indexed id, address indexed node, uint64 epochs, uint128 amount);
    event RoundClosed(uint256 indexed id, uint128 left);

    error EpochsRefused(uint64 firstEpoch, uint64 lastEpoch);
    error SponsorIsNotSender(address sponsor);
    error RootPostedBefore(uint256 id);
    error RootNotPosted(uint256 id);
    error ClaimedBefore(uint256 id, address node);
    error ProofRefused(uint256 id, address node);
    error ClaimsOpen(uint64 claimUntil);

    CloudCredit public immutable credit;
    NodeRegistry public immutable registry;

    Round[] private _rounds;
    mapping(uint256 id => mapping(address node => bool)) public hasClaimed;

    constructor(CloudCredit credit_) {
        credit = credit_;
        registry = credit_.registry();
    }

    function round(uint256 id) external view returns (Round memory) {
        return _rounds[id];
    }

    function roundCount() external view returns (uint256) {
        return _rounds.length;
    }

    /// Hashed twice, so that no inner hash of a tree passes for a leaf.
    function leafOf(uint256 id, address node, uint64 epochs, uint128 amount) public pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(id, node, epochs, amount))));
    }

    /// Deposits what nodes will get for these epochs. Until the root is posted, and after its claims end, the sponsor can
    /// take it back.
    function open(uint64 firstEpoch, uint64 lastEpoch, uint128 amount) external returns (uint256 id) {
        if (firstEpoch > lastEpoch) revert EpochsRefused(firstEpoch, lastEpoch);
        id = _rounds.length;
        _rounds.push(Round(msg.sender, firstEpoch, lastEpoch, 0, amount, bytes32(0)));
        emit RoundOpened(id, msg.sender, firstEpoch, lastEpoch, amount);
        credit.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// Says who gets what, once.
    function post(uint256 id, bytes32 root) external {
        Round storage r = _requireSponsor(id);
        if (r.claimUntil != 0) revert RootPostedBefore(id);
        r.root = root;
        r.claimUntil = uint64(block.timestamp + CLAIM_SECONDS);
        emit RootPosted(id, root);
    }

    /// Pays a node's leaf to its owner, once; anyone may send it. First come, first served, should a sponsor promise more
    /// than it deposited.
    function claim(uint256 id, address node, uint64 epochs, uint128 amount, bytes32[] calldata proof) external {
        Round storage r = _rounds[id];
        if (r.claimUntil == 0) revert RootNotPosted(id);
        if (hasClaimed[id][node]) revert ClaimedBefore(id, node);
        if (!MerkleProof.verifyCalldata(proof, r.root, leafOf(id, node, epochs, amount))) revert ProofRefused(id, node);
        hasClaimed[id][node] = true;
        r.left -= amount;
        emit Claimed(id, node, epochs, amount);
        address owner = registry.ownerOf(node);
        credit.safeTransfer(owner == address(0) ? node : owner, amount);
    }

    /// Gives the sponsor what nobody claimed.
    function close(uint256 id) external {
        Round storage r = _requireSponsor(id);
        if (block.timestamp < r.claimUntil) revert ClaimsOpen(r.claimUntil);
        uint128 left = r.left;
        r.left = 0;
        if (r.claimUntil == 0) r.claimUntil = uint64(block.timestamp); // never to be posted
        emit RoundClosed(id, left);
        credit.safeTransfer(r.sponsor, left);
    }

    function _requireSponsor(uint256 id) private view returns (Round storage r) {
        r = _rounds[id];
        if (msg.sender != r.sponsor) revert SponsorIsNotSender(r.sponsor);
    }
}
