// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Blob} from "./Blob.sol";
import {KeyProof} from "./KeyProof.sol";
import {Text} from "./Text.sol";

/// The list of nodes. Anyone may enter the node whose wallet and encryption key they hold; nobody may enter, change or
/// remove another's. There is no owner and no admin.
///
/// One node per wallet, one wallet per key id, one node per endpoint. An endpoint is first come, first served: the
/// chain cannot see who answers there. Whoever calls a node learns it from the key the node answers with.
///
/// A node on the list has a bond in the chain's coin, so that names on it cost something, and a price list, none of
/// whose prices is above par: one credit buys what it is a claim on at every node that is listed.
///
/// A node's wallet lives on a device at home. What is worth more than service - the bond, what was earned - belongs to
/// the node's owner: a wallet that the node names once, and that only the owner itself changes from then on.
///
/// The read functions keep the names, types and selectors that existing nodes and clients call.
contract NodeRegistry is EIP712 {
    /// As `getAllNodes` returns it. PGP is base64 of the armored public key, PGPKey the key id of its encryption
    /// subkey as 16 upper-case hex digits, ip_addr "host" or "host:port" (port 80 when absent).
    struct NodeInfo {
        uint256 id;
        string PGP;
        string PGPKey;
        string ip_addr;
        string regionName;
    }

    struct Node {
        address wallet;
        uint96 position; // in _ids
        address pgp; // Blob
        uint96 regionPosition; // in the ids of its region
        string keyId;
        string endpoint;
        string region;
    }

    struct Region {
        uint256 position; // in _regions, plus one; 0 when it has no node
        uint256[] ids;
    }

    /// What a node charges, in the smallest unit of CloudCredit (a nanocredit); zero is free.
    struct Prices {
        uint64 relayMiB; // a MiB relayed
        uint64 storedMiBDay; // a MiB kept for a day
        uint64 gigafuel; // 10^9 units of a service's fuel
        uint64 egressMiB; // a MiB through the proxy
    }

    struct Bond {
        address payer; // who gets it back
        uint64 freeAt; // seconds; 0 while the node is on the list
        uint256 amount; // wei
    }

    /// A credit (10^9 nanocredits) buys one of: a GiB relayed, a GiB kept for 30 days, 10^12 units of fuel, a GiB of
    /// egress. Or more of it: these are the highest prices.
    uint64 public constant PAR_RELAY_MIB = 976_562;
    uint64 public constant PAR_STORED_MIB_DAY = 32_552;
    uint64 public constant PAR_GIGAFUEL = 1_000_000;
    uint64 public constant PAR_EGRESS_MIB = 976_562;

    /// How long a bond stays after its node has left.
    uint256 public constant BOND_DELAY_SECONDS = 7 days;

    uint256 public constant FIRST_ID = 100;
    uint256 public constant PGP_BYTES_MAX = 8192;
    uint256 public constant ENDPOINT_BYTES_MAX = 255;
    uint256 public constant REGION_BYTES_MAX = 64;

    bytes32 public constant REGISTER_NODE_TYPEHASH = keccak256(
        "RegisterNode(address wallet,bytes32 pgpHash,bytes32 ipAddrHash,bytes32 regionNameHash,bytes32 pgpKeyHash,uint256 nonce,uint256 deadline)"
    );

    event NodeRegistered(bytes32 indexed keyIdHash, address indexed wallet, string keyId, string ipAddr);
    event NodeUpdated(bytes32 indexed keyIdHash, address indexed wallet, string ipAddr, string regionName);
    event NodeRemoved(bytes32 indexed keyIdHash, address indexed wallet, string keyId);
    event OwnerSet(address indexed wallet, address indexed owner);
    event PricesSet(address indexed wallet, uint64 relayMiB, uint64 storedMiBDay, uint64 gigafuel, uint64 egressMiB);
    event BondReturned(address indexed wallet, address indexed payer, uint256 amount);

    error WalletHasNode(address wallet);
    error WalletHasNoNode(address wallet);
    error KeyIdTaken(string keyId);
    error EndpointTaken(string ipAddr);
    error SignatureExpired(uint256 deadline);
    error SignerIsNotWallet(address signer);
    error WrongBond(uint256 sent, uint256 wanted);
    error BondNotFree(uint256 freeAt);
    error BondNotReturned(address payer);
    error OwnerIsNotSender(address owner);
    error PriceAbovePar();

    /// What a node puts down when it enters the list, in wei: this, no less and no more.
    uint256 public immutable bondWei;

    /// The owner of a node's wallet; zero while it has named none. Stays when the node leaves the list.
    mapping(address wallet => address) public ownerOf;

    /// The price list of a node's wallet; all zero until it sets one.
    mapping(address wallet => Prices) public pricesOf;

    mapping(address wallet => Bond) public bondOf;

    /// Next EIP-712 nonce of a wallet.
    mapping(address wallet => uint256) public nonces;

    uint256 private _nextId = FIRST_ID;
    uint256[] private _ids;
    string[] private _regions;
    mapping(uint256 id => Node) private _nodes;
    mapping(bytes32 regionHash => Region) private _regionOf;
    mapping(address wallet => uint256 id) private _idOfWallet;
    mapping(bytes32 keyIdHash => uint256 id) private _idOfKey;
    mapping(bytes32 endpointHash => uint256 id) private _idOfEndpoint;

    constructor(uint256 bondWei_) EIP712("ConetNodeRegistry", "1") {
        bondWei = bondWei_;
    }

    // ---------------------------------------------------------------------------------------------------- writes

    /// Enters the caller's node, with its bond. `proof` must be made for this contract and the caller; it carries the
    /// key id.
    function registerNode(
        string memory pgp,
        string memory ipAddr,
        string memory regionName,
        KeyProof.Proof memory proof
    ) external payable returns (uint256 id) {
        return _register(msg.sender, pgp, ipAddr, regionName, KeyProof.verify(proof, msg.sender));
    }

    /// The same for `wallet`, sent by anyone who is handed the wallet's signature over RegisterNode(...). The bond is
    /// the sender's.
    function registerNodeBySig(
        address wallet,
        string memory pgp,
        string memory ipAddr,
        string memory regionName,
        KeyProof.Proof memory proof,
        uint256 deadline,
        bytes memory sig
    ) external payable returns (uint256 id) {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        string memory keyId = KeyProof.verify(proof, wallet);
        bytes32 content = _contentHash(wallet, pgp, ipAddr, regionName, keyId, deadline);
        address signer = ECDSA.recover(_hashTypedDataV4(content), sig);
        if (signer != wallet) revert SignerIsNotWallet(signer);
        return _register(wallet, pgp, ipAddr, regionName, keyId);
    }

    /// Moves the caller's node to another endpoint or region. Id, key and position in the list stay.
    function updateEndpoint(string memory ipAddr, string memory regionName) external {
        uint256 id = _requireNodeOf(msg.sender);
        _leavePlace(id);
        _takePlace(id, ipAddr, regionName);
        emit NodeUpdated(_hash(_nodes[id].keyId), msg.sender, ipAddr, regionName);
    }

    /// Names the owner of a node's wallet: the wallet itself the first time, the owner of the moment from then on.
    function setOwner(address wallet, address owner) external {
        address present = ownerOf[wallet];
        if (present == address(0)) present = wallet;
        if (msg.sender != present) revert OwnerIsNotSender(present);
        ownerOf[wallet] = owner;
        emit OwnerSet(wallet, owner);
    }

    /// Publishes the caller's prices. They count from the next block; what was agreed before is between the two.
    function setPrices(Prices memory prices) external {
        _requireNodeOf(msg.sender);
        if (
            prices.relayMiB > PAR_RELAY_MIB || prices.storedMiBDay > PAR_STORED_MIB_DAY
                || prices.gigafuel > PAR_GIGAFUEL || prices.egressMiB > PAR_EGRESS_MIB
        ) revert PriceAbovePar();
        pricesOf[msg.sender] = prices;
        emit PricesSet(msg.sender, prices.relayMiB, prices.storedMiBDay, prices.gigafuel, prices.egressMiB);
    }

    /// Sends the bond of a node that left back to who paid it; anyone may ask for that.
    function returnBond(address wallet) external {
        Bond memory bond = bondOf[wallet];
        if (bond.freeAt == 0 || block.timestamp < bond.freeAt) revert BondNotFree(bond.freeAt);
        delete bondOf[wallet];
        emit BondReturned(wallet, bond.payer, bond.amount);
        (bool sent,) = bond.payer.call{value: bond.amount}("");
        if (!sent) revert BondNotReturned(bond.payer);
    }

    /// Takes the caller's node off the list and frees its key id and endpoint. Routes to it give "" from then on.
    /// The last node of the list takes its position (and the last of the region's its position there), so a page
    /// never has holes. A reader that pages should read all pages at one block. The bond stays for a while.
    function removeNode() external {
        uint256 id = _requireNodeOf(msg.sender);
        _leavePlace(id);

        Node storage node = _nodes[id];
        uint256 last = _ids[_ids.length - 1];
        _ids[node.position] = last;
        _nodes[last].position = node.position;
        _ids.pop();

        string memory keyId = node.keyId;
        bytes32 keyIdHash = _hash(keyId);
        delete _idOfKey[keyIdHash];
        delete _idOfWallet[msg.sender];
        delete _nodes[id];
        delete pricesOf[msg.sender];
        bondOf[msg.sender].freeAt = uint64(block.timestamp + BOND_DELAY_SECONDS);
        emit NodeRemoved(keyIdHash, msg.sender, keyId);
    }

    // ----------------------------------------------------------------------------------------------------- reads

    /// Nodes `start` to `start + length` of the list, in order of entry as long as none was removed (see removeNode);
    /// fewer at the end of the list, none past it.
    function getAllNodes(uint256 start, uint256 length) external view returns (NodeInfo[] memory page) {
        uint256 count = _ids.length;
        if (start >= count) return page;
        if (length > count - start) length = count - start;
        page = new NodeInfo[](length);
        for (uint256 i = 0; i < length; ++i) {
            uint256 id = _ids[start + i];
            Node storage node = _nodes[id];
            page[i] = NodeInfo(id, Blob.read(node.pgp), node.keyId, node.endpoint, node.region);
        }
    }

    function IP2PGP(string memory ipAddr) external view returns (string memory pgp, string memory pgpKey) {
        Node storage node = _nodes[_idOfEndpoint[_hash(ipAddr)]];
        return (Blob.read(node.pgp), node.keyId);
    }

    function ipaddress2owner(string memory ipAddr) external view returns (address) {
        return _nodes[_idOfEndpoint[_hash(ipAddr)]].wallet;
    }

    function ipaddressExisting(string memory ipAddr) external view returns (bool) {
        return _idOfEndpoint[_hash(ipAddr)] != 0;
    }

    function ip2id(string memory ipAddr) external view returns (uint256) {
        return _idOfEndpoint[_hash(ipAddr)];
    }

    function id2ip(uint256 id) external view returns (string memory) {
        return _nodes[id].endpoint;
    }

    function idOwner(uint256 id) external view returns (address) {
        return _nodes[id].wallet;
    }

    function getPGPKeyIPaddress(string memory pgpKey) external view returns (string memory) {
        return _nodes[_idOfKey[_hash(pgpKey)]].endpoint;
    }

    function pgpKey2ipaddress(string memory pgpKey) external view returns (string memory) {
        return _nodes[_idOfKey[_hash(pgpKey)]].endpoint;
    }

    function pgpKeyToPGP(string memory pgpKey) external view returns (string memory) {
        return Blob.read(_nodes[_idOfKey[_hash(pgpKey)]].pgp);
    }

    /// The endpoint of the wallet's node, or nothing.
    function getOwnerIPs(address wallet) external view returns (string[] memory endpoints) {
        uint256 id = _idOfWallet[wallet];
        if (id == 0) return endpoints;
        endpoints = new string[](1);
        endpoints[0] = _nodes[id].endpoint;
    }

    /// The regions that have a node.
    function getAllRegions() external view returns (string[] memory) {
        return _regions;
    }

    /// The endpoints of the nodes of a region.
    function getRegionNodes(string memory regionName) external view returns (string[] memory endpoints) {
        uint256[] storage ids = _regionOf[_hash(regionName)].ids;
        endpoints = new string[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            endpoints[i] = _nodes[ids[i]].endpoint;
        }
    }

    function nodeCount() external view returns (uint256) {
        return _ids.length;
    }

    /// The wallet of the node with keccak256(utf8(key id)); zero when there is none.
    function nodeWalletOf(bytes32 keyIdHash) external view returns (address) {
        return _nodes[_idOfKey[keyIdHash]].wallet;
    }

    /// The key id with that hash; "" when no node has it.
    function nodeKeyIdOf(bytes32 keyIdHash) external view returns (string memory) {
        return _nodes[_idOfKey[keyIdHash]].keyId;
    }

    /// The armored public key (base64) of the node with that key id hash; "" when there is none.
    function nodePgpOf(bytes32 keyIdHash) external view returns (string memory) {
        return Blob.read(_nodes[_idOfKey[keyIdHash]].pgp);
    }

    /// The key id hash of the wallet's node; zero when it has none.
    function nodeKeyHashOf(address wallet) external view returns (bytes32) {
        uint256 id = _idOfWallet[wallet];
        return id == 0 ? bytes32(0) : _hash(_nodes[id].keyId);
    }

    // -------------------------------------------------------------------------------------------------- internals

    function _register(
        address wallet,
        string memory pgp,
        string memory ipAddr,
        string memory regionName,
        string memory keyId
    ) private returns (uint256 id) {
        Text.requireLength(pgp, 1, PGP_BYTES_MAX);
        Text.requireAscii(pgp);
        if (_idOfWallet[wallet] != 0) revert WalletHasNode(wallet);
        bytes32 keyIdHash = _hash(keyId);
        if (_idOfKey[keyIdHash] != 0) revert KeyIdTaken(keyId);
        _takeBond(wallet);

        id = _nextId++;
        Node storage node = _nodes[id];
        node.wallet = wallet;
        node.position = uint96(_ids.length);
        node.pgp = Blob.write(pgp);
        node.keyId = keyId;
        _ids.push(id);
        _idOfWallet[wallet] = id;
        _idOfKey[keyIdHash] = id;
        _takePlace(id, ipAddr, regionName);
        emit NodeRegistered(keyIdHash, wallet, keyId, ipAddr);
    }

    /// A wallet that comes back before it had its bond returned brings none.
    function _takeBond(address wallet) private {
        Bond storage bond = bondOf[wallet];
        uint256 wanted = bond.payer == address(0) ? bondWei : 0;
        if (msg.value != wanted) revert WrongBond(msg.value, wanted);
        bond.freeAt = 0;
        if (bond.payer == address(0)) {
            bond.payer = msg.sender;
            bond.amount = wanted;
        }
    }

    function _takePlace(uint256 id, string memory ipAddr, string memory regionName) private {
        Text.requireLength(ipAddr, 1, ENDPOINT_BYTES_MAX);
        Text.requireEndpoint(ipAddr);
        Text.requireLength(regionName, 1, REGION_BYTES_MAX);
        Text.requirePrintable(regionName);
        bytes32 endpointHash = _hash(ipAddr);
        if (_idOfEndpoint[endpointHash] != 0) revert EndpointTaken(ipAddr);
        _idOfEndpoint[endpointHash] = id;

        Region storage region = _regionOf[_hash(regionName)];
        if (region.position == 0) {
            _regions.push(regionName);
            region.position = _regions.length;
        }
        Node storage node = _nodes[id];
        node.regionPosition = uint96(region.ids.length);
        region.ids.push(id);
        node.endpoint = ipAddr;
        node.region = regionName;
    }

    function _leavePlace(uint256 id) private {
        Node storage node = _nodes[id];
        delete _idOfEndpoint[_hash(node.endpoint)];

        Region storage region = _regionOf[_hash(node.region)];
        uint256 last = region.ids[region.ids.length - 1];
        region.ids[node.regionPosition] = last;
        _nodes[last].regionPosition = node.regionPosition;
        region.ids.pop();
        if (region.ids.length == 0) {
            string memory lastRegion = _regions[_regions.length - 1];
            _regions[region.position - 1] = lastRegion;
            _regionOf[_hash(lastRegion)].position = region.position;
            _regions.pop();
            region.position = 0;
        }
    }

    /// hashStruct of RegisterNode with the wallet's next nonce, which it uses up.
    function _contentHash(
        address wallet,
        string memory pgp,
        string memory ipAddr,
        string memory regionName,
        string memory keyId,
        uint256 deadline
    ) private returns (bytes32) {
        bytes32[3] memory texts = [_hash(pgp), _hash(ipAddr), _hash(regionName)];
        return keccak256(
            abi.encode(REGISTER_NODE_TYPEHASH, wallet, texts, _hash(keyId), nonces[wallet]++, deadline)
        );
    }

    function _requireNodeOf(address wallet) private view returns (uint256 id) {
        id = _idOfWallet[wallet];
        if (id == 0) revert WalletHasNoNode(wallet);
    }

    function _hash(string memory text) private pure returns (bytes32) {
        return keccak256(bytes(text));
    }
}
