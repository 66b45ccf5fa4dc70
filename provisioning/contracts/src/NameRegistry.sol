// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Readable names for wallets: `alice.conet`. Registry (EIP-137), resolver (EIP-137 addr, EIP-634 text) and reverse
/// records (EIP-181) in one contract, so that clients of ENS work with it as they are: the resolver of every name that has
/// one is this contract.
///
/// A name is entered in two steps, so that nobody sees it before it is taken, against a deposit that comes back when it is
/// given up. There is no rent and no expiry: a name that mail is sent to never falls to somebody else because a bill was
/// not paid. The price of that: the name of a lost key is lost with its deposit. A name that was given up rests before
/// another may take it.
contract NameRegistry {
    struct Record {
        address owner;
        uint64 restsUntil; // seconds; of a second-level name that was given up
        address addr;
        uint256 depositWei;
    }

    /// namehash("conet"), namehash("addr.reverse"): EIP-137's algorithm.
    bytes32 public constant ROOT_NODE = keccak256(abi.encodePacked(bytes32(0), keccak256("conet")));
    bytes32 public constant REVERSE_NODE = keccak256(
        abi.encodePacked(keccak256(abi.encodePacked(bytes32(0), keccak256("reverse"))), keccak256("addr"))
    );

    uint256 public constant LABEL_BYTES_MIN = 3;
    uint256 public constant LABEL_BYTES_MAX = 32;
    uint256 public constant COMMIT_SECONDS_MIN = 60;
    uint256 public constant COMMIT_SECONDS_MAX = 1 days;
    uint256 public constant REST_SECONDS = 90 days;
    uint256 public constant TEXT_BYTES_MAX = 1024;

    // EIP-137
    event NewOwner(bytes32 indexed node, bytes32 indexed label, address owner);
    event Transfer(bytes32 indexed node, address owner);
    event NewResolver(bytes32 indexed node, address resolver);
    event AddrChanged(bytes32 indexed node, address a);
    // EIP-181, EIP-634
    event NameChanged(bytes32 indexed node, string name);
    event TextChanged(bytes32 indexed node, string indexed indexedKey, string key);
    // Ours
    event NameRegistered(bytes32 indexed node, string label, address indexed owner, uint256 depositWei);
    event NameReleased(bytes32 indexed node, address indexed owner);

    error LabelRefused();
    error NameTaken(bytes32 node);
    error NameRests(uint64 restsUntil);
    error CommitmentAge(uint256 committedAt);
    error CommitmentPending(uint256 committedAt);
    error WrongDeposit(uint256 sent, uint256 wanted);
    error SenderIsNotOwner(address owner);
    error DepositNotReturned(address to);
    error OwnerIsZero();
    error TextTooLong(uint256 length);

    /// Deposit for a label of five characters or more; ten times for four, a hundred times for three.
    uint256 public immutable depositWei;

    mapping(bytes32 commitment => uint256 seconds_) public commitments;
    mapping(bytes32 node => Record) private _records;
    mapping(bytes32 node => string) private _reverse;
    mapping(bytes32 node => mapping(string key => string)) private _texts;

    constructor(uint256 depositWei_) {
        depositWei = depositWei_;
    }

    // ------------------------------------------------------------------------------------------------ registration

    /// What to commit to: label, holder and a secret of 32 random bytes.
    function commitmentOf(string memory label, address holder, bytes32 secret) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), block.chainid, label, holder, secret));
    }

    function depositOf(string memory label) public view returns (uint256) {
        uint256 length = bytes(label).length;
        return length == 3 ? 100 * depositWei : length == 4 ? 10 * depositWei : depositWei;
    }

    /// First step. A commitment that is still good cannot be made younger by somebody else.
    function commit(bytes32 commitment) external {
        uint256 at = commitments[commitment];
        if (at != 0 && block.timestamp <= at + COMMIT_SECONDS_MAX) revert CommitmentPending(at);
        commitments[commitment] = block.timestamp;
    }

    /// Second step, at least COMMIT_SECONDS_MIN later, by anyone: the name is `holder`'s and points to it.
    function register(string memory label, address holder, bytes32 secret) external payable returns (bytes32 node) {
        _requireLabel(label);
        if (holder == address(0)) revert OwnerIsZero();
        bytes32 commitment = commitmentOf(label, holder, secret);
        uint256 at = commitments[commitment];
        if (at == 0 || block.timestamp < at + COMMIT_SECONDS_MIN || block.timestamp > at + COMMIT_SECONDS_MAX) {
            revert CommitmentAge(at);
        }
        delete commitments[commitment];
        bytes32 labelHash = keccak256(bytes(label));
        node = keccak256(abi.encodePacked(ROOT_NODE, labelHash));
        Record storage record = _records[node];
        if (record.owner != address(0)) revert NameTaken(node);
        if (block.timestamp < record.restsUntil) revert NameRests(record.restsUntil);
        uint256 wanted = depositOf(label);
        if (msg.value != wanted) revert WrongDeposit(msg.value, wanted);
        _records[node] = Record(holder, 0, holder, wanted);
        emit NewOwner(ROOT_NODE, labelHash, holder);
        emit NewResolver(node, address(this));
        emit AddrChanged(node, holder);
        emit NameRegistered(node, label, holder, wanted);
    }

    /// Gives a name up. Its deposit goes to `to`, and nobody can take the name for REST_SECONDS, so that mail to it is not
    /// somebody else's the same day.
    function release(bytes32 node, address payable to) external {
        Record memory record = _requireOwner(node);
        _records[node] = Record(address(0), uint64(block.timestamp + REST_SECONDS), address(0), 0);
        emit Transfer(node, address(0));
        emit AddrChanged(node, address(0));
        emit NameReleased(node, record.owner);
        (bool sent,) = to.call{value: record.depositWei}("");
        if (!sent) revert DepositNotReturned(to);
    }

    // ------------------------------------------------------------------------------------------- registry, EIP-137

    function owner(bytes32 node) external view returns (address) {
        return _records[node].owner;
    }

    /// This contract, for every name that has an owner or a reverse record; also for `conet` itself.
    function resolver(bytes32 node) external view returns (address) {
        bool exists = _records[node].owner != address(0) || bytes(_reverse[node]).length != 0;
        return exists || node == ROOT_NODE ? address(this) : address(0);
    }

    function ttl(bytes32) external pure returns (uint64) {
        return 0;
    }

    function recordExists(bytes32 node) external view returns (bool) {
        return _records[node].owner != address(0);
    }

    /// Hands a name over, with its deposit. What it points to stays until the new owner changes it.
    function setOwner(bytes32 node, address newOwner) external {
        _requireOwner(node);
        if (newOwner == address(0)) revert OwnerIsZero(); // release() gives a name up
        _records[node].owner = newOwner;
        emit Transfer(node, newOwner);
    }

    // ------------------------------------------------------------------------------------------- resolver, EIP-137

    /// EIP-165: addr, name, text.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0x3b3b57de || id == 0x691f3431 || id == 0x59d1d43c;
    }

    function addr(bytes32 node) external view returns (address) {
        return _records[node].addr;
    }

    function setAddr(bytes32 node, address a) external {
        _requireOwner(node);
        _records[node].addr = a;
        emit AddrChanged(node, a);
    }

    /// EIP-634; texts of an owner before are not this owner's.
    function text(bytes32 node, string calldata key) external view returns (string memory) {
        return _texts[_textsOf(node)][key];
    }

    function setText(bytes32 node, string calldata key, string calldata value) external {
        _requireOwner(node);
        if (bytes(key).length > 64 || bytes(value).length > TEXT_BYTES_MAX) revert TextTooLong(bytes(value).length);
        _texts[_textsOf(node)][key] = value;
        emit TextChanged(node, key, key);
    }

    // -------------------------------------------------------------------------------------------- reverse, EIP-181

    /// The name that a wallet says it has, under namehash("<40 lower-case hex digits>.addr.reverse"). Whoever shows it must
    /// resolve it forward again.
    function name(bytes32 node) external view returns (string memory) {
        return _reverse[node];
    }

    /// Says which name the sender goes by; "" for none. Returns its reverse node.
    function setName(string calldata newName) external returns (bytes32 node) {
        if (bytes(newName).length > LABEL_BYTES_MAX + 6) revert TextTooLong(bytes(newName).length);
        node = reverseNodeOf(msg.sender);
        _reverse[node] = newName;
        emit NameChanged(node, newName);
    }

    function reverseNodeOf(address wallet) public pure returns (bytes32) {
        bytes memory digits = "0123456789abcdef";
        bytes memory hexText = new bytes(40);
        uint160 rest = uint160(wallet);
        for (uint256 i = 40; i > 0; --i) {
            hexText[i - 1] = digits[rest & 15];
            rest >>= 4;
        }
        return keccak256(abi.encodePacked(REVERSE_NODE, keccak256(hexText)));
    }

    // -------------------------------------------------------------------------------------------------- internals

    function _textsOf(bytes32 node) private view returns (bytes32) {
        return keccak256(abi.encodePacked(node, _records[node].owner));
    }

    function _requireOwner(bytes32 node) private view returns (Record memory record) {
        record = _records[node];
        if (record.owner == address(0) || record.owner != msg.sender) revert SenderIsNotOwner(record.owner);
    }

    /// Lower-case letters, digits and inner '-', so that no two names look alike by case, width or script, and none looks
    /// like a wallet: nothing that begins "0x", no "--".
    function _requireLabel(string memory label) private pure {
        bytes memory b = bytes(label);
        if (b.length < LABEL_BYTES_MIN || b.length > LABEL_BYTES_MAX) revert LabelRefused();
        bytes1 previous = "-";
        for (uint256 i = 0; i < b.length; ++i) {
            bytes1 ch = b[i];
            bool plain = (ch >= "a" && ch <= "z") || (ch >= "0" && ch <= "9");
            if (!plain && (ch != "-" || previous == "-")) revert LabelRefused();
            previous = ch;
        }
        if (previous == "-" || (b[0] == "0" && b[1] == "x")) revert LabelRefused();
    }
}
