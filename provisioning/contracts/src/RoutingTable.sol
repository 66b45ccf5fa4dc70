// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Blob} from "./Blob.sol";
import {KeyProof} from "./KeyProof.sol";
import {NodeRegistry} from "./NodeRegistry.sol";
import {Text} from "./Text.sol";

/// Which wallet a user's key id belongs to, and which node keeps the mailbox of a wallet.
///
/// A wallet enters its own key, with proof that it holds the private key, and chooses its own route, by transaction or
/// by signature. Nobody else can: there is no owner, no admin, and a node has no say over the routes that point to it.
/// What is said about nodes (wallet, key, existence) is asked of the NodeRegistry each time, never stored here.
///
/// Key ids are for ever. When a wallet enters another key, the old key id goes on to lead to the wallet and its present
/// route, so that mail under way is not lost, and no other wallet can take it. A wallet may go back to an old key.
///
/// The read functions keep the names, types and selectors that existing nodes and clients call; the EIP-712 domain and
/// types are those existing wallets sign.
contract RoutingTable is EIP712 {
    struct Key {
        string keyId;
        address publicKey; // Blob, base64 of the armored public key
        address encryptedKey; // Blob, the wallet's own encrypted backup
    }

    uint256 public constant PUBLIC_KEY_BYTES_MAX = 8192;
    uint256 public constant ENCRYPTED_KEY_BYTES_MAX = 8192;

    bytes32 public constant ADD_PUBLIC_PGP_TYPEHASH = keccak256(
        "AddPublicPGP(address to,bytes32 pgpKeyIDHash,bytes32 publicKeyArmoredHash,bytes32 encrypKeyArmoredHash,bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)"
    );
    bytes32 public constant SET_ROUTE_TYPEHASH =
        keccak256("SetRoute(address to,bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)");

    event PGPKeySet(address indexed to, string pgpKeyID);
    event RouteSet(address indexed user, bytes32 indexed routeHash, string routePgpKeyID);
    event RouteCleared(address indexed user);

    error SenderIsNotWallet(address sender);
    error SignerIsNotWallet(address signer);
    error SignatureExpired(uint256 deadline);
    error KeyIdNotProven(string proven, string claimed);
    error KeyIdTaken(string keyId);
    error UnknownUser(address wallet);
    error UnknownNode(string routePgpKeyID);

    NodeRegistry public immutable registry;

    /// Next EIP-712 nonce of a wallet for AddPublicPGP and for SetRoute.
    mapping(address wallet => uint256) public pgpNonces;
    mapping(address wallet => uint256) public routerNonces;

    /// keccak256(utf8(key id)) of the node a wallet chose, as stored: also when that node has left since.
    mapping(address wallet => bytes32 nodeKeyHash) public userRouteHash;

    mapping(address wallet => Key) private _keys;
    mapping(bytes32 keyIdHash => address wallet) private _walletOf;

    constructor(NodeRegistry registry_) EIP712("AddressPGP", "1") {
        registry = registry_;
    }

    // ---------------------------------------------------------------------------------------------------- writes

    /// Enters the key of the caller, who must be `to`. `proof` must be made for this contract and `to`, and show
    /// `pgpKeyID`. routePgpKeyID "" leaves the route as it is.
    function registerKey(
        address to,
        string memory pgpKeyID,
        string memory publicKeyArmored,
        string memory encrypKeyArmored,
        string memory routePgpKeyID,
        KeyProof.Proof memory proof
    ) external {
        if (to != msg.sender) revert SenderIsNotWallet(msg.sender);
        _register(to, pgpKeyID, publicKeyArmored, encrypKeyArmored, routePgpKeyID, proof);
    }

    /// The same, sent by anyone who is handed the wallet's signature over AddPublicPGP(...).
    function registerKeyBySig(
        address to,
        string memory pgpKeyID,
        string memory publicKeyArmored,
        string memory encrypKeyArmored,
        string memory routePgpKeyID,
        KeyProof.Proof memory proof,
        uint256 deadline,
        bytes memory sig
    ) external {
        bytes32[4] memory texts = [
            _hash(pgpKeyID), keccak256(bytes(publicKeyArmored)), keccak256(bytes(encrypKeyArmored)), _hash(routePgpKeyID)
        ];
        bytes32 content = keccak256(abi.encode(ADD_PUBLIC_PGP_TYPEHASH, to, texts, pgpNonces[to]++, deadline));
        _requireSigned(to, content, deadline, sig);
        _register(to, pgpKeyID, publicKeyArmored, encrypKeyArmored, routePgpKeyID, proof);
    }

    /// Makes a registered node the mailbox of the caller.
    function setMyRoute(string memory routePgpKeyID) external {
        _setRoute(msg.sender, routePgpKeyID);
    }

    /// Leaves the caller without a mailbox.
    function clearMyRoute() external {
        _clearRoute(msg.sender);
    }

    /// setMyRoute, or with "" clearMyRoute, for `to`, by its signature over SetRoute(...).
    function setRouteBySig(address to, string memory routePgpKeyID, uint256 deadline, bytes memory sig) external {
        bytes32 content =
            keccak256(abi.encode(SET_ROUTE_TYPEHASH, to, _hash(routePgpKeyID), routerNonces[to]++, deadline));
        _requireSigned(to, content, deadline, sig);
        if (bytes(routePgpKeyID).length == 0) _clearRoute(to);
        else _setRoute(to, routePgpKeyID);
    }

    // ----------------------------------------------------------------------------------------------------- reads

    /// All that is known of a wallet; "" and false where nothing is. The route fields are "" when the node has left.
    /// routeOnline is kept for the sake of the signature: the chain does not know who is online.
    function searchKey(address wallet)
        external
        view
        returns (
            string memory userPgpKeyID,
            string memory userPublicKeyArmored,
            string memory routePgpKeyID,
            string memory routePublicKeyArmored,
            bool routeOnline
        )
    {
        Key storage key = _keys[wallet];
        userPgpKeyID = key.keyId;
        userPublicKeyArmored = Blob.read(key.publicKey);
        routePgpKeyID = registry.nodeKeyIdOf(userRouteHash[wallet]);
        routePublicKeyArmored = registry.nodePgpOf(userRouteHash[wallet]);
        routeOnline = false;
    }

    /// The mailbox node for a key id, present or former, of a wallet; "" when it has none, reverts when nobody has the
    /// key id.
    function getRouteKeyIDByUserPgpKeyID(string memory userPgpKeyID) external view returns (string memory) {
        address wallet = _walletOf[_hash(userPgpKeyID)];
        require(wallet != address(0), "user not found");
        return registry.nodeKeyIdOf(userRouteHash[wallet]);
    }

    function getRouteKeyIDByAddress(address wallet) external view returns (string memory) {
        return registry.nodeKeyIdOf(userRouteHash[wallet]);
    }

    /// The wallet of a key id, present or former; zero when nobody has it.
    function getUserByPgpKeyID(string memory userPgpKeyID) external view returns (address) {
        return _walletOf[_hash(userPgpKeyID)];
    }

    /// The backup the caller of this view left. It is encrypted, but not secret: everyone can read the chain.
    function getEncryptedPrivateKey() external view returns (string memory) {
        return Blob.read(_keys[msg.sender].encryptedKey);
    }

    function nodeWallet2KeyHash(address nodeWallet) external view returns (bytes32) {
        return registry.nodeKeyHashOf(nodeWallet);
    }

    function nodeKeyExists(bytes32 nodeKeyHash) external view returns (bool) {
        return registry.nodeWalletOf(nodeKeyHash) != address(0);
    }

    function nodeKeyHash2Wallet(bytes32 nodeKeyHash) external view returns (address) {
        return registry.nodeWalletOf(nodeKeyHash);
    }

    function nodeKeyIDByHash(bytes32 nodeKeyHash) external view returns (string memory) {
        return registry.nodeKeyIdOf(nodeKeyHash);
    }

    // -------------------------------------------------------------------------------------------------- internals

    function _register(
        address to,
        string memory pgpKeyID,
        string memory publicKeyArmored,
        string memory encrypKeyArmored,
        string memory routePgpKeyID,
        KeyProof.Proof memory proof
    ) private {
        Text.requireLength(publicKeyArmored, 1, PUBLIC_KEY_BYTES_MAX);
        Text.requireAscii(publicKeyArmored);
        Text.requireLength(encrypKeyArmored, 0, ENCRYPTED_KEY_BYTES_MAX);
        Text.requireAscii(encrypKeyArmored);

        bytes32 keyIdHash = _hash(pgpKeyID);
        address holder = _walletOf[keyIdHash];
        if (holder != address(0) && holder != to) revert KeyIdTaken(pgpKeyID);
        string memory proven = KeyProof.verify(proof, to);
        if (keccak256(bytes(proven)) != keyIdHash) revert KeyIdNotProven(proven, pgpKeyID);

        _walletOf[keyIdHash] = to;
        Key storage key = _keys[to];
        key.keyId = pgpKeyID;
        key.publicKey = Blob.write(publicKeyArmored);
        key.encryptedKey = Blob.write(encrypKeyArmored);
        emit PGPKeySet(to, pgpKeyID);
        if (bytes(routePgpKeyID).length != 0) _setRoute(to, routePgpKeyID);
    }

    function _setRoute(address user, string memory routePgpKeyID) private {
        if (bytes(_keys[user].keyId).length == 0) revert UnknownUser(user);
        bytes32 routeHash = _hash(routePgpKeyID);
        if (registry.nodeWalletOf(routeHash) == address(0)) revert UnknownNode(routePgpKeyID);
        userRouteHash[user] = routeHash;
        emit RouteSet(user, routeHash, routePgpKeyID);
    }

    function _clearRoute(address user) private {
        delete userRouteHash[user];
        emit RouteCleared(user);
    }

    function _requireSigned(address wallet, bytes32 content, uint256 deadline, bytes memory sig) private view {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        address signer = ECDSA.recover(_hashTypedDataV4(content), sig);
        if (signer != wallet) revert SignerIsNotWallet(signer);
    }

    /// keccak256 of a key id; "" gives 32 zero bytes.
    function _hash(string memory keyId) private pure returns (bytes32) {
        return bytes(keyId).length == 0 ? bytes32(0) : keccak256(bytes(keyId));
    }
}
